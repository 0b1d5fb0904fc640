import type { Command } from 'commander';
import { SourcelinkError } from '../config/errors.js';
import type { QueueName } from '../workers/queues.js';
import { portNumber } from './arguments.js';
import { readSetup, withPipeline } from './open.js';
import { needsServer, running, watched } from './scheduler.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

/** Named here so that `--help` opens no queue library. */
export const STAGES = [
  'crawl',
  'backfill',
  'extract',
  'dedupe',
  'categorize',
  'publish',
] as const satisfies readonly QueueName[];

/** How often rows that nothing drives are looked for, in milliseconds. */
const WATCH_MS = 5000;

/** `sourcelink worker`: some of the stages, on as many machines as wanted. */
export function workerCommand(program: Command, act: Act): void {
  program
    .command('worker')
    .description('Work on one or more stages. Start as many workers as you like. Needs PostgreSQL.')
    .option('--stages <list>', `stages, separated by commas: ${STAGES.join(', ')}`, STAGES.join(','))
    .option('--metrics-port <port>', 'serve /metrics, /healthz and /readyz on this port', portNumber)
    .option('--json', 'print what was started as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink worker
  sourcelink worker --stages extract,dedupe
  sourcelink worker --metrics-port 9464`,
    )
    .action(
      act((terminal, options: { stages: string; metricsPort?: number }) =>
        work(terminal, readStages(options.stages), options.metricsPort),
      ),
    );
}

function readStages(text: string): QueueName[] {
  const names = text.split(',').flatMap((s) => s.trim() || []);
  const wrong = names.filter((n) => !STAGES.some((q) => q === n));
  if (wrong.length > 0 || names.length === 0)
    throw new SourcelinkError(
      'USAGE',
      `--stages ${text}: ${wrong[0] ? `\`${wrong[0]}\` is not a stage` : 'no stage is named'}.`,
      {
        hint: `Choose from: ${STAGES.join(', ')}.`,
      },
    );
  return STAGES.filter((q) => names.includes(q));
}

async function work(terminal: Terminal, stages: QueueName[], port: number | undefined): Promise<ExitCode> {
  needsServer(terminal, 'worker');
  return withPipeline<ExitCode>(terminal, readSetup(terminal), 'info', async (opened) => {
    await watched(opened, { stages, port, installation: false }, async (metrics) => {
      opened.pipeline.work(stages);
      opened.pipeline.watch(WATCH_MS);
      await running(terminal, opened, stages, { metrics });
    });
    return 0;
  });
}
