import type { Command } from 'commander';
import { messageOf, SourcelinkError } from '../config/errors.js';
import type { Pipeline } from '../workers/main.js';
import { portNumber } from './arguments.js';
import { type Opened, readSetup, withPipeline } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** How often the ledger is asked which visits are due, in milliseconds. */
const PLAN_MS = 5000;
/** How often rows that nothing drives are looked for, in milliseconds. */
const WATCH_MS = 5000;
/** How often subscriptions to hubs are brought in line with what feeds say. */
const SUBSCRIBE_MS = 60_000;
const TIDY_MS = 3_600_000;

/** `sourcelink scheduler`: visits in time, and jobs for rows that nothing drives. */
export function schedulerCommand(program: Command, act: Act): void {
  program
    .command('scheduler')
    .description('Only schedule visits and maintain the queues; `sourcelink worker` does the work. Needs PostgreSQL.')
    .option('--metrics-port <port>', 'serve /metrics, /healthz and /readyz on this port', portNumber)
    .option('--json', 'print what was started as one JSON object')
    .addHelpText(
      'after',
      `
Example, beside any number of workers:
  SOURCELINK_DATABASE_URL=postgres://… SOURCELINK_QUEUE_URL=redis://… sourcelink scheduler`,
    )
    .action(act((terminal, options: { metricsPort?: number }) => scheduler(terminal, options.metricsPort)));
}

async function scheduler(terminal: Terminal, port: number | undefined): Promise<ExitCode> {
  needsServer(terminal, 'scheduler');
  return withPipeline<ExitCode>(terminal, readSetup(terminal), 'info', async (opened) => {
    await watched(opened, { stages: [], port, installation: true }, async (metrics) => {
      const planned = await keepSchedule(opened.pipeline);
      await running(terminal, opened, [], { planned: planned.scheduled, metrics }).finally(planned.end);
    });
    return 0;
  });
}

/** Does the work with the server for metrics open beside it, where one is wanted. @throws HTTP_ADDRESS */
export async function watched(
  { pipeline, env, config }: Opened,
  options: { stages: readonly string[]; port: number | undefined; installation: boolean },
  work: (metrics: { url: string } | null) => Promise<void>,
): Promise<void> {
  const port = options.port ?? config.settings.metrics.port;
  if (port === null) return work(null);
  const { openMetrics } = await import('../server/open.js');
  const server = await openMetrics(pipeline, { ...options, port, token: env.apiToken });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

/** @throws CONFIG_ENV without a database that several processes can share */
export function needsServer(terminal: Terminal, command: string): void {
  if (terminal.env['SOURCELINK_DATABASE_URL']) return;
  throw new SourcelinkError('CONFIG_ENV', `\`sourcelink ${command}\` shares its ledger with other processes.`, {
    hint: 'Set SOURCELINK_DATABASE_URL to a PostgreSQL database. Without one, use `sourcelink start`, which runs everything in one process.',
  });
}

/** Plans the visits, watches for rows that nothing drives, sends alerts and clears what is old, until it is ended. */
export async function keepSchedule(pipeline: Pipeline): Promise<{ scheduled: number; end(): Promise<void> }> {
  const [{ alignPlans, askDue }, { keepSubscriptions }, { tidy }] = await Promise.all([
    import('../workers/planning/planner.js'),
    import('../server/websub/keep.js'),
    import('../workers/reconcile.js'),
  ]);
  const { ctx } = pipeline;
  const scheduled = await alignPlans(ctx);
  await askDue(ctx);
  pipeline.watch(WATCH_MS);
  pipeline.tell(WATCH_MS);
  let under: Promise<unknown> = Promise.resolve();
  const again = (ms: number, what: string, task: () => Promise<unknown>) =>
    setInterval(() => {
      under = under
        .then(task)
        .catch((error) => ctx.log.warn({ err: messageOf(error) }, `${what} failed and will be tried again`));
    }, ms);
  const { url } = ctx.settings.http;
  const subscribe = async () => (url === null ? undefined : keepSubscriptions(ctx, url));
  const timers = [
    again(SUBSCRIBE_MS, 'asking hubs', subscribe),
    again(PLAN_MS, 'asking for the visits that are due', () => askDue(ctx)),
    again(TIDY_MS, 'clearing what is old', () => tidy(ctx, pipeline.ledger)),
  ];
  return {
    scheduled,
    async end() {
      for (const t of timers) clearInterval(t);
      await under;
    },
  };
}

/** Says what runs in this process, and waits for the signal to end. @throws LEDGER_MIGRATION when the ledger was changed under it */
export async function running(
  terminal: Terminal,
  { env, pipeline, config }: Opened,
  stages: readonly string[],
  also: {
    planned?: number;
    site?: { url: string; mail: string | null } | null;
    http?: { url: string } | null;
    metrics?: { url: string } | null;
  },
): Promise<void> {
  const { ctx, ledger } = pipeline;
  const queue = ctx.queues.kind === 'redis' ? 'Redis' : env.queueUrl === null ? "the ledger's database" : 'PostgreSQL';
  const sinks = [...ctx.sinks.keys()];
  const facts = {
    ledger: ledger.kind === 'pglite' ? `PGlite in ${env.dataDir}` : 'PostgreSQL',
    queue,
    stages: stages.join(', '),
    sinks: sinks.join(', '),
    sources: count(config.sources.length, 'source'),
    planned: also.planned === undefined ? null : count(also.planned, 'source'),
    site: also.site?.url ?? null,
    mail: also.site?.mail ?? null,
    http: also.http?.url ?? null,
    metrics: also.metrics ? `${also.metrics.url}/metrics` : null,
    browser: ctx.browser === null ? 'none: pages whose text is added by scripts are left out' : 'ready',
  };
  terminal.result({
    ...facts,
    stages,
    sinks,
    sources: config.sources.length,
    planned: also.planned ?? null,
    pid: process.pid,
  });
  terminal.print(terminal.style('bold', 'Sourcelink is running.'));
  terminal.facts(Object.entries(facts));
  terminal.print('Press Ctrl-C (SIGINT) or send SIGTERM to stop it cleanly.');
  const end = AbortSignal.any([terminal.signal, pipeline.outdated]);
  await new Promise<void>((done) => {
    if (end.aborted) done();
    else end.addEventListener('abort', () => done(), { once: true });
  });
  ctx.log.info('stopping: work in progress is finished or returned to the queue');
  if (pipeline.outdated.aborted) throw pipeline.outdated.reason;
}
