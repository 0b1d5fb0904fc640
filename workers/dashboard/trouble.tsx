import { count } from '../../config/elapsed.js';
import { mendOf } from '../../config/errors.js';
import { layoutMend } from '../layout.js';
import type { DeadLine } from '../ledger/dead.js';
import type { tallyReasons } from '../ledger/views.js';
import type { SourceLine } from '../source-report.js';
import { Ago, Do, Layout, Mend, Out, type Viewer } from './layout.js';

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
            <strong>{l.source.name}</strong>: {l.layout} <Mend of={layoutMend(l.source.id)} />
          </li>
        ))}
      </ul>
      <h2>Not published in the last 24 hours</h2>
      {tally.length === 0 ? (
        <p class="soft">Everything that was found was published, or was known already.</p>
      ) : (
        <div class="wide">
          <table class="cards">
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col" class="n">
                  Pages
                </th>
                <th scope="col">Outcome</th>
                <th scope="col">Code</th>
                <th scope="col">The newest, and the mend</th>
              </tr>
            </thead>
            <tbody>
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
                    {t.example} <Mend of={mendOf(t.code)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
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
          stage where it failed, with all its tries. Mend the cause first.{' '}
          <Do
            viewer={viewer}
            action="retryDead"
            subject={dead.map((d) => d.candidate).join(',')}
            name={`Retry these ${dead.length}`}
            about={`Retry these ${dead.length} pages`}
          />
        </div>
      )}
      <div class="wide">
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Page</th>
              <th scope="col">Source</th>
              <th scope="col">Stage</th>
              <th scope="col">Reason, and the mend</th>
              <th scope="col">Since</th>
              <th scope="col">
                <span class="soft">Do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {dead.map((d) => (
              <tr>
                <td class="text">
                  <Out url={d.url} text={d.title ?? d.url} />
                </td>
                <td data-head="Source">{d.source}</td>
                <td data-head="Stage">{d.sinks.length > 0 ? `${d.stage} to ${d.sinks.join(', ')}` : d.stage}</td>
                <td class="text small">
                  <strong>{d.code}</strong> {d.deliveries[0]?.reason ?? d.reason} <Mend of={mendOf(d.code)} />
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
          </tbody>
        </table>
      </div>
    </Layout>
  );
}
