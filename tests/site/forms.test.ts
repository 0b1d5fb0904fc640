import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RateLimit } from '../../site/rate-limit.js';
import { openNotices, settleNotice } from '../../site/store/notices.js';
import { decideTakedown, openTakedowns } from '../../site/store/takedowns.js';
import { tokenOf } from './form.js';
import { article, idOf, published, retracted } from './messages.js';
import { type Opened, openForTest } from './open.js';

let now = new Date('2026-03-01T00:00:00Z');
let o: Opened;
beforeAll(async () => {
  o = await openForTest({ now: () => now });
});
afterAll(() => o.close());
beforeEach(async () => {
  now = new Date(now.getTime() + 2 * 3_600_000);
  await o.db.query('TRUNCATE site.notice');
});

const token = (path: string): Promise<string> => tokenOf(o, path);
const filled = async (path: string, more: Record<string, string> = {}) => ({
  token: await token(path),
  name: 'Ada <b>Reader</b>',
  email: 'ada@reader.example',
  url: 'https://site.example/article/x',
  message: 'This report is mine, please remove it.',
  ...more,
});

describe('forms', () => {
  it('keep a message for a person to read, until somebody has', async () => {
    const answer = await o.post(
      '/contact',
      await filled('/contact', { message: 'This report is wrong,\0 please look at it.' }),
    );
    expect(answer.status).toBe(303);
    expect(await o.text(answer.headers.get('location') ?? '')).toContain('has arrived');
    const [kept] = await openNotices(o.db);
    expect(kept).toMatchObject({ name: 'Ada <b>Reader</b>', url: 'https://site.example/article/x', receivedAt: now });
    expect(kept?.message).toBe('This report is wrong, please look at it.');
    expect(await settleNotice(o.db, kept?.id ?? '', { by: 'an editor', at: now })).toBe('Ada <b>Reader</b>');
    expect(await openNotices(o.db)).toEqual([]);
    expect(await settleNotice(o.db, kept?.id ?? '', { by: 'an editor', at: now })).toBeNull();
    const { rows } = await o.db.query('SELECT state, name, email, url, message FROM site.notice');
    expect(rows).toEqual([{ state: 'done', name: '', email: '', url: null, message: '' }]);
  });

  it('say what is missing, keep what was written, and keep nothing else', async () => {
    const answer = await o.post('/contact', await filled('/contact', { email: 'nobody', message: 'short' }));
    expect(answer.status).toBe(400);
    const { document: d } = parseHTML(await answer.text());
    expect([...d.querySelectorAll('[aria-invalid="true"]')].map((e) => e.getAttribute('name'))).toEqual([
      'email',
      'message',
    ]);
    expect(d.querySelector('#name')?.getAttribute('value')).toBe('Ada <b>Reader</b>');
    expect(await openNotices(o.db)).toEqual([]);
  });

  it('refuse forged, foreign and stale tokens, and other sites', async () => {
    const good = await filled('/contact');
    for (const wrong of ['', 'x.y', `${good.token}x`, await token('/dmca')])
      expect((await o.post('/contact', { ...good, token: wrong })).status, wrong).toBe(403);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await o.post('/contact', good, foreign)).status).toBe(403);
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect((await o.post('/contact', good)).status).toBe(403);
    expect(await openNotices(o.db)).toEqual([]);
  });

  it('swallow what programs send', async () => {
    expect((await o.post('/contact', await filled('/contact', { website: 'https://spam.example' }))).status).toBe(303);
    expect(await openNotices(o.db)).toEqual([]);
  });

  it('take five messages an hour from one reader', async () => {
    const form = await filled('/contact');
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await o.post('/contact', form)).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
    now = new Date(now.getTime() + 3_600_000);
    expect((await o.post('/contact', await filled('/contact'))).status).toBe(303);
  });

  it('are not kept by caches, and refuse what is too large', async () => {
    expect((await o.get('/contact')).headers.get('cache-control')).toBe('no-store');
    expect((await o.post('/contact', { message: 'x'.repeat(100_000) })).status).toBe(413);
  });
});

describe('a notice of infringement', () => {
  const notice = async (more: Record<string, string> = {}) =>
    filled('/dmca', { goodFaith: 'yes', accurate: 'yes', ...more });

  it('comes on the review list with the article that its address means, however that is written', async () => {
    await o.site.receive(published('a'));
    const { slug, canonicalUrl } = article('a');
    for (const url of [
      `${o.site.url}/article/${slug}`,
      `https://www.public.example/article/${slug}/changes?x=1#top`,
      canonicalUrl,
      `${canonicalUrl}#comments`,
      'https://elsewhere.example/page',
    ])
      expect((await o.post('/dmca', await notice({ url }))).status, url).toBe(303);
    const open = await openTakedowns(o.db);
    expect(open.filter((t) => t.articleId === idOf('a'))).toHaveLength(4);
    expect(open.filter((t) => t.articleId === null).map((t) => t.url)).toEqual(['https://elsewhere.example/page']);
    expect(open.find((t) => t.articleId !== null)?.article).toEqual({
      slug,
      title: article('a').title,
      sourceName: 'The Herald',
      canonicalUrl,
      hidden: false,
    });
    // It is no message to be settled among the others.
    expect(await openNotices(o.db)).toEqual([]);
    await o.site.receive(retracted('a', 2));
    expect((await openTakedowns(o.db)).map((t) => t.article)).toEqual([null, null, null, null, null]);
  });

  it('leaves the list once, with who decided what and why', async () => {
    await o.post('/dmca', await notice());
    const [open] = await openTakedowns(o.db);
    const decision = { state: 'refused', reason: 'not theirs', by: 'an editor', at: now } as const;
    expect(await decideTakedown(o.db, open?.id ?? '', decision)).toMatchObject({ id: open?.id });
    expect(await decideTakedown(o.db, open?.id ?? '', { ...decision, state: 'granted' })).toBeNull();
    expect(await openTakedowns(o.db)).toEqual([]);
    const { rows } = await o.db.query('SELECT state, answer, decided_by, decided_at FROM site.notice');
    expect(rows).toEqual([{ state: 'refused', answer: 'not theirs', decided_by: 'an editor', decided_at: now }]);
  });

  it('must name the page and make both statements', async () => {
    const answer = await o.post('/dmca', await notice({ url: '', goodFaith: '', accurate: 'no' }));
    expect(answer.status).toBe(400);
    const { document: d } = parseHTML(await answer.text());
    expect([...d.querySelectorAll('[aria-invalid="true"]')].map((e) => e.getAttribute('name'))).toEqual([
      'url',
      'goodFaith',
      'accurate',
    ]);
    expect(await openTakedowns(o.db)).toEqual([]);
  });

  it('is begun from an article with its address filled in', async () => {
    await o.site.receive(published('b'));
    const { document: d } = parseHTML(await o.text(`/article/${article('b').slug}`));
    const link = [...d.querySelectorAll('.rights a')].find((e) => e.textContent?.includes('removal'));
    const form = parseHTML(await o.text(link?.getAttribute('href') ?? ''));
    expect(form.document.querySelector('#url')?.getAttribute('value')).toBe(
      `${o.site.url}/article/${article('b').slug}`,
    );
  });
});

describe('rate limit', () => {
  it('counts each apart, and forgets after its window', () => {
    let ms = 0;
    const limit = new RateLimit(2, 100, () => new Date(ms));
    expect([limit.allows('a'), limit.allows('a'), limit.allows('a'), limit.allows('b')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    ms = 100;
    expect(limit.allows('a')).toBe(true);
  });
});
