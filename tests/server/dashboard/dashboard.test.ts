import { HtmlValidate } from 'html-validate';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listActions } from '../../../ledger/actions.js';
import { violations } from '../../../ledger/invariant.js';
import { listSinks } from '../../../ledger/sinks.js';
import { isPaused } from '../../../ledger/sources.js';
import type { HttpServer } from '../../../server/http/server.js';
import { openHttp } from '../../../server/open.js';
import { HEADLINES } from '../../cli/outlet.js';
import { BACKENDS } from '../../setup/backends.js';
import { openQuay, type Quay } from '../../setup/quay.js';
import { axeFlaws } from '../../site/axe.js';
import { flawsOf } from '../../site/look.js';

const TOKEN = 'a-token-of-the-operator-0123456789';
const PAGES = ['', '/sources', '/extraction', '/dead', '/deliveries'].map((p) => `/dashboard${p}`);
const executablePath = inject('browser');

let quay: Quay;
let server: HttpServer;
let at = '';
let cookie = '';

const get = (path: string, headers: Record<string, string> = { cookie }) =>
  fetch(`${at}${path}`, { headers, redirect: 'manual' });
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = { cookie }) =>
  fetch(`${at}${path}`, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });
/** The hidden field that every form of a page carries. */
const formOf = async (path: string) => /name="form" value="([^"]+)"/.exec(await (await get(path)).text())?.[1] ?? '';
const press = async (action: string, subject: string, back = '/dashboard/sources') =>
  post('/dashboard/do', { form: await formOf(back), action, subject, back });

beforeAll(async () => {
  const backend = await BACKENDS[0]?.open();
  if (!backend) throw new Error('no backend');
  quay = await openQuay(backend);
  server = await openHttp(quay.pipeline, { stages: [], token: TOKEN });
  at = `http://127.0.0.1:${server.port}`;
  await quay.pass();
  const hints = JSON.stringify({ title: '<script>alert(1)</script> "&' });
  await quay.pipeline.ctx.db
    .updateTable('sourcelink.candidate')
    .set({ hints: hints as never, url: 'javascript:alert(2)' })
    .where('outcome', '=', 'dead')
    .execute();
  const answer = await post('/dashboard/login', { token: TOKEN, to: '/dashboard/dead' }, {});
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard/dead']);
  const set = answer.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/; Max-Age=43200; Path=\/dashboard; HttpOnly; SameSite=Strict$/);
  cookie = set.split(';')[0] ?? '';
}, 240_000);
afterAll(async () => {
  await server?.close();
  await quay?.close();
});

describe('the door of the dashboard', () => {
  it('is closed where no token is set', async () => {
    const closed = await openHttp(quay.pipeline, { stages: [], token: null });
    const answer = await fetch(`http://127.0.0.1:${closed.port}/dashboard/sources`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Set SOURCELINK_API_TOKEN')]);
    await closed.close();
  });

  it('lets nobody in without the right token, and asks for it before anything is shown', async () => {
    for (const path of PAGES) {
      const answer = await get(path, {});
      expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([
        303,
        `/dashboard/login?to=${encodeURIComponent(path)}`,
        '',
      ]);
    }
    const wrong = await post('/dashboard/login', { token: 'wrong', to: '/dashboard' }, {});
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([403, null]);
    const [until = ''] = cookie.replace(/^[^=]+=/, '').split('.');
    for (const forged of [
      `${until}.`,
      `${Number(until) + 1}.${cookie.split('.')[1]}`,
      'x',
      '.',
      `9999999999999.${'A'.repeat(43)}`,
    ])
      expect((await get('/dashboard', { cookie: `sourcelink_dashboard=${forged}` })).status, forged).toBe(303);
  });

  it('tells a client that guesses to wait', async () => {
    const other = await openHttp(quay.pipeline, { stages: [], token: TOKEN });
    const answers = [];
    for (let i = 0; i < 12; i++) {
      const body = new URLSearchParams({ token: `guess-${i}` });
      answers.push((await fetch(`http://127.0.0.1:${other.port}/dashboard/login`, { method: 'POST', body })).status);
    }
    await other.close();
    expect(answers.at(-1)).toBe(429);
  });

  it('leads nowhere else', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/dashboard/\\evil', '/dashboardx', '/v1/sources'])
      expect(await (await get(`/dashboard/login?to=${encodeURIComponent(to)}`, {})).text()).toContain(
        'name="to" value="/dashboard"',
      );
    const answer = await press('visitSource', 'quay', '/dashboard/sources');
    expect(answer.headers.get('location')).toMatch(/^\/dashboard\/sources\?said=/);
  });
});

describe('the pages of the dashboard', () => {
  it('show sources, stages, what is dead with its reason, and sinks', async () => {
    const text = async (path: string) => (await (await get(path)).text()).replace(/\s+/g, ' ');
    expect(await text('/dashboard')).toContain(`Articles per hour: ${HEADLINES.length} in 48 hours.`);
    expect(await text('/dashboard/sources')).toMatch(/The Quay<\/a>.*data-head="Published">5</);
    expect(await text('/dashboard/dead')).toMatch(/FETCH_NOT_FOUND<\/strong>.*The page does not exist \(404\)/);
    expect(await text('/dashboard/extraction')).toMatch(/quay<\/th>.*FETCH_NOT_FOUND/);
    expect(await text('/dashboard/deliveries')).toMatch(/articles<\/th>.*queue<\/td>/);
  });

  it('hold no markup of an outlet, and run no script', async () => {
    const page = await (await get('/dashboard/dead')).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script');
    expect(page).not.toContain('href="javascript');
    const policy = (await get('/dashboard')).headers.get('content-security-policy') ?? '';
    expect(policy).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'self'; img-src data:; form-action 'self'",
    );
    expect((await get('/v1/sources', {})).headers.get('content-security-policy')).toContain('sandbox');
  });

  it('are valid HTML', async () => {
    const checker = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
    for (const path of [...PAGES, '/dashboard/login', '/dashboard/dead?source=quay&said=Done.']) {
      const report = await checker.validateString(await (await get(path)).text());
      expect(report.results.flatMap((r) => r.messages.map((m) => `${path}: ${m.ruleId} ${m.message}`))).toEqual([]);
    }
  });
});

describe('the buttons of the dashboard', () => {
  it('do nothing for a form that is not of this session, and for one of another site', async () => {
    const { db } = quay.pipeline.ctx;
    const before = (await listActions(db, 100)).length;
    const sent = { action: 'pauseSource', subject: 'quay', back: '/dashboard' };
    expect((await post('/dashboard/do', sent)).status).toBe(400);
    expect((await post('/dashboard/do', { ...sent, form: 'A'.repeat(43) })).status).toBe(400);
    const form = await formOf('/dashboard');
    expect((await post('/dashboard/do', { ...sent, form }, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(
      403,
    );
    expect((await post('/dashboard/do', { ...sent, form }, {})).headers.get('location')).toMatch(/^\/dashboard\/login/);
    expect([await isPaused(db, 'quay'), (await listActions(db, 100)).length]).toEqual([false, before]);
  });

  it('pause and resume a source and a sink, and are in the record', async () => {
    const { db, now } = quay.pipeline.ctx;
    const said = await press('pauseSource', 'quay');
    expect(decodeURIComponent(said.headers.get('location') ?? '')).toContain('quay+is+paused.');
    expect(await isPaused(db, 'quay')).toBe(true);
    await press('resumeSource', 'quay');
    expect(await isPaused(db, 'quay')).toBe(false);
    const paused = async () => (await listSinks(db, now())).map((s) => s.paused);
    await press('pauseSink', 'articles');
    expect(await paused()).toEqual([true]);
    await press('resumeSink', 'articles');
    expect(await paused()).toEqual([false]);
    expect((await listActions(db, 4)).map((a) => [a.action, a.outcome])).toEqual(
      ['resumeSink', 'pauseSink', 'resumeSource', 'pauseSource'].map((a) => [a, 'done']),
    );
  });

  it('give what is dead another chance', async () => {
    const { db } = quay.pipeline.ctx;
    const dead = async () =>
      (
        await db.selectFrom('sourcelink.candidate').select('id').where('outcome', '=', 'dead').orderBy('id').execute()
      ).map((r) => r.id);
    const before = await dead();
    expect(before.length).toBe(1);
    expect((await press('retryDead', before.join(','), '/dashboard/dead')).status).toBe(303);
    expect(await dead()).toEqual([]);
    expect(await violations(db, ['articles'])).toEqual([]);
  }, 120_000);

  it('say what cannot be done', async () => {
    const unknown = await press('pauseSource', 'nobody');
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      expect.stringContaining('There is no source `nobody`'),
    ]);
    for (const [action, subject] of [
      ['toString', 'x'],
      ['retractArticle', 'x'],
      ['retryDead', 'x,y'],
      ['pauseSource', ''],
    ])
      expect((await press(action ?? '', subject ?? '')).status, action).toBe(400);
  });
});

describe.skipIf(executablePath === null)('the dashboard in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  it('is logged into and used without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${at}/dashboard/deliveries`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Pause deliveries to articles' }).click();
    expect(await page.getByRole('status').textContent()).toBe('Deliveries to articles are paused.');
    await page.getByRole('button', { name: 'Resume deliveries to articles' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    expect(new URL(page.url()).pathname).toBe('/dashboard/login');
    await context.close();
  }, 60_000);

  it('fits 360, 1280 and 1440 pixels, and passes WCAG 2.2 AA in both schemes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 360, height: 800 },
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('console', (m) => void (m.type() === 'error' && faults.push(m.text())));
      page.on(
        'request',
        (r) => void (r.url().startsWith(at) || r.url().startsWith('data:') || faults.push(`asks ${r.url()}`)),
      );
      await context.addCookies([
        { name: 'sourcelink_dashboard', value: cookie.replace(/^[^=]+=/, ''), url: `${at}/dashboard` },
      ]);
      for (const path of ['/dashboard/login', ...PAGES]) {
        await page.goto(at + path);
        for (const width of [360, 1280, 1440]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(wide, `${path} at ${width}`).toBeLessThanOrEqual(0);
          expect(await axeFlaws(page), `${path} at ${width}, ${colorScheme}`).toEqual([]);
          expect(await flawsOf(page), `${path} at ${width}`).toEqual([]);
        }
      }
      expect(faults).toEqual([]);
      await context.close();
    }
  }, 120_000);
});
