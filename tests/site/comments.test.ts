import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSite } from '../../site/open.js';
import { approvedComments, decideComment, waitingComments } from '../../site/store/comments.js';
import { tokenOf } from './form.js';
import { article, idOf, published, retracted } from './messages.js';
import { deskForTest, type Opened, openForTest, SETTINGS } from './open.js';

const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
const configFile = join(folder, 'site.yaml');
let now = new Date('2026-03-02T00:00:00Z');
let o: Opened;
beforeAll(async () => {
  writeFileSync(configFile, 'comments: true\n');
  o = await openForTest({ configFile, now: () => now, desk: deskForTest().desk });
});
afterAll(async () => {
  await o.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  now = new Date(now.getTime() + 2 * 3_600_000);
  await o.db.query('TRUNCATE site.comment');
  await o.site.receive(published('a'));
  await o.site.receive(published('b'));
});

const page = (name: string) => `/article/${article(name).slug}`;
const form = async (name: string, more: Record<string, string> = {}) => ({
  token: await tokenOf(o, `${page(name)}/comment`),
  name: 'Ada <b>Reader</b>',
  email: 'ada@reader.example',
  message: 'First <script>alert(1)</script>\r\nline.\r\n\r\nSecond paragraph.',
  ...more,
});
const write = async (name: string, more?: Record<string, string>) =>
  o.post(`${page(name)}/comment`, await form(name, more));
const approve = (id: string) => decideComment(o.db, id, { state: 'approved', by: 'an editor', at: now });

describe('comments', () => {
  it('wait for an editor, and appear as text, without the address, at once when approved', async () => {
    const answer = await write('a');
    expect(answer.status).toBe(303);
    expect(await o.text(answer.headers.get('location') ?? '')).toContain('An editor will read your comment');
    expect(await o.text(page('a'))).not.toContain('Second paragraph');
    const [waiting] = await waitingComments(o.db, 10);
    expect(waiting).toMatchObject({ articleId: idOf('a'), title: article('a').title, email: 'ada@reader.example' });
    expect(await approve(waiting?.id ?? '')).toEqual({ name: 'Ada <b>Reader</b>', title: article('a').title });
    now = new Date(now.getTime() + 1500);
    const { document: d } = parseHTML(await o.text(page('a')));
    expect(d.querySelector('#comments')?.textContent).toBe('1 comment');
    const shown = d.querySelector('.comments li');
    expect([...(shown?.querySelectorAll('.wrote') ?? [])].map((p) => p.textContent)).toEqual([
      'First <script>alert(1)</script>\nline.',
      'Second paragraph.',
    ]);
    expect(shown?.querySelector('b')?.textContent).toBe('Ada <b>Reader</b>');
    expect(d.toString()).not.toContain('ada@reader.example');
    expect(await o.text(page('b'))).not.toContain('Second paragraph');
    expect(await waitingComments(o.db, 10)).toEqual([]);
  });

  it('stay out when rejected, and go when an approval is taken back', async () => {
    await write('a');
    const [waiting] = await waitingComments(o.db, 10);
    const id = waiting?.id ?? '';
    await decideComment(o.db, id, { state: 'rejected', by: 'an editor', at: now });
    expect([await waitingComments(o.db, 10), await approvedComments(o.db, idOf('a'))]).toEqual([[], []]);
    await approve(id);
    expect(await approvedComments(o.db, idOf('a'))).toHaveLength(1);
    expect(await approve(idOf('nothing'))).toBeNull();
  });

  it('go with their article', async () => {
    await write('a');
    await o.site.receive(retracted('a', 9));
    expect(await o.db.query('SELECT id FROM site.comment')).toMatchObject({ rows: [] });
    expect((await o.get(`${page('a')}/comment`)).status).toBe(404);
    expect((await o.post(`${page('a')}/comment`, { message: 'late' })).status).toBe(404);
  });

  it('say what is missing and keep what was written', async () => {
    const answer = await write('b', { email: 'nobody', message: ' ' });
    expect(answer.status).toBe(400);
    const { document: d } = parseHTML(await answer.text());
    expect([...d.querySelectorAll('[aria-invalid="true"]')].map((e) => e.getAttribute('name'))).toEqual([
      'email',
      'message',
    ]);
    expect(d.querySelector('#name')?.getAttribute('value')).toBe('Ada <b>Reader</b>');
    expect(await waitingComments(o.db, 10)).toEqual([]);
  });

  it('need the form of that very article, opened here; programs are swallowed; five an hour', async () => {
    const good = await form('b');
    expect((await o.post(`${page('b')}/comment`, { ...good, token: 'x.y' })).status).toBe(403);
    await o.site.receive(published('c'));
    expect((await o.post(`${page('c')}/comment`, good)).status).toBe(403);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await o.post(`${page('b')}/comment`, good, foreign)).status).toBe(403);
    expect((await o.post(`${page('b')}/comment`, { ...good, website: 'x' })).status).toBe(303);
    expect(await waitingComments(o.db, 10)).toEqual([]);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await o.post(`${page('b')}/comment`, good)).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
    expect((await o.post(`${page('b')}/comment`, { ...good, message: 'x'.repeat(50_000) })).status).toBe(413);
  });

  it('cannot be switched on where nobody could approve them', async () => {
    await expect(openSite({ ...SETTINGS, db: o.db, configFile })).rejects.toThrow(/nobody could approve/);
  });

  it('are off unless the operator switches them on', async () => {
    const off = await openSite({ ...SETTINGS, db: o.db });
    try {
      const read = await (await fetch(off.url + page('b'))).text();
      expect(read).toContain('Source link');
      expect(read).not.toContain('comment');
      for (const method of ['GET', 'POST'])
        expect((await fetch(`${off.url}${page('b')}/comment`, { method, headers: { origin: off.url } })).status).toBe(
          404,
        );
    } finally {
      await off.close();
    }
  });
});
