import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Request, Spent } from './extract-contender.js';
import type { BenchPage } from './extract-pages.js';
import { type Interval, mean, median, pairedRatio, quantile } from './statistics.js';

/** The reference comes first. */
export const WAYS = ['jsdom', 'linkedom', 'sourcelink'] as const;
export type Way = (typeof WAYS)[number];

type Spread = { mean: number; median: number; p95: number };
export type Comparison = {
  /** Pages that every way read, and those that one of them failed at. */
  pages: number;
  failed: { way: Way; url: string; reason: string }[];
  ways: { way: Way; cpuMs: Spread; wallMs: Spread }[];
  /** How many times our CPU time another way takes. */
  times: ({ way: Way } & Interval)[];
};

/** A process that answers one request after the other. */
export type Contender = { ask<T>(request: Request): Promise<T>; end(): void };

export function startContender(execArgv: string[] = []): Contender {
  const file = fileURLToPath(new URL('./extract-contender.js', import.meta.url));
  const child = fork(file, { execArgv, serialization: 'advanced' });
  const ended = once(child, 'exit').then(([code]): [Answer] => [{ failed: `the process ended with ${code}` }]);
  return {
    async ask<T>(request: Request): Promise<T> {
      child.send(request);
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
      if ('failed' in answer) throw new Error(answer.failed);
      return answer.value as T;
    },
    end: () => void child.kill(),
  };
}

/** Reads the pages in all ways `rounds` times, page by page in turn, after a round that counts for nothing. */
export async function compare(
  pages: BenchPage[],
  rounds: number,
  contenders: Record<Way, Contender>,
  onPage: (done: number, all: number) => void,
): Promise<Comparison> {
  const spent = new Map<Way, Spent[][]>(WAYS.map((way) => [way, pages.map(() => [])]));
  const failed = new Map<number, Comparison['failed'][number]>();
  let done = 0;
  for (let round = 0; round <= rounds; round++) {
    for (const [i, page] of pages.entries()) {
      for (const way of inTurn(round + i)) {
        if (failed.has(i)) continue;
        try {
          const took = await contenders[way].ask<Spent>({ do: 'read', page: i });
          if (round > 0) spent.get(way)?.[i]?.push(took);
        } catch (error) {
          failed.set(i, { way, url: page.url, reason: error instanceof Error ? error.message : String(error) });
        }
      }
      onPage(++done, pages.length * (rounds + 1));
    }
  }
  const usual = (way: Way, what: keyof Spent): number[] =>
    (spent.get(way) ?? []).filter((_, i) => !failed.has(i)).map((runs) => median(runs.map((run) => run[what])));
  const ours = usual('sourcelink', 'cpuMs');
  return {
    pages: ours.length,
    failed: [...failed.values()],
    ways: WAYS.map((way) => ({ way, cpuMs: spread(usual(way, 'cpuMs')), wallMs: spread(usual(way, 'wallMs')) })),
    times: WAYS.filter((way) => way !== 'sourcelink').map((way) => ({
      way,
      ...pairedRatio(usual(way, 'cpuMs'), ours),
    })),
  };
}

/** Each way comes first, second and last equally often. */
const inTurn = (turn: number): Way[] => WAYS.map((_, i) => WAYS[(turn + i) % WAYS.length] as Way);

const spread = (numbers: number[]): Spread => ({
  mean: mean(numbers),
  median: median(numbers),
  p95: quantile(numbers, 0.95),
});
