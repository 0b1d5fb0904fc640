import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SiteDb } from '../../site/store/database.js';
import { migrateSite } from '../../site/store/migrations.js';
import { receiveMessage } from '../../site/store/receive.js';
import { freshDatabase } from './database.js';
import { article, idOf, published, retracted, updated } from './messages.js';

let db: SiteDb;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await freshDatabase());
  await migrateSite(db, new Date('2026-03-01T00:00:00Z'));
});
afterAll(() => close());
beforeEach(async () => {
  await db.query('TRUNCATE site.article, site.shelf, site.article_revision, site.tombstone, site.word');
});

const all = async <T>(text: string): Promise<T[]> => (await db.query<T>(text)).rows;

describe('receive', () => {
  it('puts an article on its shelves: its categories with those above, tags, authors, source', async () => {
    expect((await receiveMessage(db, published('a'))).did).toBe('published');
    const shelves = await all<{ kind: string; key: string }>('SELECT kind, key FROM site.shelf ORDER BY kind, key');
    expect(shelves.map((s) => `${s.kind}:${s.key}`)).toEqual([
      'author:ada-byline',
      'category:world',
      'category:world/harbours',
      'source:herald',
      'tag:port-verity',
    ]);
  });

  it('takes the same message any number of times as one', async () => {
    await receiveMessage(db, published('a'));
    expect((await receiveMessage(db, published('a'))).did).toBe('stale');
    expect(await all('SELECT id FROM site.article')).toHaveLength(1);
    expect(await all('SELECT revision FROM site.article_revision')).toHaveLength(1);
  });

  it('shows the highest revision whatever the order, and keeps all of them', async () => {
    await receiveMessage(db, updated('a', 3, { title: 'Third' }));
    await receiveMessage(db, published('a', { title: 'First' }));
    await receiveMessage(db, updated('a', 2, { title: 'Second' }));
    expect(await all('SELECT title, revision FROM site.article')).toEqual([{ title: 'Third', revision: 3 }]);
    expect(await all('SELECT title FROM site.article_revision ORDER BY revision')).toEqual([
      { title: 'First' },
      { title: 'Second' },
      { title: 'Third' },
    ]);
  });

  it('moves an updated article from the shelves that it left to those that it came to', async () => {
    await receiveMessage(db, published('a'));
    await receiveMessage(db, updated('a', 2, { categories: [], tags: ['Storm', 'Port Verity'] }));
    const shelves = await all<{ key: string }>(
      "SELECT key FROM site.shelf WHERE kind IN ('category', 'tag') ORDER BY 1",
    );
    expect(shelves.map((s) => s.key)).toEqual(['port-verity', 'storm']);
  });

  it('leaves nothing of a retracted article but who withdrew it and why', async () => {
    await receiveMessage(db, published('a'));
    expect((await receiveMessage(db, retracted('a', 2))).did).toBe('retracted');
    for (const table of ['article', 'shelf', 'article_revision'])
      expect(await all(`SELECT * FROM site.${table}`)).toEqual([]);
    expect(await all('SELECT slug, reason FROM site.tombstone')).toEqual([
      { slug: article('a').slug, reason: 'the publisher withdrew it' },
    ]);
  });

  it('keeps out what is older than a retraction, and takes in what is newer', async () => {
    await receiveMessage(db, retracted('a', 2));
    expect((await receiveMessage(db, published('a'))).did).toBe('stale');
    expect(await all('SELECT id FROM site.article')).toEqual([]);
    expect(await all('SELECT * FROM site.article_revision')).toEqual([]);
    expect((await receiveMessage(db, updated('a', 3))).did).toBe('updated');
    expect(await all('SELECT id FROM site.tombstone')).toEqual([]);
    expect((await receiveMessage(db, retracted('a', 2))).did).toBe('stale');
    expect(await all('SELECT id FROM site.article')).toEqual([{ id: idOf('a') }]);
  });

  it('sorts an undated article by its first fetch, and one from the future by its fetch', async () => {
    await receiveMessage(db, published('undated', { publishedAt: null, fetchedAt: '2026-03-02T00:00:00.000Z' }));
    await receiveMessage(db, updated('undated', 2, { publishedAt: null, fetchedAt: '2026-03-09T00:00:00.000Z' }));
    await receiveMessage(db, published('future', { publishedAt: '2036-01-01T00:00:00.000Z' }));
    const rows = await all<{ sort_at: Date }>('SELECT sort_at FROM site.article ORDER BY sort_at');
    expect(rows.map((r) => r.sort_at.toISOString())).toEqual(['2026-03-01T09:00:00.000Z', '2026-03-02T00:00:00.000Z']);
  });

  it('refuses what is not of the contract', async () => {
    await expect(receiveMessage(db, { type: 'article.published', version: 1 })).rejects.toThrow();
    await expect(receiveMessage(db, { ...published('a'), version: 2 })).rejects.toThrow();
  });

  it('counts what changes and nothing else, so that other processes notice', async () => {
    const count = async () => Number((await all<{ count: unknown }>('SELECT count FROM site.change'))[0]?.count);
    const before = await count();
    await receiveMessage(db, published('a'));
    await receiveMessage(db, published('a'));
    await receiveMessage(db, retracted('a', 2));
    expect((await count()) - before).toBe(2);
  });

  it('brings its tables up to date again and again, and refuses those of a newer version', async () => {
    await migrateSite(db, new Date('2026-03-02T00:00:00Z'));
    await db.query("INSERT INTO site.migration VALUES (99, '2026-03-02')");
    await expect(migrateSite(db, new Date('2026-03-02T00:00:00Z'))).rejects.toThrow(/version 99/);
    await db.query('DELETE FROM site.migration WHERE version = 99');
  });
});
