import { hintOf } from '../../config/errors.js';
import { count, span } from '../../text/elapsed.js';
import { layoutHint } from '../../workers/monitoring/layout-change.js';
import type { SourceLine } from '../../workers/monitoring/source-report.js';
import type { SourceState } from '../../workers/monitoring/source-state.js';
import { Ago, Do, Hint, Layout, Out, percent, Rows, type Viewer } from './page.js';

/** What needs somebody first. */
const ORDER: SourceState[] = ['failing', 'blocked', 'moved', 'empty', 'late', 'new', 'paused', 'ok', 'off'];
const LOOK: Partial<Record<SourceState, string>> = {
  ok: 'good',
  failing: 'bad',
  blocked: 'bad',
  moved: 'warn',
  empty: 'warn',
  late: 'warn',
  paused: 'warn',
};
/** More on one page is slow to draw and to read. */
const MOST = 200;

export function SourcesPage({ viewer, lines, only }: { viewer: Viewer; lines: SourceLine[]; only: string | null }) {
  const states = ORDER.map((state) => ({ state, n: lines.filter((l) => l.standing.state === state).length }));
  const chosen = lines
    .filter((l) => only === null || l.standing.state === only)
    .sort(
      (a, b) =>
        ORDER.indexOf(a.standing.state) - ORDER.indexOf(b.standing.state) || (a.source.id < b.source.id ? -1 : 1),
    );
  const shown = chosen.slice(0, MOST);
  return (
    <Layout title="Sources" viewer={viewer}>
      <ul class="states">
        <li>
          <a href="/dashboard/sources">all {lines.length}</a>
        </li>
        {states
          .filter((s) => s.n > 0)
          .map((s) => (
            <li>
              <a href={`/dashboard/sources?state=${s.state}`}>
                {s.state} {s.n}
              </a>
            </li>
          ))}
      </ul>
      {shown.length < chosen.length ? (
        <p class="soft">
          The first {shown.length} of {count(chosen.length, 'source')}; choose a state to see others.
        </p>
      ) : null}
      <Rows
        heads={[
          'Source',
          'State',
          'Last article',
          { n: 'A day' },
          { n: 'Lag' },
          { n: 'Author' },
          { n: 'Date' },
          { n: 'Image' },
          { n: 'Words' },
          'Next visit',
          { n: 'Published' },
          { n: 'Dead' },
          'Do',
        ]}
      >
        {shown.map((line) => (
          <Row line={line} viewer={viewer} />
        ))}
      </Rows>
      <p class="small soft">
        Author, date, image and words are of a source's newest 20 articles: how many have the field, and the median
        length. Lag is the median from publication to discovery over a week.
      </p>
    </Layout>
  );
}

function Row({ line, viewer }: { line: SourceLine; viewer: Viewer }) {
  const { source: s, known, standing, layout } = line;
  const { view = null, rhythm = null } = known ?? {};
  const fill = known?.fills?.recent ?? null;
  const has = (share: number | undefined) => (share === undefined ? '' : percent(share));
  const reason = standing.state === 'ok' || standing.state === 'new' ? layout : (standing.reason ?? layout);
  const hint = layout !== null && reason === layout ? layoutHint(s.id) : (standing.hint ?? hintOf(view?.code ?? null));
  const paused = view?.paused ?? false;
  return (
    <>
      <tr>
        <th scope="row">
          <Out url={s.url} text={s.name} />
          <div class="small soft">{s.id}</div>
        </th>
        <td data-head="State" class={LOOK[standing.state]}>
          {standing.state}
        </td>
        <td data-head="Last article">
          <Ago at={rhythm?.lastArticleAt ?? null} now={viewer.now} />
        </td>
        <td class="n" data-head="A day">
          {rhythm?.perDay == null ? '' : rhythm.perDay.toFixed(1)}
        </td>
        <td class="n" data-head="Lag">
          {rhythm?.lagSeconds == null ? '' : span(rhythm.lagSeconds * 1000)}
        </td>
        <td class="n" data-head="Author">
          {has(fill?.authors)}
        </td>
        <td class="n" data-head="Date">
          {has(fill?.date)}
        </td>
        <td class="n" data-head="Image">
          {has(fill?.image)}
        </td>
        <td class="n" data-head="Words">
          {fill === null ? '' : Math.round(fill.words)}
        </td>
        <td data-head="Next visit">{nextOf(line, viewer.now)}</td>
        <td class="n" data-head="Published">
          {view?.published ?? 0}
        </td>
        <td class="n" data-head="Dead">
          {view && view.dead > 0 ? <a href={`/dashboard/dead?source=${s.id}`}>{view.dead}</a> : 0}
        </td>
        <td>
          {s.enabled && !paused ? (
            <Do viewer={viewer} action="visitSource" subject={s.id} name="Visit" about={`Visit ${s.name} now`} />
          ) : null}{' '}
          {view === null ? null : (
            <Do
              viewer={viewer}
              action={paused ? 'resumeSource' : 'pauseSource'}
              subject={s.id}
              name={paused ? 'Resume' : 'Pause'}
              about={`${paused ? 'Resume' : 'Pause'} ${s.name}`}
            />
          )}
        </td>
      </tr>
      {reason === null ? null : (
        <tr>
          <td colspan={13} class="text small">
            {reason} <Hint of={hint} />
          </td>
        </tr>
      )}
    </>
  );
}

function nextOf({ standing: { state, nextVisitAt }, known }: SourceLine, now: Date): string {
  if (nextVisitAt === null) return state === 'new' ? 'at once' : '';
  const ms = nextVisitAt.getTime() - now.getTime();
  const why = known?.view.nextVisitWhy;
  if (ms > 0) return `in ${span(ms)}${why ? `, by ${why}` : ''}`;
  return state === 'late' ? 'overdue' : 'due';
}
