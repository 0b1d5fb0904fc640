import { hintOf } from '../../config/errors.js';
import { span } from '../../text/elapsed.js';
import { type SinkLine, sinkState } from '../../workers/monitoring/sink-report.js';
import { ActionButton, DashboardPage, DataTable, Hint, TimeAgo, type Viewer } from './page.js';

export function DeliveriesPage({ viewer, sinks }: { viewer: Viewer; sinks: SinkLine[] }) {
  return (
    <DashboardPage title="Deliveries" viewer={viewer}>
      {sinks.length === 0 ? <p class="soft">No sink is configured, so articles are not delivered anywhere.</p> : null}
      <DataTable
        columns={[
          'Sink',
          'Type',
          'State',
          { n: 'Waiting' },
          { n: 'Lag' },
          { n: 'Dead' },
          'Last delivery',
          { unseen: 'Actions' },
        ]}
      >
        {sinks.map((s) => (
          <Row sink={s} viewer={viewer} />
        ))}
      </DataTable>
      <p class="small soft">While a sink is paused or down, its deliveries wait in order.</p>
    </DashboardPage>
  );
}

function Row({ sink: s, viewer }: { sink: SinkLine; viewer: Viewer }) {
  const state = sinkState(s);
  const action = s.paused ? 'resume' : 'pause';
  return (
    <>
      <tr>
        <th scope="row">{s.name}</th>
        <td data-head="Type">{s.type}</td>
        <td data-head="State" class={state === 'ok' ? 'good' : state === 'down' ? 'bad' : 'warn'}>
          {state}
        </td>
        <td class="n" data-head="Waiting">
          {s.waiting}
        </td>
        <td class={`n ${s.lagSeconds > 900 ? 'bad' : ''}`} data-head="Lag">
          {s.lagSeconds === 0 ? '-' : span(s.lagSeconds * 1000)}
        </td>
        <td class="n" data-head="Dead">
          {s.dead > 0 ? <a href="/dashboard/dead">{s.dead}</a> : 0}
        </td>
        <td data-head="Last delivery">
          <TimeAgo at={s.lastDeliveredAt} now={viewer.now} />
        </td>
        <td>
          <ActionButton
            viewer={viewer}
            action={`${action}Sink`}
            subject={s.name}
            name={s.paused ? 'Resume' : 'Pause'}
            about={`${s.paused ? 'Resume' : 'Pause'} deliveries to ${s.name}`}
          />
        </td>
      </tr>
      {s.reason === null ? null : (
        <tr>
          <td colspan={8} class="text small">
            <strong>{s.code}</strong> {s.reason}
            {s.nextTryAt === null
              ? null
              : `; next try in ${span(Math.max(0, s.nextTryAt.getTime() - viewer.now.getTime()))}. `}
            <Hint text={hintOf(s.code)} />
          </td>
        </tr>
      )}
    </>
  );
}
