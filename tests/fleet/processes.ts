import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process of the fleet. `ended`: its exit code, or the signal that ended it. */
type Running = { child: ChildProcess; log: string; ended: Promise<number | NodeJS.Signals> };

/** Processes of the pipeline by their names, with their logs in one folder. */
export type Fleet = {
  start(name: string, args: readonly string[]): void;
  kill(name: string): Promise<void>;
  /** Requests that each process has made so far. */
  asked(): Map<string, number>;
  /** SIGTERM to all that run, as `docker compose down` does. @returns those that did not end with 0 in time */
  down(withinMs: number): Promise<string[]>;
  close(): void;
};

export function openFleet(options: { cli: string; dir: string; env: Record<string, string> }): Fleet {
  const running = new Map<string, Running>();
  const killed = new Set<string>();
  return {
    start(name, args) {
      const log = join(options.dir, `${name}.log`);
      const out = openSync(log, 'a');
      const child = spawn(process.execPath, [options.cli, ...args], {
        env: { ...process.env, ...options.env, SOURCELINK_LOG_LEVEL: 'debug' },
        stdio: ['ignore', out, out],
      });
      const ended = new Promise<number | NodeJS.Signals>((done) =>
        child.once('exit', (code, signal) => done(code ?? signal ?? 1)),
      );
      running.set(name, { child, log, ended });
    },
    async kill(name) {
      const one = running.get(name);
      if (!one) throw new Error(`no process ${name}`);
      killed.add(name);
      one.child.kill('SIGKILL');
      await one.ended;
    },
    asked: () =>
      new Map(
        [...running].map(([name, { log }]) => [name, readFileSync(log, 'utf8').split('"msg":"asked"').length - 1]),
      ),
    async down(withinMs) {
      const late: string[] = [];
      await Promise.all(
        [...running].map(async ([name, { child, ended }]) => {
          if (killed.has(name)) return;
          child.kill('SIGTERM');
          const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
          const end = await ended;
          clearTimeout(timer);
          if (end !== 0) late.push(`${name} ended with ${end}`);
        }),
      );
      return late;
    },
    close() {
      for (const { child } of running.values()) child.kill('SIGKILL');
    },
  };
}
