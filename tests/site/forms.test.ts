import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RateLimit } from '../../site/rate-limit.js';
import { openNotices } from '../../site/store/notices.js';
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

const token = async (path: string): Promise<string> =>
  parseHTML(await o.text(path))
    .document.querySelector('input[name="token"]')
    ?.getAttribute('value') ?? '';
const filled = async (path: string, more: Record<string, string> = {}) => ({
  token: await token(path),
  name: 'Ada <b>Reader</b>',
  email: 'ada@reader.example',
  url: 'https://site.example/article/x',
  message: 'This report is mine, please remove it.',
  ...more,
});

describe('forms', () => {
  it('keep a notice for a person to read', async () => {
    const answer = await o.post(
      '/dmca',
      await filled('/dmca', { message: 'This report is mine,\0 please remove it.' }),
    );
    expect(answer.status).toBe(303);
    expect(await o.text(answer.headers.get('location') ?? '')).toContain('has arrived');
    expect(await openNotices(o.db)).toMatchObject([
      { kind: 'dmca', name: 'Ada <b>Reader</b>', url: 'https://site.example/article/x', receivedAt: now },
    ]);
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
