import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../setup/backends.js';
import { scaled, servicesOf } from './compose.js';
import { ratesOf } from './rates.js';
import { sail } from './run.js';

const root = join(import.meta.dirname, '../..');
const composeFile = join(root, 'compose.yaml');
const cli = join(root, 'dist/cli/main.js');
const servers = BACKENDS.find((b) => b.name === 'PostgreSQL and Redis');

describe('compose.yaml', () => {
  it('starts a scheduler, and workers that together have every stage', () => {
    const services = servicesOf(readFileSync(composeFile, 'utf8'));
    expect(services[0]?.name).toBe('scheduler');
    expect(services[0]?.command[0]).toBe('scheduler');
    const stages = services.slice(1).flatMap((s) => s.command[2]?.split(',') ?? []);
    expect(stages.toSorted()).toEqual(['backfill', 'categorize', 'crawl', 'dedupe', 'extract', 'publish']);
  });

  it('is scaled as docker compose scales it', () => {
    const services = servicesOf(readFileSync(composeFile, 'utf8'));
    const names = scaled(services, { crawl: 3 }).map((s) => s.process);
    expect(names).toEqual(['scheduler-1', 'crawl-1', 'crawl-2', 'crawl-3', 'extract-1', 'judge-1', 'publish-1']);
    expect(() => scaled(services, { crawler: 2 })).toThrow('no service crawler');
  });
});

describe('ratesOf', () => {
  const visit = (outlet: string, from: number, to: number) => ({ outlet, path: `/${from}.html`, from, to });

  it('sees the least pause at one host and requests that overlap there, whatever others are asked', () => {
    const seen = [visit('a', 0, 10), visit('b', 2, 20), visit('a', 100, 160), visit('a', 150, 170)];
    const asked = seen.map(({ outlet, from }) => ({ process: 'crawl-1', host: outlet, at: from - 1 }));
    expect(ratesOf(seen, asked)).toEqual({
      requests: 4,
      minMs: 50,
      medianMs: 100,
      inTenSeconds: 3,
      atOnce: 2,
      askedAgain: 0,
    });
  });
});

describe('a fleet of processes on PostgreSQL and Redis', () => {
  it.skipIf(!servers?.available || !existsSync(cli))(
    'loses nothing and stays polite when one of three crawl workers is killed and one is added',
    async () => {
      const backend = await servers?.open();
      const [databaseUrl, redisUrl] = [backend?.databaseUrl, backend?.queueUrl];
      if (!backend || !databaseUrl || !redisUrl) throw new Error('no servers');
      try {
        const few = { outlets: 6, articlesEach: 8, delayMs: 300, seed: 1 };
        const result = await sail({ databaseUrl, redisUrl, cli, composeFile, scale: { crawl: 3 }, ...few });
        expect(result.faults).toEqual([]);
        expect(result.arrived).toBe(48);
      } finally {
        await backend.drop();
      }
    },
    240_000,
  );
});
