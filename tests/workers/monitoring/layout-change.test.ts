import { describe, expect, it } from 'vitest';
import type { Fill } from '../../../ledger/read/fields-given.js';
import { layoutChange } from '../../../workers/monitoring/layout-change.js';

const full: Fill = { articles: 20, title: 1, authors: 0.95, date: 1, image: 0.5, words: 600 };

describe('a change of layout', () => {
  it('is a field that most articles had and few still have, or a text that has shrunk', () => {
    expect(layoutChange({ recent: full, before: full }, null)).toBeNull();
    expect(layoutChange({ recent: { ...full, authors: 0.1, date: 0.35 }, before: full }, null)).toBe(
      'layout changed? Of its last 20 articles 10 % name an author, it was 95 %; 35 % have a date, it was 100 %',
    );
    expect(layoutChange({ recent: { ...full, words: 90 }, before: full }, null)).toContain('90 words, it was 600');
  });

  it('is not a field that the outlet never gave, nor a few articles without it', () => {
    expect(layoutChange({ recent: { ...full, image: 0 }, before: full }, null)).toBeNull();
    expect(layoutChange({ recent: { ...full, authors: 0.6 }, before: full }, null)).toBeNull();
    const few = { ...full, articles: 9, authors: 0 };
    expect(layoutChange({ recent: few, before: full }, null)).toBeNull();
    expect(layoutChange({ recent: { ...full, authors: 0 }, before: { ...full, articles: 9 } }, null)).toBeNull();
  });

  it('is what its profile was set aside for', () => {
    expect(
      layoutChange(null, { state: 'set aside', reason: 'its newest 5 pages are not like those before' }),
    ).toContain('not like those before');
    expect(layoutChange(null, { state: 'active', reason: 'wins' })).toBeNull();
  });
});
