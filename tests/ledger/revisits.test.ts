import { describe, expect, it } from 'vitest';
import { type KnownCandidate, type NewCandidate, relist } from '../../ledger/revisits.js';

const NOW = new Date('2026-03-02T12:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const known = (more: Partial<KnownCandidate> = {}): KnownCandidate => ({
  id: 1,
  urlKey: 'herald.example/a',
  lane: 'fresh',
  outcome: 'published',
  hintedAt: ago(600),
  fetchedAt: ago(600),
  unchanged: 0,
  listedAt: ago(600),
  ...more,
});

const listed = (updatedAt: Date | null, rejected: NewCandidate['rejected'] = null): NewCandidate => ({
  url: 'https://herald.example/a',
  urlKey: 'herald.example/a',
  hints: {
    guid: null,
    title: 'A',
    authors: [],
    publishedAt: null,
    updatedAt: updatedAt?.toISOString() ?? null,
    summary: null,
    image: null,
    language: null,
    tags: [],
    via: 'feed',
  },
  rejected,
});

describe('relist', () => {
  it('fetches a page again when its source says that it changed since the last look', () => {
    expect(relist(known(), listed(ago(5)), NOW)).toMatchObject({ revisit: true, hints: { hintedAt: ago(5) } });
    expect(relist(known({ outcome: 'duplicate' }), listed(ago(5)), NOW).revisit).toBe(true);
  });

  it('leaves a page alone that its source says nothing new about', () => {
    for (const said of [null, ago(600), ago(700)]) {
      expect(relist(known(), listed(said), NOW)).toMatchObject({ revisit: false, hints: null });
    }
  });

  it('goes by the last look where the source had said nothing before', () => {
    expect(relist(known({ hintedAt: null }), listed(ago(5)), NOW).revisit).toBe(true);
    expect(relist(known({ hintedAt: null }), listed(ago(601)), NOW).revisit).toBe(false);
    expect(relist(known({ hintedAt: null, fetchedAt: null }), listed(ago(5)), NOW).revisit).toBe(false);
  });

  it.each([
    [1, 9, false],
    [1, 10, true],
    [3, 89, false],
    [3, 90, true],
    [50, 24 * 60 - 1, false],
    [50, 24 * 60, true],
  ])('after %i looks in vain and %i minutes of rest: %s', (unchanged, minutes, revisit) => {
    expect(relist(known({ unchanged, fetchedAt: ago(minutes) }), listed(ago(0)), NOW).revisit).toBe(revisit);
  });

  it('fetches nothing again that is waiting, dead, rejected or retracted', () => {
    for (const outcome of [null, 'dead', 'rejected', 'retracted'] as const)
      expect(relist(known({ outcome }), listed(ago(5)), NOW).revisit).toBe(false);
  });

  it('makes news of what waits in the back-fill, unless a filter leaves it out', () => {
    const waits = known({ lane: 'backfill', outcome: null });
    expect(relist(waits, listed(null), NOW)).toMatchObject({ promote: true, hints: { hintedAt: ago(600) } });
    expect(relist(waits, listed(null, { code: 'FILTER_EXCLUDE', reason: 'no' }), NOW).promote).toBe(false);
    expect(relist({ ...waits, lane: 'fresh' }, listed(null), NOW).promote).toBe(false);
  });

  it('keeps newer hints of a page that waits, and the older ones of a page that did not change after all', () => {
    expect(relist(known({ outcome: null }), listed(ago(5)), NOW).hints).toMatchObject({ hintedAt: ago(5) });
    expect(relist(known({ outcome: null, unchanged: 1 }), listed(ago(5)), NOW).hints).toBeNull();
  });

  it('notes once a day that a page is listed still', () => {
    expect(relist(known({ listedAt: ago(24 * 60) }), listed(null), NOW).note).toBe(false);
    expect(relist(known({ listedAt: ago(24 * 60 + 1) }), listed(null), NOW).note).toBe(true);
  });
});
