import type { Command } from 'commander';
import { readSetup, withPipeline } from './open.js';
import { keepSchedule, running } from './scheduler.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { STAGES } from './worker.js';

/** `sourcelink start`: scheduler and workers in one process. */
export function startCommand(program: Command, act: Act): void {
  program
    .command('start')
    .description('Run everything in this process: the scheduler and workers for all stages.')
    .option('--json', 'say what runs as one object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink start
  SOURCELINK_LOG_LEVEL=debug sourcelink start

Add processes with \`sourcelink worker\` once the ledger is on PostgreSQL.`,
    )
    .action(act((terminal) => start(terminal)));
}

async function start(terminal: Terminal): Promise<ExitCode> {
  return withPipeline<ExitCode>(terminal, readSetup(terminal), 'info', async (opened) => {
    opened.pipeline.work(STAGES);
    const planned = await keepSchedule(opened.pipeline);
    await running(terminal, opened, STAGES, planned.scheduled);
    await planned.end();
    return 0;
  });
}
