import { setTimeout as delay } from 'node:timers/promises';
import { QUEUE_NAMES } from '../../workers/queues.js';
import type { Fault } from './fault.js';
import { ALONE } from './processes.js';
import type { Scene } from './scene.js';

async function cutFor(scene: Scene): Promise<void> {
  if (scene.cable === null) throw new Error('no cable to cut');
  scene.cable.cut();
  await delay(20_000 + scene.random() * 20_000);
  scene.cable.restore();
}

/** The struck worker is alone when it is cut off, so that all rows are its; another then takes over. */
const cutOff = (end: 'redis' | 'database', name: string): Fault => ({
  id: `partition-${end}`,
  name: `no way between a worker and ${name} for 20 to 40 s, another takes over, it comes back`,
  stage: ALONE,
  at: 'crawl',
  via: end,
  async strike(scene) {
    await delay(scene.random() * 2000);
    const cut = cutFor(scene);
    scene.work('beside', QUEUE_NAMES);
    await cut;
  },
});

export const PARTITION_FAULTS: Fault[] = [
  cutOff('redis', 'Redis'),
  cutOff('database', 'PostgreSQL'),
  {
    id: 'partition-sink',
    name: 'no way between the workers and a sink for 20 to 40 s',
    stage: ALONE,
    at: 'publish',
    via: 'sink',
    strike: cutFor,
  },
];

const HOUR_MS = 3_600_000;

/** The clock stays wrong: what fetches and delivers lives at another time than the rest. */
const clockOff = (hours: number): Fault => ({
  id: hours > 0 ? 'clock-ahead' : 'clock-behind',
  name: `the clock of the worker that fetches and delivers jumps by ${hours > 0 ? '+' : '−'}${Math.abs(hours)} h and stays there`,
  stage: { struck: ['crawl', 'backfill', 'publish'], beside: ['extract', 'dedupe', 'categorize'] },
  at: 'crawl',
  preload: { on: `clock:${hours * HOUR_MS}`, args: [] },
  strike: async (scene) => void scene.running('struck').child.kill('SIGUSR2'),
});

export const CLOCK_FAULTS: Fault[] = [clockOff(1), clockOff(-1)];
