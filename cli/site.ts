import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { SourcelinkError } from '../config/errors.js';
import { portNumber } from './arguments.js';
import { canAsk } from './confirm.js';
import { readSetup, withPipeline } from './open.js';
import { running } from './scheduler.js';
import { openSiteBeside } from './site-open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

type Where = { host?: string; port?: number };

/** `sourcelink site`: the reference site in a process of its own; `site password` makes what site.yaml keeps of one. */
export function siteCommand(program: Command, act: Act): void {
  const site = program
    .command('site')
    .description(
      'Only serve the reference site, which consumes the queue `articles`. To run beside other processes it needs PostgreSQL.',
    )
    .option('--host <address>', 'address to listen on, instead of `site.host`')
    .option('--port <number>', 'port to listen on, instead of `site.port`', portNumber)
    .option('--json', 'print what was started as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink site
  SOURCELINK_DATABASE_URL=postgres://… SOURCELINK_QUEUE_URL=redis://… sourcelink site --host 0.0.0.0
  sourcelink site password

It starts even if \`site.enabled\` is false: that setting is for \`start\`. Any number of these processes share the
articles; what one receives, the others show within about a second.`,
    )
    .action(act((terminal, where: Where) => serveSite(terminal, where)));
  site
    .command('password')
    .description('Ask for a password and print its hash (scrypt) for `editors` of site.yaml. Nothing is stored.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  sourcelink site password\n  pass show desk | sourcelink site password')
    .action(act((terminal) => password(terminal)));
}

async function serveSite(terminal: Terminal, where: Where): Promise<ExitCode> {
  return withPipeline<ExitCode>(terminal, readSetup(terminal), 'info', async (opened) => {
    const { pipeline, env, config } = opened;
    const { host, port, url } = config.settings.site;
    const site = await openSiteBeside(pipeline, {
      configDir: config.folder,
      dataDir: env.dataDir,
      deskPassword: env.deskPassword,
      smtpUrl: env.smtpUrl,
      host: where.host ?? host,
      port: where.port ?? port,
      publicUrl: url,
    });
    try {
      await running(terminal, opened, [], { site });
      return 0;
    } finally {
      await site.close();
    }
  });
}

async function password(terminal: Terminal): Promise<ExitCode> {
  const { hashOf, SHORTEST_PASSWORD } = await import('../site/password.js');
  const text = await readSecret(terminal, 'Password: ');
  if (text.length < SHORTEST_PASSWORD)
    throw new SourcelinkError('USAGE', `The password has only ${text.length} characters.`, {
      hint: `Choose one with at least ${SHORTEST_PASSWORD} characters.`,
    });
  const hash = await hashOf(text);
  terminal.result({ password: hash });
  terminal.print(hash);
  return 0;
}

/** One line of standard input; not shown while a person types it. */
async function readSecret(terminal: Terminal, question: string): Promise<string> {
  const asked = canAsk(terminal);
  if (asked) process.stderr.write(question);
  const nothing = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: asked ? nothing : undefined, terminal: asked });
  const stop = (): void => lines.close();
  lines.once('SIGINT', stop);
  terminal.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    terminal.signal.removeEventListener('abort', stop);
    lines.close();
    if (asked) process.stderr.write('\n');
  }
}
