import { hintOf } from '../../config/errors.js';
import { count, span } from '../../text/elapsed.js';
import { layoutHint } from '../../workers/monitoring/layout-change.js';
import type { SourceLine } from '../../workers/monitoring/source-report.js';
import type { SourceState } from '../../workers/monitoring/source-state.js';
import { ActionButton, DashboardPage, DataTable, ExternalLink, Hint, percent, TimeAgo, type Viewer } from './page.js';

/** States that need a person come first. */
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
/** Sources on one page. A longer page is slow to load and to read. */
const MAX_SHOWN = 200;

export function SourcesPage({ viewer, lines, only }: { viewer: Viewer; lines: SourceLine[]; only: string | null }) {
  const states = ORDER.map((state) => ({ state, n: lines.filter((l) => l.standing.state === state).length }));
  const chosen = lines
    .filter((l) => only === null || l.standing.state === only)
    .sort(
      (a, b) =>
        ORDER.indexOf(a.standing.state) - ORDER.indexOf(b.standing.state) || (a.source.id < b.source.id ? -1 : 1),
    );
  const shown = chosen.slice(0, MAX_SHOWN);
  return (
    <DashboardPage title="Sources" viewer={viewer}>
      <ul class="states">
        <li>
          <a href="/dashboard/sources">All {lines.length}</a>
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
          Showing {shown.length} of {count(chosen.length, 'source')}. Choose a state to see the others.
        </p>
      ) : null}
      <DataTable
        columns={[
          'Source',
          'State',
          'Last article',
          { n: 'Per day' },
          { n: 'Lag' },
          { n: 'Author' },
          { n: 'Date' },
          { n: 'Image' },
          { n: 'Words' },
          'Next visit',
          { n: 'Published' },
          { n: 'Dead' },
          { unseen: 'Actions' },
        ]}
      >
        {shown.map((line) => (
          <Row line={line} viewer={viewer} />
        ))}
      </DataTable>
      <p class="small soft">
        Author, Date and Image show how many of a source's newest 20 articles have that field; Words is their median
        length. Lag is the median time from publication to discovery in the past week.
      </p>
    </DashboardPage>
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
        <th scope="row" class="name">
          <ExternalLink url={s.url} text={s.name} />
          <div class="small soft">{s.id}</div>
        </th>
        <td data-head="State" class={LOOK[standing.state]}>
          {standing.state}
        </td>
        <td data-head="Last article">
          <TimeAgo at={rhythm?.lastArticleAt ?? null} now={viewer.now} />
        </td>
        <td class="n" data-head="Per day">
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
        <td data-head="Next visit">
          <NextVisit line={line} now={viewer.now} />
        </td>
        <td class="n" data-head="Published">
          {view?.published ?? 0}
        </td>
        <td class="n" data-head="Dead">
          {view && view.dead > 0 ? <a href={`/dashboard/dead?source=${s.id}`}>{view.dead}</a> : 0}
        </td>
        <td class="actions">
          {s.enabled && !paused ? (
            <ActionButton
              viewer={viewer}
              action="visitSource"
              subject={s.id}
              name="Visit"
              about={`Visit ${s.name} now`}
            />
          ) : null}{' '}
          {view === null ? null : (
            <ActionButton
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
            {reason} <Hint text={hint} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What set the time of the next visit, by its name in the ledger. */
const SET_BY: Record<string, string> = {
  every: 'fixed interval',
  cron: 'cron',
  rhythm: 'learned rhythm',
  publisher: "publisher's limit",
  hub: 'hub subscription',
  failures: 'after failures',
  'retry-after': 'Retry-After',
};

function NextVisit({ line, now }: { line: SourceLine; now: Date }) {
  const { state, nextVisitAt } = line.standing;
  if (nextVisitAt === null) return <>{state === 'new' ? 'immediately' : ''}</>;
  const ms = nextVisitAt.getTime() - now.getTime();
  if (ms <= 0) return <>{state === 'late' ? 'overdue' : 'due'}</>;
  const why = line.known?.view.nextVisitWhy;
  return (
    <>
      in {span(ms)}
      {why ? <div class="small soft">{SET_BY[why] ?? why}</div> : null}
    </>
  );
}
