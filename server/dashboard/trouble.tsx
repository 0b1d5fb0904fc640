import { hintOf } from '../../config/errors.js';
import type { DeadLine } from '../../ledger/dead.js';
import type { tallyReasons } from '../../ledger/read/views.js';
import { count } from '../../text/elapsed.js';
import { layoutHint } from '../../workers/monitoring/layout-change.js';
import type { SourceLine } from '../../workers/monitoring/source-report.js';
import { ActionButton, DashboardPage, DataTable, ExternalLink, Hint, TimeAgo, type Viewer } from './page.js';

type Tally = Awaited<ReturnType<typeof tallyReasons>>;

/** Sources whose extraction got worse, and the pages that were not published in the last day, with reasons. */
export function ExtractionPage(props: { viewer: Viewer; tally: Tally; lines: SourceLine[] }) {
  const { viewer, tally, lines } = props;
  const changed = lines.filter((l) => l.layout !== null);
  return (
    <DashboardPage title="Extraction" viewer={viewer}>
      <h2>Sources whose extraction got worse</h2>
      {changed.length === 0 ? <p class="soft">None.</p> : null}
      <ul>
        {changed.map((l) => (
          <li>
            <strong>{l.source.name}</strong>: {l.layout} <Hint text={layoutHint(l.source.id)} />
          </li>
        ))}
      </ul>
      <h2>Not published in the last 24 hours</h2>
      {tally.length === 0 ? (
        <p class="soft">Everything that Sourcelink found was published or already known.</p>
      ) : (
        <DataTable columns={['Source', { n: 'Pages' }, 'Outcome', 'Code', 'Newest example and hint']}>
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
                {t.example} <Hint text={hintOf(t.code)} />
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </DashboardPage>
  );
}

/** The pages that failed for good, with buttons to retry one or all that are shown. */
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
    <DashboardPage title={source === null ? 'Dead pages' : `Dead pages of ${source}`} viewer={viewer}>
      {source === null ? null : (
        <p>
          <a href="/dashboard/dead">Show all sources</a>
        </p>
      )}
      {dead.length === 0 ? (
        <p class="soft">No page is dead.</p>
      ) : (
        <>
          <div>
            {dead.length === most ? `The newest ${most} pages.` : `${count(dead.length, 'page')}.`} Fix the cause before
            you retry. A retry starts at the stage that failed, and all tries are available again.{' '}
            <ActionButton
              viewer={viewer}
              action="retryDead"
              subject={dead.map((d) => d.candidate).join(',')}
              name={dead.length === 1 ? 'Retry this page' : `Retry these ${dead.length} pages`}
              about={dead.length === 1 ? 'Retry this page' : `Retry these ${dead.length} pages`}
            />
          </div>
          <DataTable columns={['Page', 'Source', 'Stage', 'Reason and hint', 'Since', { unseen: 'Actions' }]}>
            {dead.map((d) => (
              <tr>
                <td class="text">
                  <ExternalLink url={d.url} text={d.title ?? d.url} />
                </td>
                <td data-head="Source">{d.source}</td>
                <td data-head="Stage">{d.sinks.length > 0 ? `${d.stage} to ${d.sinks.join(', ')}` : d.stage}</td>
                <td class="text small">
                  <strong>{d.code}</strong> {d.deliveries[0]?.reason ?? d.reason} <Hint text={hintOf(d.code)} />
                </td>
                <td data-head="Since">
                  <TimeAgo at={d.since} now={viewer.now} />
                </td>
                <td>
                  <ActionButton
                    viewer={viewer}
                    action="retryDead"
                    subject={String(d.candidate)}
                    name="Retry"
                    about={`Retry ${d.title ?? d.url}`}
                  />
                </td>
              </tr>
            ))}
          </DataTable>
        </>
      )}
    </DashboardPage>
  );
}
