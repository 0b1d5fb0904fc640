import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { messageOf, SourcelinkError } from '../config/errors.js';
import type { Alert } from '../ledger/alerts.js';
import { wholeNumber } from './arguments.js';
import { loggerFor, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { ago } from './wording.js';

/** `sourcelink alerts`: alerts about sources and sinks, and a test of their delivery. */
export function alertsCommand(program: Command, act: Act): void {
  const alerts = program
    .command('alerts')
    .description('Show the alerts sent about sources and sinks, and test their delivery.');
  alerts
    .command('list')
    .description('List the newest alerts and where each was sent.')
    .option('-n, --limit <number>', 'show at most this many', wholeNumber, 50)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink alerts list')
    .action(act((terminal, options: { limit: number }) => list(terminal, options.limit)));
  alerts
    .command('test')
    .description('Send a test alert to each channel of sourcelink.yaml and report whether it was accepted.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink alerts test\n\nExits with 1 if a channel did not accept the alert.')
    .action(act((terminal) => test(terminal)));
}

async function list(terminal: Terminal, limit: number): Promise<ExitCode> {
  const [{ listAlerts }, { wordingOf }] = await Promise.all([
    import('../ledger/alerts.js'),
    import('../workers/monitoring/alerts/wording.js'),
  ]);
  const rows = await withExistingLedger(terminal, readEnv(terminal.env), [], (db) => listAlerts(db, limit));
  terminal.result({ alerts: rows.map((r) => ({ ...r, text: textOf(wordingOf(r)) })) });
  if (rows.length === 0) terminal.print('No alerts yet: no source or sink has changed its state for long enough.');
  const now = new Date();
  for (const row of rows) {
    const { headline, lines } = wordingOf(row);
    const style = row.state === 'ok' ? 'green' : 'yellow';
    terminal.print(`${terminal.style(style, headline)}  ${terminal.style('dim', ago(row.at, now))}`);
    for (const line of lines) terminal.hanging('  ', line);
    for (const { channel, reason, gaveUp } of row.waiting)
      terminal.hanging(
        '  ',
        `${channel}: ${gaveUp ? 'given up' : 'not sent yet'}${reason === null ? '' : `: ${reason}`}`,
      );
  }
  return 0;
}

async function test(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const { openChannels } = await import('../workers/monitoring/alerts/open.js');
  const channels = [...openChannels(config.settings, loggerFor(terminal, env, 'warn')).values()];
  const now = new Date();
  const alert: Alert = {
    id: randomUUID(),
    kind: 'source',
    name: 'test',
    title: 'Test alert',
    topic: 'visits',
    was: 'ok',
    wasSince: null,
    state: 'failing',
    since: now,
    at: now,
    code: null,
    reason: 'This alert was sent by `sourcelink alerts test`; nothing is wrong.',
    hint: 'You need not do anything.',
  };
  const results: { channel: string; error: string | null; hint: string | null }[] = [];
  for (const channel of channels) {
    const [error = null] = await terminal.while(`Sending to ${channel.name} …`, () => channel.send([alert]));
    const hint = error instanceof SourcelinkError ? (error.hint ?? null) : null;
    results.push({ channel: channel.name, error: error && messageOf(error), hint: error && hint });
    await channel.close();
  }
  const ok = results.every((r) => r.error === null);
  terminal.result({ ok, channels: results });
  for (const { channel, error, hint } of results)
    if (error === null) terminal.print(`${terminal.style('green', '✓')} ${channel}`);
    else terminal.item(`${channel}: ${error}`, hint);
  if (results.length === 1)
    terminal.print(
      'Alerts are only logged. To receive them, add a webhook or e-mail under `alerts:` in sourcelink.yaml.',
    );
  return ok ? 0 : 1;
}

const textOf = (wording: { headline: string; lines: string[] }): string =>
  [wording.headline, ...wording.lines].join('\n');
