import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_SECONDS } from '../../ledger/db/leases.js';
import { QUEUE_NAMES, type QueueName } from '../../workers/queues.js';
import type { Fault } from './fault.js';
import type { Scene } from './scene.js';

export const ALONE = { struck: QUEUE_NAMES, beside: [] } as const;
const only = (stage: QueueName) => ({ struck: [stage], beside: QUEUE_NAMES.filter((q) => q !== stage) });

/** A process that is killed, and started again a moment later. */
async function killAndStart(scene: Scene, name: 'struck' | 'beside', stages: readonly QueueName[]): Promise<void> {
  const { child, ended } = scene.running(name);
  child.kill('SIGKILL');
  await ended;
  await delay(200 + scene.random() * 1000);
  scene.work(name, stages);
}

const killOf = (stage: QueueName): Fault => ({
  id: `kill-${stage}`,
  name: `kill -9 of the ${stage} worker`,
  stage: only(stage),
  at: stage,
  archive: stage === 'backfill',
  strike: (scene) => killAndStart(scene, 'struck', [stage]),
});

const KILLS_IN_A_ROW = 6;
const DRAINED_WITHIN_MS = 45_000;

export const PROCESS_FAULTS: Fault[] = [
  ...(['crawl', 'backfill', 'extract', 'dedupe', 'categorize', 'publish'] as const).map(killOf),
  {
    id: 'kill-before-ack',
    name: "kill -9 between a sink's taking a message and its answer",
    stage: only('publish'),
    at: null,
    async strike(scene) {
      let left = 1 + Math.floor((scene.random() * scene.outlets.articles) / 2);
      await new Promise<void>((done) => {
        scene.downstream.beforeAnswer = async () => {
          if (--left > 0) return;
          scene.downstream.beforeAnswer = null;
          const { child, ended } = scene.running('struck');
          child.kill('SIGKILL');
          await ended;
          done();
        };
      });
      await delay(200 + scene.random() * 1000);
      scene.work('struck', ['publish']);
    },
    check: ({ downstream }) => (downstream.hook.repeats > 0 ? null : 'what was not acknowledged did not come again'),
  },
  {
    id: 'kill-again-and-again',
    name: `${KILLS_IN_A_ROW} times kill -9 of one of two workers, each started again`,
    stage: { struck: QUEUE_NAMES, beside: QUEUE_NAMES },
    at: 'crawl',
    async strike(scene) {
      for (let kill = 0; kill < KILLS_IN_A_ROW; kill++) {
        await killAndStart(scene, scene.random() < 0.5 ? 'struck' : 'beside', QUEUE_NAMES);
        await delay(500 + scene.random() * 4000);
      }
    },
  },
  {
    id: 'sigterm',
    name: 'SIGTERM to the only worker, then a new one',
    stage: ALONE,
    at: 'crawl',
    async strike(scene) {
      await delay(scene.random() * 2500);
      const { child, ended } = scene.running('struck');
      child.kill('SIGTERM');
      const code = await Promise.race([ended, delay(DRAINED_WITHIN_MS, 'still running', { ref: false })]);
      if (code !== 0) throw new Error(`SIGTERM ended the worker with ${code} instead of 0`);
      scene.work('struck', QUEUE_NAMES);
    },
    check({ downstream: { queue, hook } }) {
      return queue.repeats + hook.repeats === 0 ? null : 'a drained worker left deliveries to be repeated';
    },
  },
  {
    id: 'out-of-memory',
    name: 'the only worker runs out of memory (V8 gives up), then a new one',
    stage: ALONE,
    at: 'extract',
    preload: { on: 'memory', args: ['--max-old-space-size=256'] },
    async strike(scene) {
      const { child, ended } = scene.running('struck');
      child.kill('SIGUSR2');
      const end = await Promise.race([ended, delay(60_000, 'still running', { ref: false })]);
      if (end !== 'SIGABRT' && end !== 134) throw new Error(`the worker ended with ${end}, not for want of memory`);
      scene.work('struck', QUEUE_NAMES);
    },
  },
  {
    id: 'blocked-loop',
    name: 'a worker stands still for longer than its leases (SIGSTOP), another takes over, it goes on',
    stage: ALONE,
    at: 'crawl',
    async strike(scene) {
      await delay(scene.random() * 2500);
      const { child } = scene.running('struck');
      child.kill('SIGSTOP');
      scene.work('beside', QUEUE_NAMES);
      await delay((LEASE_SECONDS + 5 + scene.random() * 10) * 1000);
      child.kill('SIGCONT');
    },
  },
  {
    id: 'overlapping-runs',
    name: 'two `sourcelink run` at once, as from an impatient cron',
    stage: null,
    at: null,
    async strike(scene) {
      const first = scene.start('struck', ['run', '--json']);
      await delay(scene.random() * 4000);
      const second = scene.start('beside', ['run', '--json']);
      const codes = await Promise.all([first.ended, second.ended]);
      if (codes.some((c) => c !== 0)) throw new Error(`the runs ended with ${codes.join(' and ')}`);
    },
  },
];
