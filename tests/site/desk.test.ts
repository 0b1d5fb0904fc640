import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openSite } from '../../site/open.js';
import { hashOf } from '../../site/password.js';
import { tokenOf } from './form.js';
import { article, idOf, published, retracted, updated } from './messages.js';
import { DESK_PASSWORD, deskForTest, type Opened, openForTest, SETTINGS } from './open.js';

const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
const configFile = join(folder, 'site.yaml');
const { desk, asked, refusals } = deskForTest();
let now = new Date('2026-03-02T00:00:00Z');
let o: Opened;
let cookie = '';

beforeAll(async () => {
  writeFileSync(configFile, 'comments: true\n');
  o = await openForTest({ configFile, now: () => now, desk });
  cookie = await login('Ada Editor');
});
afterAll(async () => {
  await o.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  now = new Date(now.getTime() + 20 * 60_000);
  asked.length = 0;
});

async function login(name: string, password = DESK_PASSWORD): Promise<string> {
  const answer = await o.post('/desk/login', { token: await tokenOf(o, '/desk/login'), name, password, back: '/desk' });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}
const look = async (path: string) => parseHTML(await (await o.get(path, { cookie })).text()).document;
const act = async (from: string, path: string, form: Record<string, string> = {}) =>
  o.post(path, { token: await tokenOf(o, from, { cookie }), ...form }, { cookie });
const deskPage = (name: string) => `/desk/article/${idOf(name)}`;
const page = (name: string) => `/article/${article(name).slug}`;
const journal = async () => (await look('/desk/journal')).querySelector('table')?.textContent ?? '';

describe('the door of the desk', () => {
  it('is closed without a password of the operator', async () => {
    const closed = await openSite({ ...SETTINGS, db: o.db });
    try {
      for (const path of ['/desk', '/desk/login']) expect((await fetch(closed.url + path)).status, path).toBe(404);
    } finally {
      await closed.close();
    }
    const short = openSite({ ...SETTINGS, db: o.db, desk: { ...desk, password: 'short' } });
    await expect(short).rejects.toThrow(/12 characters/);
  });

  it('leads everybody who is not logged in to the form, and lets none of their forms through', async () => {
    for (const path of [
      '/desk',
      '/desk/comments',
      '/desk/removals',
      '/desk/messages',
      '/desk/journal',
      deskPage('a'),
    ]) {
      const answer = await o.get(path);
      expect([answer.status, answer.headers.get('location')], path).toEqual([
        303,
        `/desk/login?back=${encodeURIComponent(path)}`,
      ]);
    }
    await o.site.receive(published('a'));
    for (const deed of ['hide', 'pin', 'withdraw', 'category'])
      expect((await o.post(`${deskPage('a')}/${deed}`, { reason: 'by nobody', path: 'world' })).status).toBe(303);
    expect((await o.get(page('a'))).status).toBe(200);
    expect(asked).toEqual([]);
    expect((await o.get('/desk', { cookie: 'desk=made-up' })).status).toBe(303);
  });

  it('opens for the password alone, with a cookie that scripts and other sites do not get', async () => {
    expect(await login('Eve', 'a wrong password')).toBe('');
    const token = await tokenOf(o, '/desk/login');
    const form = { token, name: 'Bo', password: DESK_PASSWORD, back: '//evil.example/' };
    const answer = await o.post('/desk/login', form);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/desk']);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^desk=[\w-]{43}; Max-Age=43200; Path=\/desk; HttpOnly; SameSite=Strict$/,
    );
    expect((await o.post('/desk/login', { ...form, token: 'x.y' })).status).toBe(403);
    const { rows } = await o.db.query<{ id: string }>('SELECT id FROM site.session');
    expect(rows.some((r) => cookie.includes(r.id))).toBe(false);
  });

  it('lets nobody guess for long', async () => {
    const token = await tokenOf(o, '/desk/login');
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++)
      statuses.push((await o.post('/desk/login', { token, name: 'Eve', password: `guess ${i}` })).status);
    expect(statuses.slice(-2)).toEqual([403, 429]);
    expect((await o.post('/desk/login', { token, name: 'Eve', password: DESK_PASSWORD })).status).toBe(429);
    now = new Date(now.getTime() + 16 * 60_000);
    expect(await login('Eve')).not.toBe('');
  });

  it('ends a session at the log out and after twelve hours', async () => {
    const own = await login('Bo');
    expect((await o.get('/desk', { cookie: own })).status).toBe(200);
    const token = await tokenOf(o, '/desk', { cookie: own });
    expect((await o.post('/desk/logout', { token }, { cookie: own })).headers.get('location')).toBe('/');
    expect((await o.get('/desk', { cookie: own })).status).toBe(303);
    const late = await login('Bo');
    now = new Date(now.getTime() + 12 * 3_600_000);
    expect((await o.get('/desk', { cookie: late })).status).toBe(303);
    cookie = await login('Ada Editor');
  });

  it('takes no form of another session or site, and is kept by no cache', async () => {
    await o.site.receive(published('a'));
    const token = await tokenOf(o, deskPage('a'), { cookie: await login('Bo') });
    expect((await o.post(`${deskPage('a')}/hide`, { token, reason: 'x' }, { cookie })).status).toBe(403);
    const own = await tokenOf(o, deskPage('a'), { cookie });
    const foreign = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await o.post(`${deskPage('a')}/hide`, { token: own, reason: 'x' }, foreign)).status).toBe(403);
    expect((await o.get(page('a'))).status).toBe(200);
    expect((await o.get('/desk', { cookie })).headers.get('cache-control')).toBe('no-store');
  });
});

describe('editors with passwords of their own', () => {
  const file = join(folder, 'editors.yaml');
  let named: Opened;
  const enter = async (name: string, password: string): Promise<string> => {
    const answer = await named.post('/desk/login', {
      token: await tokenOf(named, '/desk/login'),
      name,
      password,
      back: '/desk',
    });
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  const openWith = async (password: string | null, editors: { name: string; password: string }[]) => {
    writeFileSync(file, stringify({ editors }));
    return openSite({ ...SETTINGS, db: named.db, configFile: file, now: () => now, desk: { ...desk, password } });
  };
  let ada = '';
  let bo = '';
  beforeAll(async () => {
    [ada, bo] = [await hashOf('the password of Ada'), await hashOf('the password of Bo')];
    const editors = [
      { name: 'Ada Marlow', password: ada },
      { name: 'Bo', password: bo },
    ];
    writeFileSync(file, stringify({ editors }));
    named = await openForTest({ configFile: file, now: () => now, desk: { ...desk, password: null } });
  });
  afterAll(() => named.close());

  it('enter by name, in whatever case, and the journal says who did what', async () => {
    await named.site.receive(published('n'));
    const own = await enter('ada marlow', 'the password of Ada');
    const token = await tokenOf(named, deskPage('n'), { cookie: own });
    await named.post(`${deskPage('n')}/pin`, { token }, { cookie: own });
    const { document } = parseHTML(await (await named.get('/desk/journal', { cookie: own })).text());
    expect(document.querySelector('tbody tr')?.textContent).toMatch(/Ada Marlow\s*pinned/);
  });

  it('do not enter with the password of another, nor under a name that nobody has', async () => {
    for (const [name, password] of [
      ['Ada Marlow', 'the password of Bo'],
      ['Bo', DESK_PASSWORD],
      ['Nobody', 'the password of Bo'],
      ['', 'the password of Bo'],
    ] as const)
      expect(await enter(name, password), name).toBe('');
  });

  it('share the desk with those who know the common password, but lend nobody their names', async () => {
    const both = await openWith(DESK_PASSWORD, [{ name: 'Ada Marlow', password: ada }]);
    const status = async (name: string, password: string) => {
      const page = await (await fetch(`${both.url}/desk/login`)).text();
      const token = parseHTML(page).document.querySelector('input[name="token"]')?.getAttribute('value') ?? '';
      const body = new URLSearchParams({ token, name, password, back: '/desk' });
      const headers = { origin: both.url };
      return (await fetch(`${both.url}/desk/login`, { method: 'POST', redirect: 'manual', headers, body })).status;
    };
    try {
      expect(await status('A guest', DESK_PASSWORD)).toBe(303);
      expect(await status('ADA MARLOW', DESK_PASSWORD)).toBe(403);
      expect(await status('Ada Marlow', 'the password of Ada')).toBe(303);
    } finally {
      await both.close();
    }
  });

  it('are out as soon as their password changes or they are off the list', async () => {
    const [of, other] = [await enter('Ada Marlow', 'the password of Ada'), await enter('Bo', 'the password of Bo')];
    const after = await openWith(null, [{ name: 'Ada Marlow', password: await hashOf('another password of Ada') }]);
    try {
      for (const cookie of [of, other])
        expect((await fetch(`${after.url}/desk`, { headers: { cookie }, redirect: 'manual' })).status).toBe(303);
      expect((await named.get('/desk', { cookie: of })).status).toBe(200);
    } finally {
      await after.close();
    }
  });

  it('are refused when their hash is none, or two have one name', async () => {
    await expect(openWith(null, [{ name: 'Ada', password: 'in the clear' }])).rejects.toThrow(
      /sourcelink site password/,
    );
    const twice = openWith(null, [
      { name: 'Ada', password: ada },
      { name: 'ADA', password: bo },
    ]);
    await expect(twice).rejects.toThrow(/same name/);
  });
});

describe('an editor', () => {
  it('pins an article to the top of Editors Picks and takes it out again', async () => {
    for (const n of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) await o.site.receive(published(n, { readingMinutes: 9 }));
    await o.site.receive(published('short', { title: 'A short one', readingMinutes: 1 }));
    const picks = async () => (await look('/')).querySelector('[aria-labelledby="editors"] .title')?.textContent;
    expect(await picks()).not.toBe('A short one');
    const answer = await act(deskPage('short'), `${deskPage('short')}/pin`);
    expect((await look(answer.headers.get('location') ?? '')).querySelector('.done')?.textContent).toContain('first');
    expect(await picks()).toBe('A short one');
    expect((await look('/desk')).querySelector('[aria-labelledby="pinned"] .title')?.textContent).toBe('A short one');
    await act(deskPage('short'), `${deskPage('short')}/unpin`);
    expect(await picks()).not.toBe('A short one');
    expect(await journal()).toMatch(/Ada Editor\s*unpinned\s*A short one/);
  });

  it('hides an article from everything that readers see, and shows its newest revision again', async () => {
    const more = { title: 'Hide and seek at Verity', tags: ['Seekers'] };
    await o.site.receive(published('h', more));
    await act(deskPage('h'), `${deskPage('h')}/hide`, { reason: 'to be checked' });
    for (const path of ['/', '/latest', '/search?q=seek', '/feed.json', '/sitemap-1.xml', '/source/herald'])
      expect(await o.text(path), path).not.toContain(article('h').slug);
    expect((await o.get(page('h'))).status).toBe(404);
    expect((await o.get('/tag/seekers')).status).toBe(404);
    expect((await look('/desk')).querySelector('[aria-labelledby="hidden"]')?.textContent).toContain('to be checked');
    // What arrives meanwhile stays aside with it.
    await o.site.receive(updated('h', 2, { ...more, title: 'Found at Verity' }));
    expect((await o.get(page('h'))).status).toBe(404);
    expect((await look(deskPage('h'))).querySelector('h1')?.textContent).toBe('Found at Verity');
    await act(deskPage('h'), `${deskPage('h')}/show`);
    expect((await look(page('h'))).querySelector('h1')?.textContent).toBe('Found at Verity');
    expect((await look(page('h'))).querySelector('.body')?.textContent).toContain('Source link');
    expect((await o.get('/tag/seekers')).status).toBe(200);
    expect((await look(`${page('h')}/changes`)).querySelector('del')?.textContent).toContain('Hide');
  });

  it('files an article under another category, through the caller', async () => {
    await o.site.receive(published('c'));
    await act(deskPage('c'), `${deskPage('c')}/category`, { path: 'science/oceans' });
    expect(asked).toEqual([['refile', idOf('c'), 'science/oceans']]);
    const wrong = await act(deskPage('c'), `${deskPage('c')}/category`, { path: 'nowhere' });
    expect(wrong.status).toBe(409);
    refusals.push(new Error('the article is looked at again just now'));
    const refused = await act(deskPage('c'), `${deskPage('c')}/category`, { path: 'science' });
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('looked at again just now')]);
    expect(asked).toHaveLength(1);
  });

  it('retracts an article: it is gone at once, the caller is asked, and readers see the reason', async () => {
    await o.site.receive(published('w'));
    expect((await act(deskPage('w'), `${deskPage('w')}/withdraw`, { reason: '' })).status).toBe(409);
    refusals.push(new Error('the ledger was away'));
    const failed = await act(deskPage('w'), `${deskPage('w')}/withdraw`, { reason: 'it was never true' });
    expect(await failed.text()).toContain('hidden here, but was not retracted elsewhere: the ledger was away');
    expect((await o.get(page('w'))).status).toBe(404);
    await act(deskPage('w'), `${deskPage('w')}/withdraw`, { reason: 'it was never true' });
    expect(asked).toEqual([['retract', idOf('w'), 'it was never true']]);
    await o.site.receive(retracted('w', 2, 'it was never true'));
    const gone = await o.get(page('w'));
    expect([gone.status, await gone.text()]).toEqual([410, expect.stringContaining('it was never true')]);
    expect((await look('/desk')).querySelector('[aria-labelledby="hidden"]')?.textContent ?? '').not.toContain(
      article('w').title,
    );
    expect(await journal()).toContain('retracted: it was never true');
  });

  it('shows comments and leaves them out', async () => {
    await o.site.receive(published('k'));
    const comment = `${page('k')}/comment`;
    for (const message of ['a good remark', 'a bad remark'])
      await o.post(comment, {
        token: await tokenOf(o, comment),
        name: 'Reader',
        email: 'reader@reader.example',
        message,
      });
    expect((await look('/desk')).querySelector('.deskbar')?.textContent).toContain('Comments (2)');
    for (const [message, decision] of [
      ['a good remark', 'approved'],
      ['a bad remark', 'rejected'],
    ] as const) {
      const row = [...(await look('/desk/comments')).querySelectorAll('.rows > li')].find((e) =>
        e.textContent?.includes(message),
      );
      await act('/desk/comments', row?.querySelector('form')?.getAttribute('action') ?? '', { decision });
    }
    const text = await o.text(page('k'));
    expect([text.includes('a good remark'), text.includes('a bad remark')]).toEqual([true, false]);
  });

  it('grants a removal, which retracts the article, and refuses another with a reason', async () => {
    await o.site.receive(published('r1'));
    await o.site.receive(published('r2'));
    for (const n of ['r1', 'r2'])
      await o.post('/dmca', {
        token: await tokenOf(o, '/dmca'),
        name: 'Owner',
        email: 'owner@owner.example',
        url: o.site.url + page(n),
        message: `the article ${n} is mine`,
        goodFaith: 'yes',
        accurate: 'yes',
      });
    const formOf = async (n: string) =>
      [...(await look('/desk/removals')).querySelectorAll('.rows > li')]
        .find((e) => e.textContent?.includes(`article ${n} is`))
        ?.querySelector('form')
        ?.getAttribute('action') ?? '';
    const grant = { decision: 'grant', reason: 'its owner asked' };
    refusals.push(new Error('the ledger was away'));
    expect((await act('/desk/removals', await formOf('r1'), grant)).status).toBe(409);
    // The request waits until the withdrawal went through; readers do not see the article meanwhile.
    expect((await o.get(page('r1'))).status).toBe(404);
    await act('/desk/removals', await formOf('r1'), grant);
    expect(asked).toEqual([['retract', idOf('r1'), 'its owner asked']]);
    await act('/desk/removals', await formOf('r2'), { decision: 'refuse', reason: 'not the owner' });
    expect((await o.get(page('r2'))).status).toBe(200);
    expect(await (await o.get('/desk/removals', { cookie })).text()).toContain('No requests are waiting');
    expect(await journal()).toContain('removal refused: not the owner');
  });

  it('reads messages and takes them off the list', async () => {
    await o.post('/contact', {
      token: await tokenOf(o, '/contact'),
      name: '<b>Reader</b>',
      email: 'reader@reader.example',
      message: 'A word <script>alert(1)</script> about the weather',
    });
    const { innerHTML } = (await look('/desk/messages')).querySelector('.rows') ?? { innerHTML: '' };
    expect(innerHTML).toContain('&lt;script&gt;');
    const action = (await look('/desk/messages')).querySelector('.rows form')?.getAttribute('action') ?? '';
    await act('/desk/messages', action);
    expect(await (await o.get('/desk/messages', { cookie })).text()).toContain('No messages are waiting');
  });
});
