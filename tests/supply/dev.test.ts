import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { rebuilder } from '../../supply/dev.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  started.push(child);
  return child;
}

describe('npm run dev', () => {
  it('restarts the program after each build, and never runs two', async () => {
    const dev = rebuilder({ build: async () => true, start });
    dev.changed();
    await dev.idle();
    dev.changed();
    await dev.idle();
    expect(started.map((c) => c.signalCode)).toEqual(['SIGTERM', null]);
    await dev.stop();
    expect(started.map((c) => c.signalCode)).toEqual(['SIGTERM', 'SIGTERM']);
  });

  it('leaves the running program alone when a build fails', async () => {
    let good = true;
    const dev = rebuilder({ build: async () => good, start });
    dev.changed();
    await dev.idle();
    good = false;
    dev.changed();
    await dev.idle();
    expect(started.map((c) => c.signalCode)).toEqual([null]);
    await dev.stop();
  });

  it('builds once for the changes that come during a build, after it', async () => {
    let builds = 0;
    const dev = rebuilder({
      build: async () => {
        if (++builds === 1) for (let i = 0; i < 3; i++) dev.changed();
        return true;
      },
      start,
    });
    dev.changed();
    await dev.idle();
    await dev.idle();
    await dev.stop();
    expect(builds).toBe(2);
  });
});
