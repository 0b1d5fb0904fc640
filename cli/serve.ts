import type { Command } from 'commander';
import { readSetup, withPipeline } from './open.js';
import { running } from './scheduler.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

/** `sourcelink serve`: the HTTP API in a process of its own. */
export function serveCommand(program: Command, act: Act): void {
  program
    .command('serve')
    .description('Only serve the HTTP API, feeds and health checks. To run beside other processes it needs PostgreSQL.')
    .option('--json', 'print what was started as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink serve
  SOURCELINK_DATABASE_URL=postgres://… SOURCELINK_API_TOKEN=… sourcelink serve

It listens on \`http.host\` and \`http.port\` of sourcelink.yaml, even if \`http.enabled\` is false: that setting is for \`start\`.
Without SOURCELINK_API_TOKEN the API is read-only.`,
    )
    .action(act((terminal) => serve(terminal)));
}

async function serve(terminal: Terminal): Promise<ExitCode> {
  return withPipeline<ExitCode>(terminal, readSetup(terminal), 'info', async (opened) => {
    const { openHttp } = await import('../server/open.js');
    const http = await openHttp(opened.pipeline, { stages: [], token: opened.env.apiToken });
    try {
      await running(terminal, opened, [], { http });
      return 0;
    } finally {
      await http.close();
    }
  });
}
