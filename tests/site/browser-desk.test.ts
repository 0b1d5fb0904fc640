import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { smtpMailer } from '../../site/open.js';
import { axeFlaws } from './axe.js';
import { fillMessages } from './fill.js';
import { readLetter } from './letter.js';
import { flawsOf } from './look.js';
import { type MailServer, startMailServer } from './mail-server.js';
import { article, idOf, published, retracted } from './messages.js';
import { DESK_PASSWORD, deskForTest, type Opened, openForTest } from './open.js';

const executablePath = inject('browser');

describe.skipIf(executablePath === null)('readers and editors in a browser without scripts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
  let post: MailServer;
  let now = new Date('2026-03-05T06:00:00Z');
  const { desk, asked } = deskForTest();
  let o: Opened;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  beforeAll(async () => {
    const configFile = join(folder, 'site.yaml');
    writeFileSync(configFile, 'comments: true\nnewsletter: { from: Wire <wire@wire.example> }\n');
    post = await startMailServer();
    const mailer = smtpMailer(`smtp://${post.address}`);
    o = await openForTest({ configFile, desk, mailer, now: () => now });
    for (const message of fillMessages(null)) await o.site.receive(message);
    await o.site.receive(published('a', { title: 'The lighthouse of Verity turns again' }));
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
    page.on('request', (r) => {
      if (new URL(r.url()).origin !== new URL(o.site.url).origin) faults.push(`asks ${r.url()}`);
    });
    page.on('console', (m) => {
      if (m.type() === 'error') faults.push(m.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await o?.close();
    await post?.close();
    rmSync(folder, { recursive: true });
  });
  const go = (path: string) => page.goto(o.site.url + path);
  const path = `/article/${article('a').slug}`;

  it('a comment, a removal and a message reach the desk, and a comment comes back', { timeout: 60_000 }, async () => {
    await go(path);
    await page.locator('text=Write a comment').click();
    await page.locator('#name').fill('Ines Marlow');
    await page.locator('#email').fill('ines@reader.example');
    await page.locator('#message').fill('I can see it from my window.');
    await page.locator('form.notice button').click();
    expect(await page.locator('.done').textContent()).toContain('An editor will read');

    await go(path);
    await page.locator('text=Request removal').click();
    await page.locator('#name').fill('Rolf Quay');
    await page.locator('#email').fill('rolf@quay.example');
    await page.locator('#message').fill('The text is mine, and stands on my own page.');
    await page.locator('#goodFaith').check();
    await page.locator('#accurate').check();
    await page.locator('form.notice button').click();
    expect(await page.locator('.done').textContent()).toContain('has arrived');

    await go('/desk');
    await page.locator('#name').fill('Ada Editor');
    await page.locator('#password').fill(DESK_PASSWORD);
    await page.locator('form.notice button').click();
    await page.locator('text=Comments (1)').click();
    await page.locator('text=Approve').click();
    await go(path);
    expect(await page.locator('.comments li').textContent()).toContain('I can see it from my window.');
  });

  it('an editor finds, pins, moves, hides and retracts an article', { timeout: 60_000 }, async () => {
    await go('/desk');
    await page.locator('#query').fill('lighthouse');
    await page.locator('.desk form.find button').click();
    await page.locator('.rows .title a', { hasText: 'lighthouse' }).click();
    await page.locator('text=Pin to Editors Picks').click();
    expect(await page.locator('.done').textContent()).toContain('first in Editors Picks');
    await page.locator('#path').selectOption('science/oceans');
    await page.locator('text=Change category').click();
    expect(asked).toEqual([['refile', idOf('a'), 'science/oceans']]);
    await page.locator('#hide-reason').fill('to be checked');
    await page.locator('text=Hide from readers').click();
    await page.locator('text=Show to readers again').click();
    await page.locator('text=Removals (1)').click();
    await page.locator('button:has-text("Retract the article")').click();
    expect(asked.at(-1)).toEqual(['retract', idOf('a'), 'the owner asked for its removal']);
    await o.site.receive(retracted('a', 2, 'the owner asked for its removal'));
    await go(path);
    expect(await page.locator('h1').textContent()).toBe('This article was retracted');
    await go('/desk/journal');
    expect(await page.locator('tbody tr').count()).toBe(6);
  });

  it('an editor merges two stories, takes an article out of one, and undoes both', { timeout: 60_000 }, async () => {
    const reports = async (path: string) => {
      await go(path);
      return page.locator('.timeline li').count();
    };
    const [one, two] = [await reports('/story/story-0'), await reports('/story/story-1')];
    await go('/desk/stories');
    await page.locator('[aria-labelledby="newest"] a', { hasText: 'Ferries wait' }).first().click();
    await page.locator('#query').fill('reopens after three days');
    await page.locator('.desk form.find button').click();
    await page.locator('button', { hasText: 'Merge its story' }).first().click();
    expect(await page.locator('.done').textContent()).toContain('The two stories are now one');
    expect(await page.locator('[aria-labelledby="inside"] li').count()).toBe(one + two);
    // The old address leads to what became of the story.
    expect(await reports('/story/story-0')).toBe(one + two);
    await go('/desk/stories');
    await page.locator('button', { hasText: 'Undo' }).first().click();
    await page.locator('[aria-labelledby="newest"] a', { hasText: 'Ferries wait' }).first().click();
    expect(await page.locator('[aria-labelledby="inside"] li').count()).toBe(two);
    await page.locator('text=Remove from the story').first().click();
    expect(await page.locator('[aria-labelledby="inside"] li').count()).toBe(1);
    await go('/desk/stories');
    await page.locator('button', { hasText: 'Undo' }).first().click();
    expect(await page.locator('.done').textContent()).toContain('The decision was undone');
    await page.locator('[aria-labelledby="newest"] a', { hasText: 'Ferries wait' }).first().click();
    expect(await page.locator('[aria-labelledby="inside"] li').count()).toBe(two);
  });

  it('every page of forms and of the desk fits, is labelled and breaks no rule', { timeout: 60_000 }, async () => {
    const look = await browser.newPage({ viewport: { width: 320, height: 800 } });
    await look.context().addCookies(await page.context().cookies());
    const other = fillMessages(null)[3]?.article;
    const pages = ['/dmca', '/contact', '/newsletter', '/desk', '/desk/stories', `/desk/article/${other?.id}`];
    pages.push(`/desk/article/${other?.id}/story?q=harbour`);
    for (const list of ['comments', 'removals', 'messages', 'newsletter', 'journal']) pages.push(`/desk/${list}`);
    if (other && 'slug' in other) pages.push(`/article/${other.slug}/comment`, `/article/${other.slug}`);
    for (const path of pages) {
      await look.goto(o.site.url + path);
      expect(look.url()).toBe(o.site.url + path);
      expect(await flawsOf(look), path).toEqual([]);
      expect(await axeFlaws(look), path).toEqual([]);
      for (const width of [320, 768, 1440]) {
        await look.setViewportSize({ width, height: 800 });
        const wide = await look.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, `${path} at ${width}`).toBeLessThanOrEqual(0);
      }
    }
    await look.context().close();
    // The retracted article's own page is answered with 410, which a browser calls an error.
    expect(faults.filter((f) => !f.includes('410'))).toEqual([]);
  });

  it('a reader subscribes by mail, gets an issue, and leaves by its last link', { timeout: 60_000 }, async () => {
    const next = async () => {
      await o.site.newsletter?.tick();
      const [received] = post.got.splice(0);
      return received && { to: received.to, ...readLetter(received.message) };
    };
    await go('/');
    await page.locator('.offer a').click();
    await page.locator('#email').fill('ada@reader.example');
    await page.locator('form.notice button').click();
    const question = await next();
    expect(question?.to).toEqual(['ada@reader.example']);
    await page.goto(/http\S+/.exec(question?.parts[0] ?? '')?.[0] ?? '');
    await page.locator('main button').click();
    expect(await page.locator('.done').textContent()).toContain('You are subscribed');

    const at = new Date(now.getTime() + 1_800_000).toISOString();
    await o.site.receive(published('fresh', { title: 'The ferry sails again', publishedAt: at, fetchedAt: at }));
    now = new Date(now.getTime() + 2 * 3_600_000);
    const issue = await next();
    expect(issue?.headers.get('list-unsubscribe')).toMatch(/^<http:.*\/newsletter\/leave\?/);
    expect(issue?.parts[0]).toContain('The ferry sails again');
    expect(issue?.parts[1]).toContain('Source link');
    await page.goto(/http\S+\/newsletter\/leave\S+/.exec(issue?.parts[0] ?? '')?.[0] ?? '');
    await page.locator('main button').click();
    const { rows } = await o.db.query('SELECT email FROM site.subscriber');
    expect(rows).toEqual([]);
    now = new Date(now.getTime() + 24 * 3_600_000);
    expect(await next()).toBeUndefined();
  });
});
