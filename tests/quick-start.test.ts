import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoOutlets, startDemoOutlets } from '../demo/server.js';
import { checkout } from '../supply/checkout.js';
import { freePort } from './setup/servers.js';

const { root, read } = checkout();

/** A fenced block with what stands behind its language, or an address to open. */
type Step =
  | { kind: 'sh' | 'until-ctrl-c' | 'console' | 'second-terminal' | 'open'; text: string }
  | { kind: 'file'; path: string; text: string };
type Started = { child: ChildProcess; printed: () => string };
type Section = { heading: string; steps: Step[] };

/** The sections of the page, each with what a reader does in it. */
function sectionsOf(page: string): Section[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      heading: section.slice(0, section.indexOf('\n')),
      steps: [...section.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$|<(http:[^>]+)>/gm)].map(
        ([, language, more = '', text = '', address]): Step => {
          if (address !== undefined) return { kind: 'open', text: address };
          if (language === 'console') return { kind: more === 'second-terminal' ? more : 'console', text };
          if (language === 'sh') return { kind: more === 'until-ctrl-c' ? more : 'sh', text };
          return { kind: 'file', path: more, text };
        },
      ),
    }));
}

/** A line as it is compared: figures differ from machine to machine, and so does the room between columns. */
const alike = (line: string): string =>
  line
    .replaceAll(/\d[\d,.]*/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The lines of a console block that are not in what was printed; `…` stands for anything, also within a line. */
function missing(shown: string, printed: string): string[] {
  const lines = printed.split('\n').map(alike);
  return shown.split('\n').filter((line) => {
    const parts = alike(line).split('…');
    return !lines.some((l) => parts.every((part) => l.includes(part.trim())));
  });
}

describe('docs/quick-start.md, followed to the letter in a fresh copy', () => {
  let folder = '';
  let outlets: DemoOutlets;
  let stand: Record<string, string> = {};
  let env: NodeJS.ProcessEnv = {};
  const open: ChildProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sourcelink-walk-'));
    const kept = new Set(['node_modules', 'dist', 'dist-tools', 'data', '.git', 'wire']);
    cpSync(root, folder, { recursive: true, filter: (from) => !kept.has(from.slice(root.length + 1)) });
    outlets = await startDemoOutlets();
    const outlet = outlets.outlets.find((o) => o.id === 'harbor-post');
    const [site, receiver] = [String(await freePort()), String(await freePort())];
    stand = { 'https://herald.example/': outlet?.url ?? '', '8080': site, '8787': receiver };
    env = { PATH: process.env['PATH'], HOME: folder, PORT: receiver, CI: '1' };
  });
  afterAll(async () => {
    for (const child of open)
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGKILL');
    await outlets?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const said = (text: string): string => Object.entries(stand).reduce((t, [from, to]) => t.replaceAll(from, to), text);

  /** Starts lines of shell in a process group of their own, as a terminal does. */
  function start(text: string): Started {
    const child = spawn('bash', ['-ec', text], { cwd: folder, env, detached: true });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (out += piece));
    return { child, printed: () => out };
  }

  /** Runs a block to its end. What it exports is there for the next ones. */
  async function run(text: string): Promise<string> {
    const { child, printed } = start(`${text}\nenv -0 > "$HOME/.walked"`);
    const code = await new Promise((done) => child.once('close', done));
    expect([code, code === 0 ? '' : printed()]).toEqual([0, '']);
    env = Object.fromEntries(
      readFileSync(join(folder, '.walked'), 'utf8')
        .split('\0')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    return printed();
  }

  /**
   * Without a network (SOURCELINK_WALK_INSTALL=1 says that there is one) the packages of this checkout are linked, and what is left of
   * `npm ci` is the build that it does.
   */
  const withoutNetwork = (text: string): string => {
    if (process.env['SOURCELINK_WALK_INSTALL'] === '1' || !/^npm ci$/m.test(text)) return text;
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return text.replace(/^npm ci$/m, 'npm run --silent prepare');
  };

  function write(path: string, text: string): void {
    // The outlet of the test has a private address, which those of readers have not.
    const own = path.endsWith('sourcelink.yaml')
      ? `fetch: { allowHosts: ${JSON.stringify(outlets.allowHosts)} }\n`
      : '';
    writeFileSync(join(folder, path), `${said(text)}${own}`);
  }

  const sections = sectionsOf(read('docs/quick-start.md'));

  it('has steps to follow', () => {
    expect(sections.length).toBeGreaterThan(5);
    expect(sections.flatMap((s) => s.steps).filter((s) => s.kind === 'console').length).toBeGreaterThan(4);
  });

  it.each(sections.filter((s) => s.steps.length > 0))(
    '$heading',
    async ({ steps }) => {
      let here = '';
      let beside: Started | null = null;
      for (const step of steps) {
        if (step.kind === 'file') write(step.path, step.text);
        else if (step.kind === 'sh') here += await run(said(withoutNetwork(step.text)));
        else if (step.kind === 'until-ctrl-c') {
          beside = start(said(step.text));
          open.push(beside.child);
        } else if (step.kind === 'console') expect([missing(said(step.text), here), here]).toEqual([[], here]);
        else if (step.kind === 'second-terminal') {
          const { printed } = beside ?? { printed: () => '' };
          await until(step.text, () => (missing(said(step.text), printed()).length === 0 ? true : null), printed);
        } else await until(step.text, () => showsArticles(said(step.text)));
      }
      if (beside === null) return;
      const { child, printed } = beside;
      const ended = new Promise((done) => child.once('close', done));
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
      await ended;
      expect(printed()).not.toMatch(/Error:/);
    },
    240_000,
  );
});

async function showsArticles(url: string): Promise<true | null> {
  const answer = await fetch(url).catch(() => null);
  return answer?.status === 200 && (await answer.text()).includes('href="/article/') ? true : null;
}

async function until(what: string, look: () => Promise<true | null> | true | null, said = () => ''): Promise<void> {
  for (let n = 0; n < 1800; n++) {
    if (await look()) return;
    await delay(100);
  }
  throw new Error(`not within three minutes: ${what}\n${said()}`);
}
