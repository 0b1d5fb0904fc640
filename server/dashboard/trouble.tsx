import { hintOf } from '../../config/errors.js';
import type { DeadLine } from '../../ledger/dead.js';
import type { tallyReasons } from '../../ledger/read/views.js';
import { count } from '../../text/elapsed.js';
import { layoutHint } from '../../workers/monitoring/layout-change.js';
import type { SourceLine } from '../../workers/monitoring/source-report.js';
import { Ago, Do, Hint, Layout, Out, Rows, type Viewer } from './page.js';

type Tally = Awaited<ReturnType<typeof tallyReasons>>;

/** How well pages are read: what was not published in the last day and why, and outlets that seem to have changed. */
export function ExtractionPage(props: { viewer: Viewer; tally: Tally; lines: SourceLine[] }) {
  const { viewer, tally, lines } = props;
  const changed = lines.filter((l) => l.layout !== null);
  return (
    <Layout title="Extraction" viewer={viewer}>
      <h2>Outlets whose pages read worse than before</h2>
      {changed.length === 0 ? <p class="soft">None.</p> : null}
      <ul>
        {changed.map((l) => (
          <li>
            <strong>{l.source.name}</strong>: {l.layout} <Hint of={layoutHint(l.source.id)} />
          </li>
        ))}
      </ul>
      <h2>Not published in the last 24 hours</h2>
      {tally.length === 0 ? (
        <p class="soft">Everything that was found was published, or was known already.</p>
      ) : (
        <Rows heads={['Source', { n: 'Pages' }, 'Outcome', 'Code', 'The newest, and the hint']}>
          {tally.map((t) => (
            <tr>
              <th scope="row">{t.source}</th>
              <td class="n" data-head="Pages">
                {t.n}
              </td>
              <td data-head="Outcome" class={t.outcome === 'dead' ? 'bad' : undefined}>
                {t.outcome}
              </td>
              <td data-head="Code">{t.code}</td>
              <td class="text small">
                {t.example} <Hint of={hintOf(t.code)} />
              </td>
            </tr>
          ))}
        </Rows>
      )}
    </Layout>
  );
}

/** What failed for good, with another chance for each and for all that are shown. */
export function DeadPage({
  viewer,
  dead,
  source,
  most,
}: {
  viewer: Viewer;
  dead: DeadLine[];
  source: string | null;
  most: number;
}) {
  return (
    <Layout title={source === null ? 'Dead' : `Dead: ${source}`} viewer={viewer}>
      {source === null ? null : (
        <p>
          <a href="/dashboard/dead">Of all sources</a>
        </p>
      )}
      {dead.length === 0 ? (
        <p class="soft">Nothing is dead.</p>
      ) : (
        <div>
          {dead.length === most ? `The newest ${most}.` : `${count(dead.length, 'page')}.`} Another chance begins at the
          stage where it failed, with all its tries. Fix the cause first.{' '}
          <Do
            viewer={viewer}
            action="retryDead"
            subject={dead.map((d) => d.candidate).join(',')}
            name={`Retry these ${dead.length}`}
            about={`Retry these ${dead.length} pages`}
          />
        </div>
      )}
      <Rows heads={['Page', 'Source', 'Stage', 'Reason, and the hint', 'Since', 'Do']}>
        {dead.map((d) => (
          <tr>
            <td class="text">
              <Out url={d.url} text={d.title ?? d.url} />
            </td>
            <td data-head="Source">{d.source}</td>
            <td data-head="Stage">{d.sinks.length > 0 ? `${d.stage} to ${d.sinks.join(', ')}` : d.stage}</td>
            <td class="text small">
              <strong>{d.code}</strong> {d.deliveries[0]?.reason ?? d.reason} <Hint of={hintOf(d.code)} />
            </td>
            <td data-head="Since">
              <Ago at={d.since} now={viewer.now} />
            </td>
            <td>
              <Do
                viewer={viewer}
                action="retryDead"
                subject={String(d.candidate)}
                name="Retry"
                about={`Retry ${d.title ?? d.url}`}
              />
            </td>
          </tr>
        ))}
      </Rows>
    </Layout>
  );
}
