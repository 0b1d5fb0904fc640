import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createHostGate } from '../../../crawlers/net/politeness.js';

const free = { concurrency: 1000, delayMs: 0 };

/** A clock that only moves when somebody sleeps on it. */
function fakeTime() {
  let time = 1_000_000;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms: number) => new Promise<void>((wake) => void sleepers.push({ at: time + ms, wake })),
    async pass(ms: number) {
      const end = time + ms;
      for (;;) {
        await delay(0);
        const next = sleepers.sort((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        sleepers.shift();
        time = next.at;
        next.wake();
      }
      time = end;
      await delay(0);
    },
  };
}

describe('host gate', () => {
  it('lets no more than the agreed number in at a time, in the order of asking', async () => {
    const gate = createHostGate();
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const leave = await gate.acquire('a', { concurrency: 3, delayMs: 0 });
        order.push(i);
        most = Math.max(most, ++inside);
        await delay(2);
        inside--;
        await leave();
      }),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('keeps the delay between starts', async () => {
    const time = fakeTime();
    const gate = createHostGate(time);
    const starts: number[] = [];
    for (let i = 0; i < 4; i++)
      void gate.acquire('a', { concurrency: 4, delayMs: 250 }).then(() => starts.push(time.now() - 1_000_000));
    await time.pass(600);
    expect(starts).toEqual([0, 250, 500]);
    await time.pass(200);
    expect(starts).toEqual([0, 250, 500, 750]);
  });

  it('counts the delay from where a request began in truth, which may be late', async () => {
    const time = fakeTime();
    const gate = createHostGate(time);
    const one = { concurrency: 1, delayMs: 250 };
    const leave = await gate.acquire('a', one);
    let next = 0;
    void gate.acquire('a', one).then(() => (next = time.now() - 1_000_000));
    // It had its turn at 0, began at 300 and was answered at 360.
    await time.pass(360);
    await leave(60);
    await time.pass(400);
    expect(next).toBe(550);
  });

  it('keeps hosts apart', async () => {
    const gate = createHostGate();
    await gate.acquire('a', { concurrency: 1, delayMs: 60_000 });
    await gate.acquire('b', { concurrency: 1, delayMs: 60_000 });
    expect(gate.hosts()).toBe(2);
  });

  it('asks nothing of a paused host until the pause is over', async () => {
    const time = fakeTime();
    const gate = createHostGate(time);
    await gate.pause('a', 5000);
    let started = false;
    void gate.acquire('a', free).then(() => (started = true));
    await time.pass(4900);
    expect(started).toBe(false);
    await time.pass(200);
    expect(started).toBe(true);
  });

  it('refuses at once, waiting or coming, when the pause is longer than its patience', async () => {
    const time = fakeTime();
    const gate = createHostGate(time);
    await gate.acquire('a', { concurrency: 1, delayMs: 0 });
    const waiting = gate.acquire('a', { concurrency: 1, delayMs: 0 });
    await gate.pause('a', 600_000);
    await expect(waiting).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED', retryAfterMs: 600_000 });
    await expect(gate.acquire('a', free)).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED' });
    await time.pass(600_001);
    await gate.acquire('a', free);
  });

  it('lets a waiter give up without holding up those behind it', async () => {
    const gate = createHostGate();
    const leave = await gate.acquire('a', { concurrency: 1, delayMs: 0 });
    const stop = new AbortController();
    const first = gate.acquire('a', { concurrency: 1, delayMs: 0 }, stop.signal);
    const second = gate.acquire('a', { concurrency: 1, delayMs: 0 });
    stop.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await expect(gate.acquire('a', free, stop.signal)).rejects.toThrow('enough');
    await leave();
    await second;
  });

  it('counts a turn that is given back twice only once', async () => {
    const gate = createHostGate();
    const leave = await gate.acquire('a', { concurrency: 1, delayMs: 0 });
    await leave();
    await leave();
    await gate.acquire('a', { concurrency: 1, delayMs: 0 });
    const third = gate.acquire('a', { concurrency: 1, delayMs: 0 }, AbortSignal.timeout(30));
    await expect(third).rejects.toThrow();
  });

  it('forgets hosts that nothing is held for', async () => {
    const gate = createHostGate();
    for (let i = 0; i < 200; i++) await (await gate.acquire(`host-${i}`, free))();
    expect(gate.hosts()).toBeLessThan(3);
  });
});
