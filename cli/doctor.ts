import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { accessSync, existsSync, constants as fs, statfsSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { type Env, readEnv } from '../config/env.js';
import { messageOf } from '../config/errors.js';
import { type Config, loadConfig } from '../config/load.js';

import { type Finding, failure, finding, stores } from './doctor-stores.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

const OLDEST_NODE = [20, 19] as const;
const MIN_FREE_BYTES = { warn: 2 * 1024 ** 3, fail: 200 * 1024 ** 2 };
/** `sourcelink doctor`: whether this machine is ready. */
export function doctorCommand(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('Check that everything is ready to run, and show how to fix what is not.')
    .option('--json', 'print the findings as one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink doctor')
    .action(act((terminal) => doctor(terminal)));
}

async function doctor(terminal: Terminal): Promise<ExitCode> {
  const findings: Finding[] = [nodeVersion(process.versions.node)];
  const env = attempt(
    findings,
    'environment',
    () => readEnv(terminal.env),
    () => 'read',
  );
  const config =
    env &&
    attempt(
      findings,
      'configuration',
      () => loadConfig(env, terminal.env),
      (c) => {
        const on = c.sources.filter((s) => s.enabled).length;
        return `${count(c.sources.length, 'source')} (${on} on), ${count(c.categories.length, 'category', 'categories')} in ${c.folder}`;
      },
    );
  if (config) findings.push(...contact(config));
  if (env) {
    findings.push(...dataFolder(env.dataDir));
    findings.push(...(await terminal.while('Opening the ledger …', () => stores(terminal, env, config ?? null))));
    if (config) findings.push(await names(config));
    findings.push(await browser(env));
  }
  const ok = findings.every((f) => f.state !== 'fail');
  terminal.result({ ok, findings });
  const marks = {
    ok: terminal.style('green', '✓'),
    warn: terminal.style('yellow', '!'),
    skip: '·',
    fail: terminal.style('red', '✗'),
  };
  for (const f of findings) {
    terminal.hanging(`${marks[f.state]} `, `${f.what}: ${f.detail}${f.hint ? `\n→ ${f.hint}` : ''}`);
  }
  const broken = findings.filter((f) => f.state === 'fail').length;
  terminal.print(ok ? '\nReady.' : `\n${count(broken, 'thing')} must be fixed.`);
  return ok ? 0 : 1;
}

function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minMajor, minMinor] = OLDEST_NODE;
  const old = major < minMajor || (major === minMajor && minor < minMinor);
  return finding(
    'Node.js',
    old ? 'fail' : 'ok',
    version,
    old ? `Install Node.js ${OLDEST_NODE.join('.')} or newer.` : null,
  );
}

function attempt<T>(findings: Finding[], what: string, task: () => T, tell: (value: T) => string): T | undefined {
  try {
    const value = task();
    findings.push(finding(what, 'ok', tell(value)));
    return value;
  } catch (error) {
    findings.push(failure(what, error));
    return undefined;
  }
}

function contact({ settings }: Config): Finding[] {
  if (!/\bexample\.(?:org|com|net)\b/.test(settings.userAgent)) return [];
  const hint =
    'Set `userAgent` in sourcelink.yaml to name your web page and e-mail address, so that publishers can reach you.';
  return [finding('user agent', 'warn', settings.userAgent, hint)];
}

/** The folder itself, or the nearest one above it that exists. */
function dataFolder(dataDir: string): Finding[] {
  let folder = resolve(dataDir);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, fs.W_OK);
  } catch {
    return [
      finding(
        'data folder',
        'fail',
        `${dataDir} is not writable`,
        'Allow this user to write to it, or set SOURCELINK_DATA to another folder.',
      ),
    ];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const state = free < MIN_FREE_BYTES.fail ? 'fail' : free < MIN_FREE_BYTES.warn ? 'warn' : 'ok';
  const hint = state === 'ok' ? null : 'Free some disk space, or lower `keep.pages` in sourcelink.yaml.';
  return [finding('data folder', state, `${dataDir}, ${(free / 1024 ** 3).toFixed(1)} GB free`, hint)];
}

/** Outlets whose names are looked up; all of many would take long and be impolite. */
const NAMES = 5;
const NAME_MS = 5000;

/** Whether names resolve here. Outlets behind a proxy are left out: the proxy resolves them. */
async function names({ sources }: Config): Promise<Finding> {
  const hosts = sources
    .filter((s) => s.enabled && !s.proxy)
    .map((s) => new URL(s.url).hostname.replace(/^\[|\]$/g, ''));
  const asked = [...new Set(hosts)].filter((h) => isIP(h) === 0).slice(0, NAMES);
  if (asked.length === 0) return finding('DNS', 'skip', 'no outlets to look up');
  const answers = await Promise.all(
    asked.map(async (host) => {
      const late = delay(NAME_MS, null, { ref: false });
      const found = await Promise.race([lookup(host).catch(() => null), late]);
      return found === null ? host : null;
    }),
  );
  const failed = answers.filter((host) => host !== null);
  if (failed.length === 0) return finding('DNS', 'ok', `${asked.join(', ')} resolve${asked.length === 1 ? 's' : ''}`);
  const all = failed.length === asked.length;
  const hint = all
    ? "Check this machine's network and /etc/resolv.conf; in a container, its DNS."
    : 'Check the `url` of these sources.';
  return finding('DNS', 'warn', `${failed.join(', ')} do${failed.length === 1 ? 'es' : ''} not resolve`, hint);
}

async function browser(env: Env): Promise<Finding> {
  const { findBrowser } = await import('../crawlers/fetch/browser.js');
  const hint =
    'Install Chromium or set SOURCELINK_BROWSER. Until then, pages whose text is added by scripts are left out.';
  try {
    const path = findBrowser(env.browser);
    if (path === null) return finding('browser', 'warn', 'not found', hint);
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
    return finding('browser', 'ok', `${stdout.trim()} (${path})`);
  } catch (error) {
    return finding('browser', 'warn', messageOf(error).split('\n')[0] ?? '', hint);
  }
}
