import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordFound } from '../../../ledger/found.js';
import { readRhythms } from '../../../ledger/read/publishing-rhythm.js';
import type { NewCandidate } from '../../../ledger/revisits.js';
import { finishVisit, registerSources } from '../../../ledger/sources.js';
import { identify, judge } from '../../../workers/crawl/identity.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../setup/desk.js';

const none = { kept: 0, relinked: 0, renewed: 0, reused: 0 };

describe('the policy of identity', () => {
  it('is by link until three entries of one look have new links under their old GUIDs', () => {
    expect(judge('link', { ...none, relinked: 2, kept: 40 })).toMatchObject({ identity: 'link', changed: false });
    expect(judge('link', { ...none, relinked: 3 })).toMatchObject({ identity: 'guid', changed: true });
    expect(judge('guid', { ...none, kept: 30 })).toMatchObject({ identity: 'guid', changed: false });
  });

  it('does not trust GUIDs that are given to other articles or made anew', () => {
    expect(judge('link', { ...none, relinked: 3, reused: 3 }).identity).toBe('link');
    expect(judge('link', { ...none, relinked: 3, renewed: 5 }).identity).toBe('link');
    expect(judge('guid', { ...none, renewed: 3 })).toEqual({ identity: 'link', changed: true, reason: null });
    expect(judge('guid', { ...none, reused: 3, kept: 1 }).identity).toBe('link');
    expect(judge('guid', { ...none, reused: 3, kept: 30 }).identity).toBe('guid');
  });
});

const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);

describe('entries of a feed', () => {
  let backend: Backend;
  let desk: Desk;

  beforeAll(async () => {
    if (!where) throw new Error('no backend');
    backend = await where.open();
    const sources = ['links', 'guids', 'numbers'].map((id) => outlet(id, id));
    desk = await openDesk(backend, sources);
    await registerSources(desk.db, sources);
  });
  afterAll(async () => {
    await desk.ledger.close();
    await backend.drop();
  });

  /** What a look finds, by GUID, path and title. */
  const visit = async (source: string, entries: [guid: string | null, path: string, title: string][]) => {
    const found = entries.map(([guid, path, title]): NewCandidate => {
      const hints = { guid, title, authors: [], publishedAt: null, updatedAt: null, summary: null, image: null };
      return {
        url: `https://${source}.example/${path}`,
        urlKey: `${source}.example/${path}`,
        hints: { ...hints, language: null, tags: [], via: 'feed' },
        rejected: null,
      };
    });
    const { candidates, switched } = await identify(desk.db, source, found);
    const { added } = await recordFound(desk.db, source, candidates);
    return { added, switched };
  };
  const TITLES = ['Rain', 'Wind', 'Tide', 'Storm'];

  it('whose links change at each look are known again by their GUIDs, and it is said', async () => {
    const at = (session: string) =>
      TITLES.map((t, i): [string, string, string] => [`id-${i}`, `${t}?session=${session}`, t]);
    expect(await visit('links', at('a'))).toMatchObject({ added: 4, switched: null });
    const second = await visit('links', at('b'));
    expect(second).toMatchObject({ added: 0, switched: { identity: 'guid' } });
    expect(await visit('links', [...at('c'), ['id-9', 'new', 'New']])).toMatchObject({ added: 1, switched: null });
    const rows = await desk.db
      .selectFrom('sourcelink.candidate')
      .select(['url'])
      .where('sourceId', '=', 'links')
      .execute();
    expect(rows.map((r) => r.url).sort()).toContain('https://links.example/Rain?session=c');
    const rhythm = (await readRhythms(desk.db, new Date())).get('links');
    expect(rhythm).toMatchObject({
      identity: 'guid',
      identityReason: expect.stringMatching(/^known by GUID: 4 entries/),
    });
  });

  it('whose GUIDs change are known by their links', async () => {
    const at = (session: string) => TITLES.map((t, i): [string, string, string] => [`${session}-${i}`, t, t]);
    await visit('guids', at('a'));
    expect(await visit('guids', at('b'))).toEqual({ added: 0, switched: null });
  });

  it('whose GUIDs are numbers on a page stay apart', async () => {
    await visit(
      'numbers',
      TITLES.map((t, i) => [String(i), t, t]),
    );
    const others = ['Snow', 'Hail', 'Fog', 'Sun'];
    expect(
      await visit(
        'numbers',
        others.map((t, i) => [String(i), t, t]),
      ),
    ).toEqual({ added: 4, switched: null });
    // One GUID for all says nothing of any.
    expect(
      await visit(
        'numbers',
        ['A', 'B', 'C'].map((t) => ['x', t, t]),
      ),
    ).toEqual({ added: 3, switched: null });
    expect(
      await visit(
        'numbers',
        ['D', 'E', 'F'].map((t) => ['x', t, t]),
      ),
    ).toEqual({ added: 3, switched: null });
  });

  it('give the source its rhythm: what was published since the first visit, and how late it was seen', async () => {
    const now = new Date();
    const run = { id: randomUUID(), sourceId: 'guids', discovering: true, startedAt: now };
    const counts = { requests: 1, notModified: 0, discovered: 0, fetched: 0, rendered: 0, failed: 0 };
    await finishVisit(
      desk.db,
      { ...run, ...counts },
      { state: 'moved', code: 'DISCOVER_MOVED', reason: 'r', how: null, answered: true },
      null,
      { channels: [], times: 2, seconds: 0 },
    );
    await desk.db
      .updateTable('sourcelink.visit')
      .set({ finishedAt: new Date(now.getTime() - 2 * 86_400_000) })
      .where('sourceId', '=', 'guids')
      .execute();
    const hints = (ago: number) => ({
      guid: null,
      title: 't',
      authors: [],
      updatedAt: null,
      summary: null,
      image: null,
      language: null,
      tags: [],
      via: 'feed',
      publishedAt: new Date(now.getTime() - ago).toISOString(),
    });
    const found = [60_000, 120_000, 600_000, 30 * 86_400_000].map((ago) => {
      return { url: `https://guids.example/${ago}`, urlKey: `guids.example/${ago}`, hints: hints(ago), rejected: null };
    });
    await recordFound(desk.db, 'guids', found);
    const rhythm = (await readRhythms(desk.db, new Date())).get('guids');
    expect(rhythm).toMatchObject({ perDay: 0, measured: 3, lastArticleAt: null });
    expect(rhythm?.lagSeconds).toBeGreaterThanOrEqual(119);
    expect(rhythm?.lagSeconds).toBeLessThan(150);
  });
});
