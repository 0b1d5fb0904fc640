import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { type Config, loadConfig } from '../config/load.js';
import type { DemoOutlets } from '../demo/server.js';
import type { Pipeline } from '../workers/main.js';
import type { PassSummary } from '../workers/pass.js';
import { type DemoEnd, showDemo } from './demo-story.js';
import { loggerFor } from './open.js';
import { pass, watched } from './run.js';
import { openSiteBeside } from './site-open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** `sourcelink demo`: the whole pipeline at work, on this machine only. */
export function demoCommand(program: Command, act: Act): void {
  program
    .command('demo')
    .description(
      'Watch the whole pipeline at work: two passes over fictional outlets on this machine. It needs no network.',
    )
    .option('--once', 'exit when everything is published, instead of staying open until Ctrl-C')
    .option('--keep', "keep the demo's folder with its ledger and feed.json on exit")
    .option('--json', 'print the results as one JSON object')
    .addHelpText('after', '\nExamples:\n  sourcelink demo\n  sourcelink demo --once')
    .action(act((terminal, options: Options) => demo(terminal, options)));
}

type Options = { once?: boolean; keep?: boolean };

async function demo(terminal: Terminal, options: Options): Promise<ExitCode> {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-demo-'));
  try {
    return await demoIn(terminal, folder, options);
  } finally {
    if (options.keep) terminal.note(`Kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

async function demoIn(terminal: Terminal, folder: string, options: Options): Promise<ExitCode> {
  const { startDemoOutlets } = await import('../demo/server.js');
  const env = readEnv(terminal.env);
  const outlets = await startDemoOutlets();
  let pipeline: Pipeline | null = null;
  try {
    terminal.note(`${count(outlets.outlets.length, 'fictional outlet')} opened on 127.0.0.1.`);
    const config = writeConfig(folder, outlets);
    const dataDir = join(folder, 'data');
    const log = loggerFor(terminal, env, 'error');
    const open = async () => {
      const { openPipeline } = await import('../workers/main.js');
      // Whatever the environment says, a demo touches nobody's database.
      return openPipeline({ ...config, databaseUrl: null, queueUrl: null, dataDir, browser: env.browser, log });
    };
    pipeline = await terminal.while('Creating a ledger (PGlite), which takes a few seconds …', open, true);
    const ids = config.sources.map((s) => s.id);
    const first = await pass(terminal, pipeline, ids);
    if (terminal.signal.aborted) return 1;
    terminal.note(
      'The first pass is done. One outlet now corrects an article, and the second pass should find only that change.',
    );
    const corrected = outlets.correct();
    const second = await passAgain(terminal, pipeline, ids);
    if (terminal.signal.aborted) return 1;
    const end: DemoEnd = {
      outlets,
      first,
      second,
      corrected,
      feed: join(dataDir, 'feed.json'),
      stays: !options.once || options.keep === true,
      browser: pipeline.ctx.browser !== null,
    };
    const whole = await showDemo(terminal, pipeline, end);
    if (!options.once) await stayOpen(terminal, pipeline, end, { configDir: config.folder, dataDir });
    return whole ? 0 : 1;
  } finally {
    await pipeline?.close();
    await outlets.close();
  }
}

/** The workers of the first pass still run: only the visits are asked for again. */
async function passAgain(terminal: Terminal, pipeline: Pipeline, sources: string[]): Promise<PassSummary> {
  const { runPass } = await import('../workers/pass.js');
  return watched(terminal, (onProgress) => runPass(pipeline.ctx, { sources, signal: terminal.signal, onProgress }));
}

/** The configuration as an operator would write it, read the same way. */
function writeConfig(folder: string, outlets: DemoOutlets): Config {
  const configDir = join(folder, 'config');
  mkdirSync(configDir);
  writeFileSync(join(configDir, 'sources.yaml'), outlets.sourcesYaml());
  const settings = [
    'userAgent: Sourcelink-demo/1 (+http://127.0.0.1/; on this machine only)',
    '# A page may wait for a thread to load on a busy machine; none of these outlets has a hostile one.',
    'extract: { deadline: 60s }',
    `fetch: { allowHosts: ${JSON.stringify(outlets.allowHosts)}, retryDelay: 200ms, attempts: 2 }`,
    'site: { name: Sourcelink demo }',
  ];
  writeFileSync(
    join(configDir, 'site.yaml'),
    'tagline: Invented news from invented outlets\ncomments: true\nnewsletter: { from: Sourcelink demo <demo@demo.example> }\n',
  );
  writeFileSync(join(configDir, 'sourcelink.yaml'), `${settings.join('\n')}\n`);
  return loadConfig({ configDir }, {});
}

/** Opens the site on what was published and keeps it open for a look, with the outlets, until the signal to end. */
async function stayOpen(
  terminal: Terminal,
  pipeline: Pipeline,
  { outlets, feed }: DemoEnd,
  folders: { configDir: string; dataDir: string },
): Promise<void> {
  const deskPassword = randomBytes(9).toString('base64url');
  const open = () =>
    openSiteBeside(pipeline, { ...folders, host: '127.0.0.1', port: 0, publicUrl: null, deskPassword, smtpUrl: null });
  const site = await terminal.while('Opening the site …', open);
  try {
    await terminal.while('Filling the site …', () => emptied(terminal, pipeline));
    terminal.print(`\n${terminal.style('bold', 'Open until Ctrl-C')}`);
    terminal.facts([
      ['the site', terminal.style('cyan', site.url)],
      ["editor's desk", `${site.url}/desk, password ${deskPassword}`],
      ['mail', site.mail],
      ...outlets.outlets.map((o): [string, string] => [o.name, o.url]),
      ['feed', feed],
    ]);
    await new Promise<void>((done) => {
      if (terminal.signal.aborted) done();
      else terminal.signal.addEventListener('abort', () => done(), { once: true });
    });
  } finally {
    await site.close();
  }
}

/** Waits until the site has taken all messages of the queue, so that nobody sees it half filled. */
async function emptied(terminal: Terminal, { ctx }: Pipeline): Promise<void> {
  const states = ['waiting', 'active'] as const;
  while (!terminal.signal.aborted) {
    const counts = await ctx.queues.articles.getJobCounts(...states);
    if (states.every((s) => !counts[s])) return;
    await delay(100);
  }
}
