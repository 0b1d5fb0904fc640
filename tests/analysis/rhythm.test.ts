import { describe, expect, it } from 'vitest';
import { expectedByHour, nextLook } from '../../analysis/rhythm.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIDNIGHT = Date.parse('2026-03-02T00:00:00Z');
const BOUNDS = { minMs: 60_000, maxMs: 12 * HOUR };

/** Articles at these hours of each of the last days. */
const daily = (hours: number[], each: number, days = 14): Map<number, number> =>
  new Map(
    Array.from({ length: days }, (_, d) =>
      hours.map((h) => [MIDNIGHT / HOUR - 24 * (d + 1) + h, each] as const),
    ).flat(),
  );

describe('the rhythm of an outlet', () => {
  it('is learned by the hour of the day', () => {
    const expected = expectedByHour(daily([9, 10, 11], 6), MIDNIGHT);
    expect(expected[10]).toBeGreaterThan(5);
    expect(expected[22]).toBeLessThan(0.1);
  });

  it('counts the last days more than those before', () => {
    const old = new Map([...daily([10], 6)].filter(([hour]) => hour < MIDNIGHT / HOUR - 7 * 24));
    const young = new Map([...daily([10], 6)].filter(([hour]) => hour >= MIDNIGHT / HOUR - 7 * 24));
    const zero = new Map([[MIDNIGHT / HOUR - 14 * 24, 0]]);
    const both = [old, new Map([...zero, ...young])].map((p) => expectedByHour(p, MIDNIGHT)[10] ?? 0);
    expect(both[1]).toBeGreaterThan(1.5 * (both[0] ?? 0));
  });

  it('sends looks into the hours in which it publishes', () => {
    const published = daily([8, 9, 10, 11, 12, 13, 14, 15], 4);
    const looks: number[] = [];
    for (let t = MIDNIGHT; t < MIDNIGHT + DAY; t = nextLook(published, t, BOUNDS, 0.5))
      looks.push((t - MIDNIGHT) / HOUR);
    const byDay = looks.filter((h) => h >= 8 && h < 16).length;
    expect(byDay / looks.length).toBeGreaterThan(0.85);
  });

  it('is believed to be slow, not dead, where nothing is known', () => {
    const wait = nextLook(new Map(), MIDNIGHT, BOUNDS, 0.5) - MIDNIGHT;
    expect(wait).toBeGreaterThan(HOUR);
    expect(wait).toBeLessThan(12 * HOUR);
  });

  it('moves a look by a tenth at most, to the place of its source', () => {
    const published = daily(
      Array.from({ length: 24 }, (_, h) => h),
      1,
    );
    const [early, middle, late] = [0, 0.5, 1].map((p) => nextLook(published, MIDNIGHT, BOUNDS, p) - MIDNIGHT);
    expect((early ?? 0) / (middle ?? 1)).toBeCloseTo(0.9, 1);
    expect((late ?? 0) / (middle ?? 1)).toBeCloseTo(1.1, 1);
  });
});
