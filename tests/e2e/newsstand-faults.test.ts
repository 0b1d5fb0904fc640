import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findNewsstand, STRIKES } from '../setup/newsstand.js';
import { type Seen, visitStruckOutlets } from '../setup/struck-outlets.js';

const found = findNewsstand(inject('corpora'));

describe.skipIf(found === null)('real outlets, one struck by each fault, all at once', () => {
  let dir: string;
  let seen: Seen;
  beforeAll(async () => {
    if (found === null) return;
    dir = mkdtempSync(join(tmpdir(), 'sourcelink-struck-'));
    const settings = { fetch: { timeout: '5s', retryDelay: '500ms' }, extract: { threads: 1, deadline: '60s' } };
    seen = await visitStruckOutlets({ ...found, dir, faults: true, recover: true, least: 2, settings });
  }, 900_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('loses nothing of the healthy ones', () => {
    expect(seen.healthy.size).toBeGreaterThan(10);
    expect(seen.lost).toEqual([]);
    expect(seen.violations).toBe(0);
  });

  it.each(STRIKES)('calls $host with $fault what it is', ({ host, states, codes, unread }) => {
    const one = seen.struck.find((s) => s.host === host);
    expect(states).toContain(one?.found.state);
    if (one?.found.state !== 'ok') expect(codes).toContain(one?.found.code);
    if (one?.found.state !== 'ok') expect(one?.found.reason).toContain(host);
    if (unread === 'none') expect(one?.found.unread).toBe(0);
    if (unread === 'one') expect(one?.found.unread).toBe(1);
    if (unread === 'all') expect(one?.found.unread).toBe(one?.articles);
  });

  it.each(STRIKES)('brings $host back by itself when $fault has gone', ({ host }) => {
    const one = seen.struck.find((s) => s.host === host);
    expect(one?.recovered).toMatchObject({ state: 'ok', unread: 0 });
  });
});
