import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORPUS } from './corpus.js';
import type { Entry, Outlets } from './outlets.js';
import type { Ending } from './visitor.js';
import type { Order, Report } from './visitor-process.js';

/** How an input ended, how long that took, and how much memory above that of a pipeline at rest. */
export type Measured = Ending & { number: number; seconds: number; mb: number };

/** A pipeline in a process of its own, whose time and memory are looked at from outside. */
export type Watched = {
  /** Several at once: each is told with the time and memory of all of them together. */
  measure(numbers: number[]): Promise<Measured[]>;
  /** A new process for what comes next, which knows nothing of what was visited before. */
  renew(): Promise<void>;
  /** @returns what the invariant found broken */
  close(): Promise<string[]>;
};

/** A process that does not answer for so long is ended; starting may take long on a busy machine. */
const GIVEN_UP_MS = 90_000;
const START_MS = 600_000;
/** A process that keeps more than this at rest makes room for a new one, in MB. */
const LITTER_MB = 120;

type Running = { child: ChildProcess; dataDir: string; baseline: number };

/**
 * @param warmUp an input that is read first, so that what is loaded once is part of the rest; from there memory counts
 */
export function openWatched(options: { entries: Entry[]; outlets: Outlets; warmUp: Entry }): Watched {
  let running: Running | null = null;
  const broken: string[] = [];

  async function start(): Promise<Running> {
    const dataDir = mkdtempSync(join(tmpdir(), 'sourcelink-hostile-'));
    const file = fileURLToPath(new URL('./visitor-process.js', import.meta.url));
    const child = fork(file, { execArgv: ['--expose-gc'], serialization: 'advanced' });
    const { entries, warmUp, outlets } = options;
    await ask(
      child,
      {
        open: { entries: [warmUp, ...entries.filter((e) => e.number !== warmUp.number)], port: outlets.port, dataDir },
      },
      START_MS,
    );
    await ask(child, { visit: [{ entry: warmUp, opml: '' }] }, START_MS);
    return { child, dataDir, baseline: memoryOf(child, 'VmRSS') };
  }

  async function stop({ child, dataDir }: Running): Promise<void> {
    running = null;
    const report = await ask(child, { close: true }).catch(() => null);
    if (report && 'broken' in report) broken.push(...report.broken);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  }

  return {
    async measure(numbers) {
      if (running && memoryOf(running.child, 'VmRSS') > running.baseline + LITTER_MB) await stop(running);
      running ??= await start();
      const now = running;
      const told = numbers.map((number) => ({ entry: options.outlets.entryOf(number), opml: listOf(number) }));
      const peak = watchPeak(now.child);
      const began = performance.now();
      const report = await ask(now.child, { visit: told }).catch((error: Error) => ({ failed: error.message }));
      const seconds = (performance.now() - began) / 1000;
      const mb = Math.max(0, peak() - now.baseline);
      for (const number of numbers) options.outlets.forget(number);
      if ('endings' in report) return report.endings.map((e, i) => ({ ...e, number: numbers[i] ?? -1, seconds, mb }));
      await stop(now);
      const ends = [{ code: 'CRASHED', reason: 'failed' in report ? report.failed : 'no answer' }];
      return numbers.map((number) => ({ ends, messages: [], strangers: [], number, seconds, mb }));
    },
    async renew() {
      if (running) await stop(running);
    },
    async close() {
      if (running) await stop(running);
      return broken;
    },
  };
}

function listOf(number: number): string {
  const input = CORPUS[number];
  return input && 'opml' in input ? input.opml() : '';
}

/** @throws when the process ends or is ended */
function ask(child: ChildProcess, order: Order, patienceMs = GIVEN_UP_MS): Promise<Report> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      child.off('message', hear);
      child.off('exit', ended);
    };
    const hear = (report: Report): void => {
      done();
      resolve(report);
    };
    const ended = (code: number | null, signal: string | null): void => {
      done();
      reject(new Error(`the process ended (${signal ?? code})`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
    }, patienceMs);
    child.on('message', hear);
    child.on('exit', ended);
    if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode);
    else child.send(order);
  });
}

/** The most memory that the process takes from now on, in MB: by the kernel's own mark on Linux, else by looking now and then. */
function watchPeak(child: ChildProcess): () => number {
  if (process.platform === 'linux') {
    writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    return () => memoryOf(child, 'VmHWM');
  }
  let most = 0;
  const look = () => {
    most = Math.max(most, memoryOf(child, 'VmRSS'));
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

/** In MB; 0 of a process that is gone. */
function memoryOf(child: ChildProcess, field: 'VmRSS' | 'VmHWM'): number {
  try {
    if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) / 1000;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return (Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024) / 1_000_000;
  } catch {
    return 0;
  }
}
