/**
 * Loaded with `--import` into a process that is to be struck from within, when it gets SIGUSR2.
 * `FAULT_ON_SIGNAL`: `clock:<ms>` moves the wall clock, as an administrator or a bad time server would; `memory` fills the
 * heap until V8 gives up.
 */
import { isMainThread } from 'node:worker_threads';

const [what, amount] = (process.env['FAULT_ON_SIGNAL'] ?? '').split(':');

function moveClock(milliseconds: number): void {
  const real = Date;
  const now = Date.now.bind(Date);
  real.now = () => now() + milliseconds;
  // A proxy and no class of its own, so that dates made before are dates still.
  globalThis.Date = new Proxy(real, {
    construct: (target, args, made) =>
      args.length === 0 ? new target(target.now()) : (Reflect.construct(target, args, made) as Date),
  });
}

function fillHeap(): void {
  const kept: number[][] = [];
  setInterval(() => kept.push(Array.from({ length: 400_000 }, () => Math.random())), 5);
}

// Threads read pages and know no clock. No `once`: a library that hears signals too ends the process when it is the last to hear.
if (isMainThread)
  process.on('SIGUSR2', () => {
    if (what === 'clock') moveClock(Number(amount));
    if (what === 'memory') fillHeap();
  });
