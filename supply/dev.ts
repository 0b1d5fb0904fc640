/**
 * `npm run dev [-- COMMAND …]`: builds, runs `sourcelink COMMAND` (`start` when none is named), and on each change of a source file
 * builds again and restarts it. A build with errors leaves the running process alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { checkout, isStarted } from './checkout.js';

const ROOMS = ['text', 'config', 'crawlers', 'extractors', 'contract', 'analysis', 'ledger', 'workers', 'server'];
const WATCHED = [...ROOMS, 'evaluate', 'cli', 'site', 'demo'];
/** An editor writes a file in several steps, and several files at once; in milliseconds. */
const SETTLE_MS = 200;

export type Steps = {
  /** @returns false when the sources have errors */
  build: () => Promise<boolean>;
  start: () => ChildProcess;
};

/** Builds and restarts, one at a time: a change during a build is built after it. @returns what to call on each change */
export function rebuilder({ build, start }: Steps): { changed(): void; idle(): Promise<void>; stop(): Promise<void> } {
  let running: ChildProcess | null = null;
  let isDue = false;
  let work: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    if (!isDue) return;
    isDue = false;
    if (!(await build())) return;
    await end(running);
    running = start();
  };
  return {
    changed() {
      isDue = true;
      work = work.then(round);
    },
    idle: () => work,
    async stop() {
      isDue = false;
      await work;
      await end(running);
    },
  };
}

/** Ends a process in order. */
async function end(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await gone;
}

function main(args: string[]): void {
  const { root } = checkout();
  const run = (command: string[]): ChildProcess =>
    spawn(process.execPath, command, { cwd: root, stdio: 'inherit', env: process.env });
  const dev = rebuilder({
    build: () =>
      new Promise((done) => {
        process.stderr.write('dev: building …\n');
        run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']).once('exit', (code) => done(code === 0));
      }),
    start: () => run(['dist/cli/main.js', ...(args.length === 0 ? ['start'] : args)]),
  });
  let settled: NodeJS.Timeout | undefined;
  for (const room of WATCHED)
    watch(join(root, room), { recursive: true }, (_, file) => {
      if (file === null || !/\.tsx?$/.test(file)) return;
      clearTimeout(settled);
      settled = setTimeout(() => dev.changed(), SETTLE_MS);
    });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void dev.stop().then(() => process.exit(0)));
  dev.changed();
}

if (isStarted(import.meta.url)) main(process.argv.slice(2));
