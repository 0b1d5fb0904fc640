import type { Command } from 'commander';
import type { HttpServer } from '../server/http/server.js';
import { type Opened, readSetup, withPipeline } from './open.js';
import { keepSchedule, running } from './scheduler.js';
import { type OpenedSite, openSiteBeside } from './site-open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { STAGES } from './worker.js';

/** `sourcelink start`: scheduler and workers in one process. */
export function startCommand(program: Command, act: Act): void {
  program
    .command('start')
    .description(
      'Run everything in one process: scheduler, workers for all stages, and the site and HTTP API if enabled.',
    )
    .option('--json', 'print what was started as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink start
  SOURCELINK_LOG_LEVEL=debug sourcelink start

Set \`site.enabled\` or \`http.enabled\` in sourcelink.yaml to also serve the site or the HTTP API. With PostgreSQL, \`sourcelink worker\` adds further processes.`,
    )
    .action(act((terminal) => start(terminal)));
}

async function start(terminal: Terminal): Promise<ExitCode> {
  return withPipeline<ExitCode>(terminal, readSetup(terminal), 'info', async (opened) => {
    const site = await siteOf(opened);
    try {
      const http = await httpOf(opened);
      try {
        opened.pipeline.work(STAGES);
        const planned = await keepSchedule(opened.pipeline);
        await running(terminal, opened, STAGES, { planned: planned.scheduled, site, http }).finally(planned.end);
        return 0;
      } finally {
        await http?.close();
      }
    } finally {
      await site?.close();
    }
  });
}

/** The HTTP server when it is switched on, else null. */
async function httpOf({ pipeline, env, config }: Opened): Promise<HttpServer | null> {
  if (!config.settings.http.enabled) return null;
  const { openHttp } = await import('../server/open.js');
  return openHttp(pipeline, { stages: STAGES, token: env.apiToken });
}

/** The site when it is switched on, else null. */
async function siteOf({ pipeline, env, config }: Opened): Promise<OpenedSite | null> {
  const { enabled, host, port, url } = config.settings.site;
  if (!enabled) return null;
  return openSiteBeside(pipeline, {
    configDir: config.folder,
    dataDir: env.dataDir,
    deskPassword: env.deskPassword,
    smtpUrl: env.smtpUrl,
    host,
    port,
    publicUrl: url,
  });
}
