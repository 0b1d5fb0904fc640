import { describe, expect, it } from 'vitest';
import { nextVisit } from '../../workers/schedule.js';
import { standingOf } from '../../workers/source-state.js';
import { outlet } from '../setup/desk.js';

const NOW = new Date('2026-03-02T12:00:00Z');
const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * MINUTE);
const known = { paused: false, state: 'ok' as const, reason: null, lastOkAt: ago(5), lagSeconds: null, measured: 0 };
const source = outlet('herald', 'The Herald', { every: '30m' });

describe('the state of a source', () => {
  it('is what its last visit left, with the next visit within its interval', () => {
    const { state, nextVisitAt } = standingOf(source, known, NOW);
    expect(state).toBe('ok');
    expect(nextVisitAt?.getTime()).toBeGreaterThan(ago(5).getTime());
    expect(nextVisitAt?.getTime()).toBeLessThanOrEqual(ago(5).getTime() + 30 * MINUTE);
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

  it('is late when a visit was missed', () => {
    expect(standingOf(source, { ...known, lastOkAt: ago(14) }, NOW).state).toBe('ok');
    const late = standingOf(source, { ...known, lastOkAt: ago(90) }, NOW);
    expect(late).toMatchObject({
      state: 'late',
      reason: expect.stringMatching(/^was to be visited at 2026-03-02 1[01]:/),
    });
    expect(late.mend).toContain('sourcelink start');
  });

  it('is late by its cron, in its time zone, and not in its night', () => {
    const cron = outlet('herald', 'H', { cron: '0 8-18 * * *', timezone: 'America/New_York' });
    expect(nextVisit(cron, new Date('2026-03-02T00:00:00Z'))).toEqual(new Date('2026-03-02T13:00:00Z'));
    expect(standingOf(cron, { ...known, lastOkAt: new Date('2026-03-01T23:01:00Z') }, NOW).state).toBe('ok');
    expect(standingOf(cron, { ...known, lastOkAt: new Date('2026-03-01T21:30:00Z') }, NOW).state).toBe('late');
  });

  it('is late when articles are seen long after they are published, and enough were', () => {
    const slow = { ...known, lagSeconds: 3 * 3600 };
    expect(standingOf(source, { ...slow, measured: 4 }, NOW).state).toBe('ok');
    expect(standingOf(source, { ...slow, measured: 5 }, NOW)).toMatchObject({
      state: 'late',
      reason: expect.stringContaining('180 minutes'),
    });
    expect(standingOf(outlet('h', 'H', { every: '2h' }), { ...slow, measured: 5, lastOkAt: ago(1) }, NOW).state).toBe(
      'ok',
    );
  });
});
