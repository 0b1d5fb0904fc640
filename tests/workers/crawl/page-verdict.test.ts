import { describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { counted, type Facts, type Look, NO_PAGES, sum, verdictOf } from '../../../workers/crawl/page-verdict.js';

const NOW = new Date('2026-03-02T12:00:00Z');
const PAGE = { url: 'https://herald.example/a', via: 'http' as const, headers: {}, bytes: new Uint8Array() };
const FACTS: Facts = { mayRetract: true, bodyHash: { before: null, now: 'a' } };
const failed = (code: 'FETCH_GONE' | 'FETCH_NOT_FOUND' | 'FETCH_TIMEOUT'): Look => ({
  kind: 'failed',
  error: new SourcelinkError(code, code),
});
const came: Look = { kind: 'page', page: PAGE, isShell: false };
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

describe('verdictOf', () => {
  it('sends a new page to extraction, and one whose bytes changed', () => {
    for (const before of [null, 'b'])
      expect(verdictOf({ missingSince: null }, came, { ...FACTS, bodyHash: { before, now: 'a' } }, NOW)).toEqual({
        kind: 'extract',
        page: PAGE,
        isShell: false,
      });
  });

  it('leaves an article as it is after a 304, and after the same bytes', () => {
    expect(verdictOf({ missingSince: null }, { kind: 'notModified' }, FACTS, NOW).kind).toBe('unchanged');
    const same = { ...FACTS, bodyHash: { before: 'a', now: 'a' } };
    expect(verdictOf({ missingSince: null }, came, same, NOW).kind).toBe('unchanged');
  });

  it('retracts what readers have when the source takes its page down', () => {
    expect(verdictOf({ missingSince: null }, failed('FETCH_GONE'), FACTS, NOW)).toMatchObject({
      kind: 'retract',
      reason: expect.stringContaining('410'),
    });
  });

  it.each([
    [null, { kind: 'missing', since: NOW }],
    [daysAgo(1), { kind: 'missing', since: daysAgo(1) }],
    [daysAgo(2), { kind: 'retract', reason: 'its page has not been found (404) since 2026-02-28' }],
  ])('a page not found since %s', (missingSince, verdict) => {
    expect(verdictOf({ missingSince }, failed('FETCH_NOT_FOUND'), FACTS, NOW)).toMatchObject(verdict);
  });

  it('fails a look that retracts nothing: other errors, or an article that readers do not have', () => {
    expect(verdictOf({ missingSince: null }, failed('FETCH_TIMEOUT'), FACTS, NOW).kind).toBe('failed');
    const unread = { ...FACTS, mayRetract: false };
    expect(verdictOf({ missingSince: null }, failed('FETCH_GONE'), unread, NOW).kind).toBe('failed');
  });
});

describe('the counts of a visit', () => {
  it('count each look once, by what came of it', () => {
    const looks: [Look, number][] = [
      [came, 0],
      [came, 1],
      [{ kind: 'notModified' }, 0],
      [failed('FETCH_TIMEOUT'), 1],
    ];
    const counts = looks.reduce((all, [look, opened]) => counted(all, look, opened), NO_PAGES);
    expect(counts).toEqual({ requests: 4, notModified: 1, fetched: 2, rendered: 2, failed: 1 });
    expect(sum(counts, counts)).toEqual({ requests: 8, notModified: 2, fetched: 4, rendered: 4, failed: 2 });
  });
});
