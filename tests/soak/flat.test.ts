import { describe, expect, it } from 'vitest';
import { judge, slopeOf } from './flat.js';
import type { Sample } from './sample.js';

/** A day, hour by hour, of a process that holds what `at` says. */
const day = (at: (hour: number) => Partial<Sample> & { candidate?: number; page?: number }): Sample[] =>
  Array.from({ length: 25 }, (_, hour) => {
    const { candidate = 1000 * hour, page = 80_000, ...more } = at(hour);
    return {
      hour,
      heapMb: 60 + (hour % 3) / 10,
      externalMb: 10,
      rssMb: 200,
      handles: { Timeout: 9, TCPSocketWrap: 4 },
      descriptors: 40,
      ledgerFiles: {},
      redisMb: null,
      jobs: {},
      articles: 40 * hour,
      tables: {
        'sourcelink.candidate': { rows: 40 * hour, bytes: candidate * 40 },
        'sourcelink.page': { rows: 160, bytes: page * 40 },
      },
      ...more,
    };
  });
const faults = (samples: Sample[]) => judge(samples).faults;

describe('slopeOf', () => {
  it('is exact on a line, and its interval is that of the textbook where points scatter', () => {
    expect(slopeOf([1, 2, 3, 4].map((x) => ({ x, y: 2 * x + 1 })))).toEqual({ perHour: 2, low: 2, high: 2 });
    const { perHour, low, high } = slopeOf([1.1, 1.9, 3.2, 3.8, 5].map((y, x) => ({ x, y })));
    expect(perHour).toBeCloseTo(0.97, 6);
    // Squares of the residuals: 0.091 in all; Student's t for three degrees of freedom: 3.1824.
    const wide = 2 * 3.1824 * Math.sqrt(0.091 / 3 / 10);
    expect(Math.abs((high - low) / wide - 1)).toBeLessThan(0.01);
  });
});

describe('judge', () => {
  it('calls a process flat that holds the same each hour, and a table that takes the same for each article', () => {
    expect(faults(day(() => ({})))).toEqual([]);
  });

  it('sees a heap that grows by a little each hour', () => {
    expect(faults(day((hour) => ({ heapMb: 60 + hour * 0.4 })))).toEqual([
      expect.stringContaining('the heap grows by up to 0.6'),
    ]);
  });

  it('takes a heap that scatters too much to tell for one that grows', () => {
    expect(faults(day((hour) => ({ heapMb: 60 + 20 * ((hour * 7) % 3) })))).toHaveLength(1);
  });

  it('sees handles and descriptors that are left open', () => {
    expect(faults(day((hour) => ({ handles: { TCPSocketWrap: hour }, descriptors: 30 + hour })))).toEqual([
      'handles went from 4 to 18',
      'descriptors went from 34 to 48',
    ]);
  });

  it('sees a file of the ledger that is open twice, but does not mind how many there are', () => {
    const files = (hour: number) => Object.fromEntries(Array.from({ length: 100 + hour }, (_, i) => [`/data/${i}`, 1]));
    expect(faults(day((hour) => ({ ledgerFiles: files(hour) })))).toEqual([]);
    expect(faults(day((hour) => ({ ledgerFiles: { ...files(hour), '/data/7': 2 } })))).toEqual([
      '/data/7 is open 2 times',
    ]);
  });

  it('does not mind connections that a pool keeps for a while', () => {
    expect(faults(day((hour) => ({ handles: { TCPSocketWrap: 20 + (hour % 4) * 15 } })))).toEqual([]);
  });

  it('sees a table that retention does not keep small', () => {
    expect(faults(day((hour) => ({ page: 10_000 * hour })))).toEqual(['sourcelink.page grew from 5.34 to 9.16 MB']);
  });

  it('sees articles that take more and more', () => {
    expect(faults(day((hour) => ({ candidate: 500 * hour ** 2 })))).toEqual([
      'an article takes 19000 bytes in sourcelink.candidate, and took 9000',
    ]);
  });

  it('lets Redis grow with the jobs that it keeps, but neither those without end nor each of them', () => {
    const kept = (redisMb: number, completed: number) => ({ redisMb, jobs: { completed } });
    expect(faults(day((hour) => kept(hour / 2, 100 * hour + 1)))).toEqual([]);
    expect(faults(day((hour) => kept(hour / 2, 400 * hour + 1)))).toEqual(['9601 finished jobs are kept']);
    expect(faults(day((hour) => kept(hour / 2, 3000)))).toEqual(['Redis takes 4.1 KB a job, and took 2.4']);
  });
});
