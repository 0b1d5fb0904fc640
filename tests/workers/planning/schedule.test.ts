import { describe, expect, it } from 'vitest';
import { type Aftermath, nextFixed, planVisit } from '../../../workers/planning/schedule.js';
import { outlet } from '../../setup/desk.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = new Date('2026-03-02T12:00:00Z');
const quiet: Aftermath = { failures: 0, retryAfterMs: null, restMs: 0, published: new Map() };
const minutes = (source: ReturnType<typeof outlet>, more: Partial<Aftermath> = {}, now = NOW): number => {
  const planned = planVisit(source, now, { ...quiet, ...more });
  if (planned === null) throw new Error('nothing is planned');
  return (planned.at.getTime() - now.getTime()) / MINUTE;
};
const why = (source: ReturnType<typeof outlet>, more: Partial<Aftermath> = {}) =>
  planVisit(source, NOW, { ...quiet, ...more })?.why;

/** So many articles in each hour of the last two weeks. */
const steady = (perHour: number): Map<number, number> => {
  const hour = Math.floor(NOW.getTime() / HOUR);
  return new Map(Array.from({ length: 14 * 24 }, (_, i) => [hour - i, perHour]));
};

describe('a fixed interval', () => {
  const source = outlet('herald', 'The Herald', { every: '30m' });

  it('is kept, at a place of its own that no restart moves', () => {
    const first = planVisit(source, NOW, quiet)?.at ?? NOW;
    const second = planVisit(source, new Date(first.getTime() + 90_000), quiet)?.at ?? NOW;
    expect(second.getTime() - first.getTime()).toBe(30 * MINUTE);
    expect(planVisit(source, new Date(first.getTime() - 1), quiet)?.at).toEqual(first);
  });

  it('spreads sources that share it over it', () => {
    const at = Array.from({ length: 300 }, (_, i) => minutes(outlet(`s${i}`, 'S', { every: '30m' })));
    const tenths = Array.from({ length: 10 }, (_, t) => at.filter((m) => Math.ceil(m / 3) === t + 1).length);
    for (const n of tenths) expect(n).toBeGreaterThan(10);
  });

  it('is not shortened by what the outlet publishes, nor lengthened by what it asks', () => {
    const plain = minutes(source);
    expect(minutes(source, { published: steady(100), restMs: 5 * HOUR })).toBe(plain);
  });

  it('is left out more and more often by a source that fails, for three hours at most, and never given up', () => {
    const plain = minutes(source);
    expect(minutes(source, { failures: 1 })).toBe(plain);
    expect(minutes(source, { failures: 2 })).toBe(plain + 30);
    expect(minutes(source, { failures: 3 })).toBe(plain + 90);
    expect(minutes(source, { failures: 9 })).toBe(plain + 150);
    expect(minutes(source, { failures: 10_000 })).toBe(plain + 150);
    expect(minutes(outlet('day', 'D', { every: '1d' }), { failures: 9 })).toBe(
      minutes(outlet('day', 'D', { every: '1d' })),
    );
  });
});

describe('a cron expression', () => {
  const source = outlet('herald', 'H', { cron: '0 8-18 * * *', timezone: 'America/New_York' });

  it('names times in its zone', () => {
    expect(nextFixed(source, new Date('2026-03-02T00:00:00Z'))).toEqual(new Date('2026-03-02T13:00:00Z'));
    expect(planVisit(source, NOW, quiet)).toEqual({ at: new Date('2026-03-02T13:00:00Z'), why: 'cron' });
  });

  it('is never left for times between, whatever failed', () => {
    expect(planVisit(source, NOW, { ...quiet, failures: 9 })).toEqual({
      at: new Date('2026-03-02T15:00:00Z'),
      why: 'failures',
    });
  });
});

describe('a rhythm', () => {
  const source = outlet('herald', 'H', { every: '5m..12h' });

  it('looks the more often the more is published, within the bounds', () => {
    const waits = [0.02, 0.1, 1, 5, 400].map((perHour) => minutes(source, { published: steady(perHour) }));
    expect([...waits].sort((a, b) => b - a)).toEqual(waits);
    expect(waits.at(-1)).toBe(5);
    for (const w of waits) expect(w).toBeLessThanOrEqual(12 * 60);
    expect(minutes(outlet('h', 'H', { every: '1h..2h' }), { published: steady(400) })).toBe(60);
    expect(minutes(outlet('h', 'H', { every: '1m..20m' }))).toBe(20);
  });

  it('lets the publisher ask for more time, for an hour at most and within the bounds', () => {
    const busy = { published: steady(30) };
    expect(minutes(source, busy)).toBeLessThan(15);
    expect(minutes(source, { ...busy, restMs: 40 * MINUTE })).toBe(40);
    expect(why(source, { ...busy, restMs: 40 * MINUTE })).toBe('publisher');
    expect(minutes(source, { ...busy, restMs: 365 * 24 * HOUR })).toBe(60);
    expect(minutes(outlet('h', 'H', { every: '5m..30m' }), { ...busy, restMs: 50 * MINUTE })).toBe(30);
  });

  it('looks again soon after a failure, then ever later, each source at a place of its own', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => minutes(source, { failures }));
    [5, 10, 20, 40, 80, 160, 180, 180].forEach((usual, i) => {
      expect(waits[i]).toBeGreaterThanOrEqual(Math.max(5, usual * 0.9));
      expect(waits[i]).toBeLessThanOrEqual(usual * 1.1);
    });
    const places = new Set(Array.from({ length: 50 }, (_, i) => minutes(outlet(`s${i}`, 'S'), { failures: 4 })));
    expect(places.size).toBeGreaterThan(45);
    expect(minutes(source, { failures: 4 })).toBe(minutes(source, { failures: 4 }));
  });

  it('never waits so long that a promised freshness could not be kept', () => {
    expect(minutes(outlet('h', 'H', { freshness: '20m' }))).toBe(40);
    expect(minutes(outlet('h', 'H', { every: '1h', freshness: '10m' }))).toBe(
      minutes(outlet('h', 'H', { every: '1h' })),
    );
  });
});

describe('Retry-After', () => {
  it('is waited for, whatever the schedule says', () => {
    const after = { failures: 1, retryAfterMs: 55 * MINUTE };
    const wait = minutes(outlet('h', 'H', { every: '10m' }), after);
    expect(wait).toBeGreaterThanOrEqual(55);
    expect(wait).toBeLessThan(65);
    expect(minutes(outlet('h', 'H'), after)).toBe(55);
    expect(why(outlet('h', 'H'), after)).toBe('retry-after');
    expect(minutes(outlet('h', 'H', { cron: '0 0 * * *' }), after)).toBe(12 * 60);
  });
});
