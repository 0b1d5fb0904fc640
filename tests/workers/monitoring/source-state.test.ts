import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../workers/monitoring/source-state.js';
import { outlet } from '../../setup/desk.js';

const NOW = new Date('2026-03-02T12:00:00Z');
const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * MINUTE);
const visit = { lastVisitAt: ago(5), nextVisitAt: ago(-25) };
const known = { ...visit, paused: false, state: 'ok' as const, reason: null, lagSeconds: null, measured: 0 };
const source = outlet('herald', 'The Herald', { every: '30m' });

describe('the state of a source', () => {
  it('is what its last visit left, with the next visit that the ledger has', () => {
    expect(standingOf(source, known, NOW)).toMatchObject({ state: 'ok', nextVisitAt: ago(-25) });
    expect(standingOf(source, { ...known, state: 'moved', reason: 'why' }, NOW)).toMatchObject({
      state: 'moved',
      reason: 'why',
    });
  });

  it('is off, paused or new whatever else is known', () => {
    expect(standingOf(outlet('herald', 'H', { enabled: false }), known, NOW).state).toBe('off');
    expect(standingOf(source, { ...known, paused: true }, NOW)).toMatchObject({ state: 'paused', nextVisitAt: null });
    expect(standingOf(source, null, NOW).state).toBe('new');
  });

  it('is late when a visit was missed by half an interval', () => {
    expect(standingOf(source, { ...known, lastVisitAt: ago(44), nextVisitAt: ago(14) }, NOW).state).toBe('ok');
    const late = standingOf(source, { ...known, lastVisitAt: ago(46), nextVisitAt: ago(16) }, NOW);
    expect(late).toMatchObject({ state: 'late', reason: 'was to be visited at 2026-03-02 11:44Z' });
    expect(late.hint).toContain('sourcelink start');
  });

  it('is late by its rhythm only when half an hour was missed, for a cron may be slower than it', () => {
    const auto = outlet('herald', 'H', { every: 'auto' });
    expect(standingOf(auto, { ...known, lastVisitAt: ago(34), nextVisitAt: ago(29) }, NOW).state).toBe('ok');
    expect(standingOf(auto, { ...known, lastVisitAt: ago(36), nextVisitAt: ago(31) }, NOW).state).toBe('late');
  });

  it('is late when articles are seen long after they are published, and enough were', () => {
    const slow = { ...known, lagSeconds: 3 * 3600 };
    expect(standingOf(source, { ...slow, measured: 4 }, NOW).state).toBe('ok');
    expect(standingOf(source, { ...slow, measured: 5 }, NOW)).toMatchObject({
      state: 'late',
      reason: expect.stringContaining('180 minutes'),
    });
    const seldom = { ...slow, measured: 5, lastVisitAt: ago(1), nextVisitAt: ago(-119) };
    expect(standingOf(outlet('h', 'H', { every: '2h' }), seldom, NOW).state).toBe('ok');
  });

  it('is late when they are seen later than its freshness asks, and in time when they are not', () => {
    const fresh = outlet('herald', 'H', { freshness: '30m' });
    const measured = { ...known, measured: 5 };
    expect(standingOf(fresh, { ...measured, lagSeconds: 1799 }, NOW).state).toBe('ok');
    expect(standingOf(fresh, { ...measured, lagSeconds: 1860 }, NOW)).toMatchObject({
      state: 'late',
      reason: expect.stringMatching(/31 minutes .*`freshness:` is 30 minutes/),
    });
    expect(standingOf(outlet('h', 'H', { freshness: '3h' }), { ...measured, lagSeconds: 7200 }, NOW).state).toBe('ok');
  });
});
