import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../../../ledger/invariant.js';
import { type OpenApi, openApiServer, TOKEN } from '../../setup/api.js';
import { BACKENDS } from '../../setup/backends.js';
import { publishArticle } from '../../setup/published.js';

describe.each(BACKENDS.filter((b) => b.available).slice(0, 2))('actions of the API on $name', ({ open }) => {
  let api: OpenApi;
  beforeAll(async () => {
    api = await openApiServer({ backend: await open() });
  }, 180_000);
  afterAll(async () => {
    await api?.close();
  });

  /** All that waits for the sinks goes through. */
  const deliver = async () => {
    await api.desk.db.updateTable('sourcelink.delivery').set({ state: 'delivered', deliveredAt: new Date() }).execute();
    await api.desk.db
      .updateTable('sourcelink.candidate')
      .set({
        stage: 'done',
        outcome: sql`CASE WHEN id IN (SELECT candidate_id FROM sourcelink.tombstone) THEN 'retracted' ELSE 'published' END`,
        nextTryAt: null,
      })
      .where('stage', '=', 'publish')
      .execute();
  };

  it('are closed to who has not the token, and to all where none is set', async () => {
    const { id } = await publishArticle(api.desk.db);
    const path = `/v1/articles/${id}/retract`;
    for (const token of [null, 'wrong', `${TOKEN}x`, TOKEN.slice(1)]) {
      const answer = await api.post(path, { reason: 'x' }, token);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sourcelink"']);
      expect(await answer.text()).not.toContain(TOKEN);
    }
    expect((await api.get('/v1/actions')).status).toBe(401);
    expect((await api.get(`/v1/articles/${id}`)).status).toBe(200);
    const shut = await openApiServer({ token: null });
    const answer = await shut.post(path, { reason: 'x' });
    await shut.close();
    expect([answer.status, (await answer.json()).hint]).toEqual([403, expect.stringContaining('SOURCELINK_API_TOKEN')]);
  }, 180_000);

  it('withdraw an article once, however often they are sent, and tell the sinks', async () => {
    const { id, slug } = await publishArticle(api.desk.db);
    const statuses = [];
    for (const name of [slug, id, id])
      statuses.push((await api.post(`/v1/articles/${name}/retract`, { reason: 'asked for' })).status);
    expect(statuses).toEqual([200, 200, 200]);
    expect((await api.get(`/v1/articles/${id}`)).status).toBe(410);
    const owed = await api.desk.db
      .selectFrom('sourcelink.delivery')
      .select(['sink', 'revision'])
      .where('articleId', '=', id)
      .where('state', '=', 'pending')
      .execute();
    expect(owed).toEqual([{ sink: 'articles', revision: 2 }]);
    expect(api.desk.jobs).toContainEqual({ queue: 'publish', data: { sink: 'articles' } });
    await deliver();
  });

  it('file an article elsewhere, and say what is wrong with a category', async () => {
    const { id } = await publishArticle(api.desk.db);
    const filed = await api.post(`/v1/articles/${id}/categories`, { paths: ['sport', 'world/asia'] });
    expect(filed.status).toBe(200);
    const article = await (await api.get(`/v1/articles/${id}`)).json();
    expect(article.categories.map((c: { path: string; by: string }) => [c.path, c.by])).toEqual([
      ['sport', 'person'],
      ['world/asia', 'person'],
    ]);
    const wrong = await api.post(`/v1/articles/${id}/categories`, { paths: ['none'] });
    expect([wrong.status, (await wrong.json()).detail]).toEqual([422, 'There is no category `none`.']);
    await deliver();
  });

  it('split a copy from its original and make it one again', async () => {
    const [a, b] = [await publishArticle(api.desk.db), await publishArticle(api.desk.db)];
    expect((await api.post(`/v1/articles/${a.id}/split`)).status).toBe(422);
    expect((await api.post(`/v1/articles/${a.id}/merge`, { into: b.slug })).status).toBe(200);
    const waits = await api.desk.outcome(a.candidateId);
    expect(waits).toMatchObject({ stage: 'dedupe', outcome: null });
    expect((await api.post(`/v1/articles/${randomUUID()}/merge`, { into: b.id })).status).toBe(404);
  });

  it('move articles between stories and make two stories one', async () => {
    const rows = [await publishArticle(api.desk.db), await publishArticle(api.desk.db)];
    const ids = [];
    for (const r of rows) {
      const at = { firstSeenAt: new Date(), lastSeenAt: new Date() };
      await api.desk.db
        .insertInto('sourcelink.story')
        .values({ id: r.id, headlineId: r.id, ...at } as never)
        .execute();
      await api.desk.db.updateTable('sourcelink.article').set({ storyId: r.id }).where('id', '=', r.id).execute();
      ids.push(r.id);
    }
    const [one = '', two = ''] = ids;
    expect((await api.post(`/v1/stories/${one}/merge`, { into: two })).status).toBe(200);
    expect((await api.post(`/v1/stories/${one}/merge`, { into: two })).status).toBe(404);
    const moved = await api.post(`/v1/articles/${one}/story`, { into: null });
    const { story } = await moved.json();
    expect([moved.status, story === two]).toEqual([200, false]);
    const back = await api.post(`/v1/articles/${one}/story`, { into: two });
    expect(await back.json()).toEqual({ story: two });
  });

  it('pause, resume and visit a source', async () => {
    const stateOf = async () => {
      const { sources } = await (await api.get('/v1/sources')).json();
      return sources.find((s: { id: string }) => s.id === 'herald').state;
    };
    for (const n of [1, 2]) expect([n, (await api.post('/v1/sources/herald/pause')).status]).toEqual([n, 200]);
    expect(await stateOf()).toBe('paused');
    expect((await api.post('/v1/sources/herald/visit')).status).toBe(422);
    expect((await api.post('/v1/sources/herald/resume')).status).toBe(200);
    expect(await stateOf()).toBe('new');
    expect((await api.post('/v1/sources/herald/visit')).status).toBe(200);
    expect(api.desk.jobs).toContainEqual({ queue: 'crawl', data: { source: 'herald', discover: true } });
    expect((await api.post('/v1/sources/idle/visit')).status).toBe(422);
    expect((await api.post('/v1/sources/none/pause')).status).toBe(404);
  });

  it('pause and resume a sink', async () => {
    const sink = async () => (await (await api.get('/v1/sinks')).json()).sinks[0];
    expect((await api.post('/v1/sinks/articles/pause')).status).toBe(200);
    expect(await sink()).toMatchObject({ name: 'articles', paused: true });
    const before = api.desk.jobs.length;
    expect((await api.post('/v1/sinks/articles/resume')).status).toBe(200);
    expect(await sink()).toMatchObject({ paused: false });
    expect(api.desk.jobs.slice(before)).toEqual([{ queue: 'publish', data: { sink: 'articles' } }]);
    const wrong = await api.post('/v1/sinks/artikles/pause');
    expect([wrong.status, (await wrong.json()).hint]).toEqual([404, 'Did you mean `articles`?']);
  });

  it('send articles to a sink once more, each under a key of its own', async () => {
    await deliver();
    const [one, two] = [await publishArticle(api.desk.db), await publishArticle(api.desk.db)];
    await deliver();
    const owed = () =>
      api.desk.db
        .selectFrom('sourcelink.delivery')
        .select(['articleId', 'revision', 'replay'])
        .where('state', '=', 'pending')
        .execute();
    const sent = await api.post('/v1/sinks/articles/replay', { articles: [one.slug] });
    expect(await sent.json()).toEqual({ articles: 1 });
    expect(await owed()).toEqual([{ articleId: one.id, revision: 1, replay: 1 }]);
    const since = new Date(Date.now() + 60_000).toISOString();
    expect(await (await api.post('/v1/sinks/articles/replay', { since })).json()).toEqual({ articles: 0 });
    const rest = await (await api.post('/v1/sinks/articles/replay', { all: true })).json();
    expect(rest.articles).toBeGreaterThan(1);
    expect(await owed()).toContainEqual({ articleId: two.id, revision: 1, replay: 1 });
    for (const [body, status] of [
      [{}, 400],
      [{ all: true, since }, 400],
      [{ articles: [randomUUID()] }, 404],
    ] as const)
      expect([body, (await api.post('/v1/sinks/articles/replay', body)).status]).toEqual([body, status]);
    await deliver();
  });

  it('give what is dead another chance', async () => {
    const { candidateId } = await publishArticle(api.desk.db);
    await api.desk.db
      .updateTable('sourcelink.candidate')
      .set({ outcome: 'dead', deadStage: 'extract', code: 'EXTRACT_FAILED', reason: 'r' })
      .where('id', '=', candidateId)
      .execute();
    const answer = await api.post('/v1/dead/retry', { ids: [candidateId, 999_999] });
    expect(await answer.json()).toMatchObject({ retried: [{ id: candidateId, source: 'herald', stage: 'extract' }] });
    expect(await (await api.post('/v1/dead/retry', { all: true })).json()).toEqual({ retried: [] });
    expect((await api.post('/v1/dead/retry', {})).status).toBe(400);
  });

  it('leave a row each: who asked for what, and how it ended', async () => {
    const answer = await fetch(`${api.at}/v1/actions?limit=100`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const { actions } = await answer.json();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(actions).toContainEqual(
      expect.objectContaining({
        client: '127.0.0.1',
        action: 'pauseSource',
        subject: { source: 'herald' },
        outcome: 'done',
      }),
    );
    expect(actions).toContainEqual(
      expect.objectContaining({ action: 'visitSource', subject: { source: 'idle' }, outcome: 'USAGE' }),
    );
    expect(actions).toContainEqual(
      expect.objectContaining({ action: 'retractArticle', body: { reason: 'asked for' } }),
    );
    expect(JSON.stringify(actions)).not.toContain(TOKEN);
  });

  it('leave the ledger whole', async () => {
    await deliver();
    expect(await violations(api.desk.db, ['articles'])).toEqual([]);
  });
});
