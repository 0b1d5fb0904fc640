import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { watchedPage } from './browser-open.js';
import { fillMessages } from './fill.js';
import { article, published, retracted, updated } from './messages.js';
import { type Opened, openForTest } from './open.js';

const executablePath = inject('browser');
const SECONDS = 3000;

// The titles are part of the list of docs/site.md, “Every feature, with its test”.
describe.skipIf(executablePath === null)('what the wire brings, in a browser', { timeout: 60_000 }, () => {
  let o: Opened;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    o = await openForTest();
    for (const message of fillMessages(null)) await o.site.receive(message);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    ({ page, faults } = await watchedPage(browser, o.site.url));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await o?.close();
  });
  const go = (path: string) => page.goto(o.site.url + path);
  /** Opens a page and waits until it hears of changes. */
  const goAndListen = async (path: string) => {
    // The page before may still be about to listen, and would be taken for this one.
    await page.goto('about:blank');
    const listening = page.waitForResponse((r) => r.url().endsWith('/live'));
    await go(path);
    await listening;
  };
  const texts = (selector: string) => page.locator(selector).allTextContents();
  const own = (name: string) => `/article/${article(name).slug}`;

  it('story page: all reports of an event in the order of time, copies folded below', async () => {
    await go('/story/story-0');
    const times = await page.locator('.timeline time').evaluateAll((all) => all.map((t) => t.getAttribute('datetime')));
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual([...times].sort());
    expect(await page.locator('.coverage details li').count()).toBe(3);
    expect(await page.locator('.story > .meta').first().textContent()).toMatch(/\d+ reports from \d+ outlets/);
  });

  it('updated mark that leads to what changed', async () => {
    const more = { title: 'Ferry to Selm delayed' };
    await o.site.receive(published('ferry', more));
    await o.site.receive(updated('ferry', 2, { title: 'Ferry to Selm cancelled' }));
    await go(own('ferry'));
    await page.locator('.byline .updated').click();
    expect(await texts('.changes del')).toEqual(['removed: delayed']);
    expect(await texts('.changes ins')).toEqual(['added: cancelled']);
  });

  it('correction within seconds', async () => {
    await o.site.receive(published('typo', { title: 'The harbor is open' }));
    await goAndListen(own('typo'));
    await o.site.receive(updated('typo', 2, { title: 'The harbour is open' }));
    await page.waitForSelector('.live', { timeout: SECONDS });
    await page.locator('.live a').click();
    expect(await page.locator('h1').textContent()).toBe('The harbour is open');
  });

  it('retraction within seconds, with the reason in its place', async () => {
    await o.site.receive(published('gone', { title: 'A claim that is retracted' }));
    await goAndListen(own('gone'));
    await o.site.receive(retracted('gone', 2, 'its publisher withdrew it'));
    await page.waitForSelector('.live', { timeout: SECONDS });
    expect((await page.reload())?.status()).toBe(410);
    expect(await page.locator('main').textContent()).toContain('Reason: its publisher withdrew it');
    for (const path of ['/latest', '/search?q=retracted', '/source/herald']) {
      await go(path);
      expect(await texts('.title'), path).not.toContain('A claim that is retracted');
    }
  });

  it.each([
    ['full', 'The full article is shown'],
    ['excerpt', 'Only an excerpt is shown'],
    ['link', 'Only the headline is shown'],
  ] as const)('rights: %s, and why', async (level, said) => {
    await o.site.receive(published(`rights-${level}`, { rights: { level, reason: `a reason for ${level}` } }));
    await go(own(`rights-${level}`));
    expect(await page.locator('.rights').textContent()).toContain(`${said}: a reason for ${level}.`);
    expect(await page.locator('.rights a').first().getAttribute('href')).toBe(
      article(`rights-${level}`).attribution.url,
    );
  });

  it('source page with what its articles tell, and the list of all sources', async () => {
    await go('/source');
    expect(await page.locator('.sources li').count()).toBe(5);
    await page.locator('.sources a', { hasText: 'Northern Courier' }).click();
    const facts = await texts('.sourcehead dt');
    expect(facts).toContain('Updated since they appeared');
    expect(await page.locator('.list article').count()).toBeGreaterThan(0);
  });

  it('related by story first, then by what it is about', async () => {
    const [one] = fillMessages(null);
    if (!one || !('slug' in one.article)) throw new Error('no article');
    await go(`/article/${one.article.slug}`);
    expect((await texts('.related .title')).slice(0, 2).every((t) => t.startsWith('Harbour of Port Verity'))).toBe(
      true,
    );
    expect(await page.locator('section.coverage').textContent()).toContain('Also reported by');
  });

  it('live: the front page says what arrived while it is open', async () => {
    await goAndListen('/');
    const at = '2026-03-05T08:00:00.000Z';
    await o.site.receive(published('late', { title: 'Late news from the quay', publishedAt: at, fetchedAt: at }));
    await page.waitForSelector('.live', { timeout: SECONDS });
    await page.locator('.live a').click();
    expect(await page.locator('main').textContent()).toContain('Late news from the quay');
  });

  it('nothing of it asks another server or fails', () => {
    expect(faults).toEqual([]);
  });
});
