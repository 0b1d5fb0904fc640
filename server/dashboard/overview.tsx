import type { AlertLine } from '../../ledger/alerts.js';
import type { LedgerGauges } from '../../ledger/read/gauges.js';
import type { Hour } from '../../ledger/read/plots.js';
import { STAGES } from '../../ledger/schema.js';
import type { SinkView } from '../../ledger/sinks.js';
import { count, span } from '../../text/elapsed.js';
import type { QueueCounts } from '../../workers/monitoring/ledger-gauges.js';
import { DashboardPage, DataTable, TimeAgo, type Viewer } from './page.js';
import { ArticlesPlot, LagPlot } from './plot.js';

export type Overview = {
  gauges: LedgerGauges;
  hours: Hour[];
  queues: QueueCounts[];
  sinks: SinkView[];
  alerts: AlertLine[];
};

const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);

export function OverviewPage({ viewer, of }: { viewer: Viewer; of: Overview }) {
  const { gauges, hours, sinks } = of;
  const inState = (...states: string[]) => sum(gauges.sources.filter((s) => states.includes(s.state)).map((s) => s.n));
  const troubled = inState('failing', 'blocked', 'moved', 'empty');
  const waiting = sum(gauges.waiting.map((w) => w.n));
  const oldest = Math.max(0, ...gauges.waiting.map((w) => w.oldestSeconds));
  const dead = sum(gauges.dead.map((d) => d.n));
  const lag = Math.max(0, ...sinks.map((s) => s.lagSeconds));
  const day = sum(hours.slice(-24).map((h) => h.articles));
  return (
    <DashboardPage title="Overview" viewer={viewer}>
      <dl class="tiles">
        <Tile name="Articles in 24 hours" value={String(day)} more={`${hours.at(-1)?.articles ?? 0} this hour`} />
        <Tile
          name="Sources"
          value={String(sum(gauges.sources.map((s) => s.n)))}
          more={troubled === 0 ? 'none needs attention' : `${troubled} ${troubled === 1 ? 'needs' : 'need'} attention`}
          state={troubled === 0 ? null : 'warn'}
        />
        <Tile
          name="Last visit"
          value={gauges.lastVisitSeconds === null ? 'never' : `${span(gauges.lastVisitSeconds * 1000)} ago`}
          more={gauges.overdueSeconds > 60 ? `one is ${span(gauges.overdueSeconds * 1000)} overdue` : 'none overdue'}
          state={gauges.overdueSeconds > 3600 ? 'bad' : null}
        />
        <Tile
          name="Pages waiting"
          value={String(waiting)}
          more={
            waiting === 0 ? 'all done' : oldest > 60 ? `longest wait ${span(oldest * 1000)}` : 'under a minute each'
          }
          state={oldest > 1800 ? 'bad' : null}
        />
        <Tile name="Dead pages" value={String(dead)} more="failed for good" state={dead > 0 ? 'warn' : null} />
        <Tile
          name="Delivery lag"
          value={lag === 0 ? 'none' : span(lag * 1000)}
          more={`${count(sum(sinks.map((s) => s.waiting)), 'delivery', 'deliveries')} waiting`}
          state={lag > 900 ? 'bad' : null}
        />
      </dl>
      <h2>Last two days</h2>
      <div class="plots">
        <figure>
          <figcaption>Articles per hour</figcaption>
          <ArticlesPlot hours={hours} />
        </figure>
        <figure>
          <figcaption>Median lag from publication to discovery</figcaption>
          <LagPlot hours={hours} />
        </figure>
      </div>
      <Stages gauges={gauges} />
      <Queues queues={of.queues} />
      <Alerts alerts={of.alerts} now={viewer.now} />
    </DashboardPage>
  );
}

function Tile(props: { name: string; value: string; more: string; state?: 'warn' | 'bad' | null }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class={props.state ?? undefined}>
        {props.value}
        <small>{props.more}</small>
      </dd>
    </div>
  );
}

function Stages({ gauges }: { gauges: LedgerGauges }) {
  return (
    <>
      <h2>Pages waiting at each stage</h2>
      <DataTable columns={['Stage', { n: 'New pages' }, { n: 'Archive pages' }, { n: 'Longest wait' }, { n: 'Dead' }]}>
        {STAGES.map((stage) => {
          const here = gauges.waiting.filter((w) => w.stage === stage);
          const of = (lane: string) => here.find((w) => w.lane === lane)?.n ?? 0;
          const oldest = Math.max(0, ...here.map((w) => w.oldestSeconds));
          return (
            <tr>
              <th scope="row">{stage}</th>
              <td class="n" data-head="New pages">
                {of('fresh')}
              </td>
              <td class="n" data-head="Archive pages">
                {of('backfill')}
              </td>
              <td class={`n ${oldest > 1800 ? 'bad' : ''}`} data-head="Longest wait">
                {oldest === 0 ? '-' : span(oldest * 1000)}
              </td>
              <td class="n" data-head="Dead">
                {gauges.dead.find((d) => d.stage === stage)?.n ?? 0}
              </td>
            </tr>
          );
        })}
      </DataTable>
    </>
  );
}

function Queues({ queues }: { queues: QueueCounts[] }) {
  return (
    <>
      <h2>Queues</h2>
      <p class="small soft">
        Jobs only announce work. The work itself is recorded in the ledger, so a failed job loses nothing.
      </p>
      <DataTable columns={['Queue', { n: 'Waiting' }, { n: 'Active' }, { n: 'Delayed' }, { n: 'Failed' }]}>
        {queues.map((q) => (
          <tr>
            <th scope="row">{q.queue}</th>
            {(['waiting', 'active', 'delayed', 'failed'] as const).map((state) => (
              <td class="n" data-head={`${state.charAt(0).toUpperCase()}${state.slice(1)}`}>
                {q[state]}
              </td>
            ))}
          </tr>
        ))}
      </DataTable>
    </>
  );
}

function Alerts({ alerts, now }: { alerts: AlertLine[]; now: Date }) {
  return (
    <>
      <h2>Alerts</h2>
      {alerts.length === 0 ? <p class="soft">No alert has been raised.</p> : null}
      <ul>
        {alerts.map((a) => (
          <li>
            <strong>{a.title ?? a.name}</strong> ({a.topic}): {a.was} → {a.state}, <TimeAgo at={a.at} now={now} />.{' '}
            <span class="soft">{a.reason}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
