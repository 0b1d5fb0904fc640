import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArticleRow } from '../../../ledger/articles.js';
import { violations } from '../../../ledger/invariant.js';
import { retractArticle } from '../../../workers/editorial/editing.js';
import { type OpenApi, openApiServer } from '../../setup/api.js';
import { BACKENDS } from '../../setup/backends.js';
import { publishArticle, revise } from '../../setup/published.js';

const day = (n: number, hour = 8) => new Date(Date.UTC(2026, 2, n, hour));
const filed = (path: string) => [{ path, label: path, confidence: 0.9, by: 'keywords' as const }];

describe.each(BACKENDS.filter((b) => b.available))('the API on $name', ({ open }) => {
  let api: OpenApi;
  const stored = new Map<string, ArticleRow>();
  const story = randomUUID();

  beforeAll(async () => {
    api = await openApiServer({ backend: await open() });
    const put = async (name: string, more: Partial<ArticleRow>) => {
      const seen = { firstSeenAt: day(20), publishedAt: day(1), ...more };
      stored.set(
        name,
        await publishArticle(api.desk.db, { title: name, slug: name.toLowerCase().replaceAll(' ', '-'), ...seen }),
      );
    };
    await put('Oldest', { publishedAt: day(1), language: 'de', categories: filed('sport') });
    await put('In Asia', { publishedAt: day(2), language: 'en-GB', categories: filed('world/asia') });
    await put('Around the world', {
      publishedAt: day(3),
      sourceId: 'gazette',
      categories: filed('world'),
      storyId: story,
    });
    await put('Without a date', { publishedAt: null, firstSeenAt: day(4), excerpt: 'The ferry stops for repairs.' });
    await put('From the future', { publishedAt: day(400), firstSeenAt: day(5), storyId: story });
    await put('港湾再開', { slug: 'harbour-ja', publishedAt: day(6), language: 'ja' });
    const full = { level: 'full' as const, reason: 'public domain', signals: [] };
    await put('In full', { publishedAt: day(7), rights: full });
    await put('Only linked', { publishedAt: day(8), excerpt: 'Secret walrus.', rights: { ...full, level: 'link' } });
    await put('Withdrawn', { publishedAt: day(9) });
    await retractArticle(api.desk.ctx, stored.get('Withdrawn')?.id ?? '', 'at the request of a person named in it');
    await api.desk.db.updateTable('sourcelink.delivery').set({ state: 'delivered' }).execute();
    await api.desk.db
      .updateTable('sourcelink.candidate')
      .set({ stage: 'done', outcome: 'retracted', nextTryAt: null })
      .where('stage', '=', 'publish')
      .execute();
    await api.desk.db
      .insertInto('sourcelink.story')
      .values({
        id: story,
        headlineId: stored.get('Around the world')?.id ?? '',
        firstSeenAt: day(3),
        lastSeenAt: day(5),
      } as never)
      .execute();
  }, 180_000);
  afterAll(async () => {
    await api?.close();
  });

  const titles = async (query: string): Promise<string[]> => {
    const answer = await api.get(`/v1/articles${query}`);
    const body = await answer.json();
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
    return body.articles.map((a: { title: string }) => a.title);
  };

  it('lists articles newest first: by publication, by first sight where that is not known or lies ahead', async () => {
    expect(await titles('')).toEqual([
      'Only linked',
      'In full',
      '港湾再開',
      'From the future',
      'Without a date',
      'Around the world',
      'In Asia',
      'Oldest',
    ]);
  });

  it('filters by category with what lies below, source, story, language with its regions, and time', async () => {
    expect(await titles('?category=world')).toEqual(['Around the world', 'In Asia']);
    expect(await titles('?category=world/asia')).toEqual(['In Asia']);
    expect(await titles('?source=gazette')).toEqual(['Around the world']);
    expect(await titles(`?story=${story}`)).toEqual(['From the future', 'Around the world']);
    expect(await titles('?language=EN&until=2026-03-03')).toEqual(['In Asia']);
    expect(await titles('?since=2026-03-03&until=2026-03-05T08:00:00Z')).toEqual([
      'Without a date',
      'Around the world',
    ]);
    expect(await titles('?since=2026-03-08T09:00:00%2B01:00')).toEqual(['Only linked']);
  });

  it('finds words of headline and excerpt, phrases, and texts without spaces; never what may not be republished', async () => {
    expect(await titles('?q=ferry%20repairs')).toEqual(['Without a date']);
    expect(await titles('?q=%22the%20world%22')).toEqual(['Around the world']);
    expect(await titles(`?q=${encodeURIComponent('再開')}`)).toEqual(['港湾再開']);
    expect(await titles('?q=walrus')).toEqual([]);
  });

  it('goes through the list in parts that neither skip nor repeat, whatever is published meanwhile', async () => {
    const seen: string[] = [];
    let path: string | null = '/v1/articles?limit=3';
    for (let n = 0; path !== null; n++) {
      const answer: Response = await api.get(path);
      const { articles, next } = await answer.json();
      seen.push(...articles.map((a: { title: string }) => a.title));
      const link = answer.headers.get('link');
      expect(link === null).toBe(next === null);
      path = link === null ? null : (/<(.*)>/.exec(link)?.[1] ?? null);
      if (n === 0)
        await publishArticle(api.desk.db, { title: 'Meanwhile', publishedAt: day(10), firstSeenAt: day(20) });
    }
    expect(seen).toEqual([
      'Only linked',
      'In full',
      '港湾再開',
      'From the future',
      'Without a date',
      'Around the world',
      'In Asia',
      'Oldest',
    ]);
    expect((await titles('?limit=1'))[0]).toBe('Meanwhile');
  });

  it('gives an article by id and by slug exactly as it was sent, with no more of it than its rights allow', async () => {
    const row = stored.get('In full');
    const { message } = await api.desk.db
      .selectFrom('sourcelink.revision')
      .select('message')
      .where('articleId', '=', row?.id ?? '')
      .executeTakeFirstOrThrow();
    for (const name of [row?.id, row?.slug]) {
      const answer = await api.get(`/v1/articles/${name}`);
      expect(await answer.json()).toEqual(message.article);
    }
    const linked = await (await api.get('/v1/articles/only-linked')).json();
    expect([linked.excerpt, linked.text, linked.image, linked.rights.level]).toEqual(['', undefined, null, 'link']);
    expect(linked.html).toContain('Source link');
  });

  it('answers 410 with the tombstone for what was retracted, and shows none of it anywhere', async () => {
    for (const path of ['/v1/articles/withdrawn', '/v1/articles/withdrawn/revisions']) {
      const answer = await api.get(path);
      expect(answer.status).toBe(410);
      const body = await answer.json();
      expect(body).toMatchObject({
        code: 'HTTP_GONE',
        detail: expect.stringContaining('at the request of a person named in it'),
        tombstone: { type: 'article.retracted', revision: 2, reason: 'at the request of a person named in it' },
      });
      expect(JSON.stringify(body)).not.toContain('The harbour of Port Verity');
    }
    expect(await titles('?q=withdrawn')).toEqual([]);
  });

  it('tells what became of an article, without the texts that earlier rights allowed', async () => {
    const row = stored.get('Oldest');
    if (!row) throw new Error('not stored');
    const later = { ...row, title: 'Oldest, corrected', html: '<p>Corrected text.</p>' };
    await revise(api.desk.db, later, day(21));
    const answer = await api.get('/v1/articles/oldest/revisions');
    const { revisions } = await answer.json();
    expect(revisions).toEqual([
      expect.objectContaining({
        revision: 2,
        type: 'article.updated',
        title: 'Oldest, corrected',
        changed: expect.arrayContaining(['title']),
      }),
      expect.objectContaining({
        revision: 1,
        type: 'article.published',
        title: 'Oldest',
        changed: [],
        because: 'article',
      }),
    ]);
    expect(JSON.stringify(revisions)).not.toContain('harbour of Port Verity');
  });

  it('lists stories and gives one with its published articles; one that was merged answers as the other', async () => {
    const { stories } = await (await api.get('/v1/stories')).json();
    expect(stories).toEqual([expect.objectContaining({ id: story, size: 2, sources: 2, title: 'Around the world' })]);
    const gone = randomUUID();
    await api.desk.db
      .insertInto('sourcelink.story')
      .values({
        id: gone,
        headlineId: stored.get('Oldest')?.id ?? '',
        firstSeenAt: day(1),
        lastSeenAt: day(1),
        mergedInto: story,
      } as never)
      .execute();
    const one = await (await api.get(`/v1/stories/${gone}`)).json();
    expect([one.id, one.articles.map((a: { title: string }) => a.title)]).toEqual([
      story,
      ['From the future', 'Around the world'],
    ]);
    expect((await api.get(`/v1/stories/${randomUUID()}`)).status).toBe(404);
  });

  it('lists categories with counts, sources with their states, and sinks with what they are owed', async () => {
    const { categories } = await (await api.get('/v1/categories')).json();
    expect(categories.map((c: { path: string; articles: number }) => [c.path, c.articles])).toEqual([
      ['world', 1],
      ['world/asia', 1],
      ['sport', 1],
    ]);
    const { sources } = await (await api.get('/v1/sources')).json();
    expect(sources.map((s: { id: string; state: string }) => [s.id, s.state])).toEqual([
      ['herald', 'new'],
      ['gazette', 'new'],
      ['idle', 'off'],
    ]);
    const { sinks } = await (await api.get('/v1/sinks')).json();
    expect(sinks).toEqual([
      expect.objectContaining({ name: 'articles', type: 'queue', waiting: 0, lagSeconds: 0, paused: false }),
    ]);
  });

  it('sends nothing twice: tag and date of what a client has are answered with 304', async () => {
    const path = '/v1/articles/in-full';
    const first = await api.get(path);
    const [etag, modified] = [first.headers.get('etag') ?? '', first.headers.get('last-modified') ?? ''];
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    const again = await api.get(path, { 'if-none-match': `"other", W/${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await api.get(path, { 'if-modified-since': modified })).status).toBe(304);
    expect((await api.get(path, { 'if-modified-since': 'Mon, 02 Mar 2026 09:59:59 GMT' })).status).toBe(200);
    // The tag decides where both are sent (RFC 9110, section 13.2.2).
    expect((await api.get(path, { 'if-none-match': '"other"', 'if-modified-since': modified })).status).toBe(200);
    const list = await api.get('/v1/articles');
    expect((await api.get('/v1/articles', { 'if-none-match': list.headers.get('etag') ?? '' })).status).toBe(304);
    // A change of this very minute may have company that is not yet committed.
    expect(list.headers.get('last-modified')).toBeNull();
    await api.desk.db
      .updateTable('sourcelink.revision')
      .set({ createdAt: day(1, 9) })
      .execute();
    const settled = await api.get('/v1/articles');
    expect(settled.headers.get('last-modified')).toBe('Sun, 01 Mar 2026 09:00:00 GMT');
  });

  it('compresses where that saves something, under a tag of its own', async () => {
    const plain = await api.get('/v1/articles', { 'accept-encoding': 'identity, gzip;q=0' });
    const zipped = await api.get('/v1/articles', { 'accept-encoding': 'gzip' });
    expect([plain.headers.get('content-encoding'), zipped.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(zipped.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(zipped.headers.get('vary')).toContain('Accept-Encoding');
    expect(await zipped.json()).toEqual(await plain.json());
  });

  it.each([
    ['/v1/articles?categry=world', /categry/],
    ['/v1/articles?category=wrld', /no category `wrld`.*Did you mean `world`/],
    ['/v1/articles?source=herld', /no source `herld`.*Did you mean `herald`/],
    ['/v1/articles?limit=0', /limit/],
    ['/v1/articles?limit=101', /limit/],
    ['/v1/articles?limit=many', /limit/],
    ['/v1/articles?since=yesterday', /since.*2026-03-01/],
    ['/v1/articles?cursor=abc', /cursor.*unchanged/],
    ['/v1/articles?limit=1&limit=2', /limit.*2 times.*once/],
    ['/v1/articles?q=%00', /q.*cannot be stored/],
    ['/v1/stories/none', /story/],
  ])('refuses %s and says what is wrong', async (path, said) => {
    const answer = await api.get(path);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(said);
  });

  it('names the methods that a path has', async () => {
    const answer = await api.post('/v1/articles', {});
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await (await api.get('/v1/dead/retry')).json()).code).toBe('HTTP_METHOD');
  });

  it('leaves the ledger as it was', async () => {
    expect(await violations(api.desk.db, ['articles'])).toEqual([]);
  });
});
