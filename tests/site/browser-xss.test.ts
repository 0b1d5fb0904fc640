import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { watchedPage } from './browser-open.js';
import { tokenOf } from './form.js';
import { article, published, updated } from './messages.js';
import { DESK_PASSWORD, deskForTest, type Opened, openForTest } from './open.js';

const executablePath = inject('browser');
const set = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'xss', 'payloads.json');

/** Each would call `alert`, which the page reports, or fetch from another server. */
const EVIL = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</title></textarea></script><script>alert(1)</script>',
  '<a href="javascript:alert(1)">x</a><iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<img src="https://evil.example/p.png"><link rel=stylesheet href=//evil.example/s.css>',
].join(' ');

describe.skipIf(executablePath === null)('stored script injection, in a browser', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
  const sent: { text: string; html: string; subject: string }[] = [];
  let now = new Date('2026-03-05T06:00:00Z');
  let o: Opened;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    const configFile = join(folder, 'site.yaml');
    writeFileSync(configFile, 'comments: true\nnewsletter: { from: Wire <wire@wire.example> }\n');
    const { desk } = deskForTest();
    const mailer = {
      send: async (m: { text: string; html: string; subject: string }) => void sent.push(m),
      close: async () => undefined,
    };
    o = await openForTest({ configFile, desk, mailer, now: () => now });
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    ({ page, faults } = await watchedPage(browser, o.site.url));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await o?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a page and whatever of it can be opened; nothing may have run, and none of it may stand there as an element. */
  async function quiet(path: string): Promise<void> {
    await page.goto(o.site.url + path);
    await page.evaluate(() => {
      for (const d of document.querySelectorAll('details')) d.open = true;
    });
    const strange = await page
      .locator(
        'main :is(script, svg, iframe, link, style, object, embed, [onerror], [onload], a[href^="javascript:" i])',
      )
      .count();
    expect(strange, path).toBe(0);
    expect(faults, path).toEqual([]);
  }
  const slug = article('evil').slug;

  it('title, author, tags, categories, source, rights and body of an article', async () => {
    const more = {
      title: EVIL,
      excerpt: EVIL,
      html: `<p>${EVIL}</p><p><a href="https://herald.example/news/evil">Source link</a></p>`,
      authors: [EVIL],
      tags: [EVIL],
      categories: [{ path: 'world/evil', label: EVIL, confidence: 1, by: 'person' as const }],
      image: { url: 'https://evil.example/a.png', alt: EVIL, credit: EVIL, width: 10, height: 10 },
      source: { id: 'evil', name: EVIL, homepage: 'https://evil.example/' },
      rights: { level: 'excerpt' as const, reason: EVIL },
      story: { id: 'evil', size: 2, coverage: [{ source: EVIL, url: 'https://evil.example/', title: EVIL }] },
    };
    await o.site.receive(published('evil', more));
    await o.site.receive(updated('evil', 2, { ...more, title: `${EVIL} again` }));
    const lists = ['/', '/latest', '/category/world/evil', '/source', '/source/evil', '/story/evil'];
    for (const path of [...lists, `/article/${slug}`, `/article/${slug}/changes`]) await quiet(path);
    expect(await page.locator('main').textContent()).toContain('<script>alert(1)</script>');
  });

  it('search', async () => {
    for (const query of [EVIL, 'script', 'alert']) await quiet(`/search?q=${encodeURIComponent(query)}`);
    expect(await page.locator('.hit').count()).toBeGreaterThan(0);
    await quiet(`/nothing/${encodeURIComponent(EVIL)}`);
  });

  it('comment, before and after an editor shows it; DMCA form and message at the desk', async () => {
    const form = async (path: string, fields: Record<string, string>) =>
      expect((await o.post(path, { token: await tokenOf(o, path), ...fields })).status, path).toBe(303);
    const sender = { name: EVIL.slice(0, 80), email: 'eve@evil.example', message: EVIL };
    await form(`/article/${slug}/comment`, sender);
    const removal = { ...sender, url: `${o.site.url}/article/${slug}`, goodFaith: 'yes', accurate: 'yes' };
    await form('/dmca', removal);
    await form('/dmca', { ...removal, url: `https://evil.example/${encodeURIComponent(EVIL)}` });
    await form('/contact', { ...sender, url: 'https://evil.example/"><script>alert(1)</script>' });
    // A form that is shown again holds what was sent.
    const again = await o.post('/contact', { token: await tokenOf(o, '/contact'), ...sender, email: EVIL });
    expect(again.status).toBe(400);
    await page.setContent(await again.text());
    expect(await page.locator('main :is(svg, iframe)').count()).toBe(0);

    await page.goto(`${o.site.url}/desk`);
    await page.locator('#name').fill(EVIL.slice(0, 80));
    await page.locator('#password').fill(DESK_PASSWORD);
    await page.locator('form.notice button').click();
    for (const list of ['', '/stories', '/comments', '/removals', '/messages', '/newsletter'])
      await quiet(`/desk${list}`);
    await quiet('/desk/comments');
    await page.locator('text=Approve').click();
    for (const path of ['/desk/journal', `/desk/article/${article('evil').id}`, `/article/${slug}`]) await quiet(path);
    expect(await page.locator('.comments .wrote').textContent()).toContain('<script>alert(1)</script>');
  });

  it('newsletter: the address that subscribes, and the issue as a mail program shows it', async () => {
    const token = await tokenOf(o, '/newsletter');
    expect((await o.post('/newsletter', { token, email: `"${EVIL}"@evil.example` })).status).toBe(400);
    expect((await o.post('/newsletter', { token, email: 'ada@reader.example' })).status).toBe(303);
    await o.site.newsletter?.tick();
    const link = /http\S+\/newsletter\/\S+/.exec(sent.at(-1)?.text ?? '')?.[0] ?? '';
    await page.goto(link);
    await page.locator('main button').click();
    const at = new Date(now.getTime() + 1_800_000).toISOString();
    const body = { title: EVIL, excerpt: EVIL, publishedAt: at, fetchedAt: at };
    await o.site.receive(
      published('issue', { ...body, source: { id: 'e', name: EVIL, homepage: 'https://e.example/' } }),
    );
    now = new Date(now.getTime() + 2 * 3_600_000);
    await o.site.newsletter?.tick();
    const issue = sent.at(-1);
    expect(issue?.subject).not.toMatch(/[\r\n]/);
    // Without the site's policy, as in a mail program that runs scripts.
    const mail = await watchedPage(browser, o.site.url);
    await mail.page.setContent(issue?.html ?? '');
    expect(await mail.page.locator('body').textContent()).toContain('<script>alert(1)</script>');
    expect(mail.faults).toEqual([]);
    await mail.page.close();
  });

  it.skipIf(!existsSync(set))('the published set of hostile bodies', async () => {
    const payloads = z
      .array(z.object({ id: z.string(), payload: z.string() }))
      .parse(JSON.parse(readFileSync(set, 'utf8')));
    for (const { id, payload } of payloads) {
      const name = `payload-${id.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
      await o.site.receive(published(name, { html: payload, excerpt: payload, title: payload.trim() || 'empty' }));
      await quiet(`/article/${article(name).slug}`);
    }
    expect(payloads.length).toBeGreaterThan(100);
  });
});
