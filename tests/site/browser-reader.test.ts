import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startPictures, watchedPage } from './browser-open.js';
import { fillMessages } from './fill.js';
import { deskForTest, type Opened, openForTest } from './open.js';

const executablePath = inject('browser');

// The titles are the list of docs/site.md, “Every feature, with its test”.
describe.skipIf(executablePath === null)('a reader, in a browser', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
  let pictures: Awaited<ReturnType<typeof startPictures>>;
  let o: Opened;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let messages: ReturnType<typeof fillMessages>;
  beforeAll(async () => {
    const configFile = join(folder, 'site.yaml');
    writeFileSync(
      configFile,
      'name: The Verity Post\nlogo: logo.svg\ntagline: News of the quay\ncolours: { accent: "#0b5d1e" }\npanels: [science, culture]\npicks: [observer]\nperPage: 5\ncomments: true\nnewsletter: { from: Wire <wire@wire.example> }\n',
    );
    writeFileSync(
      join(folder, 'logo.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32" onload="alert(1)"><script>alert(1)</script><rect width="64" height="32" fill="#0b5d1e"/></svg>',
    );
    pictures = await startPictures();
    const mailer = { send: async () => undefined, close: async () => undefined };
    const { desk } = deskForTest();
    o = await openForTest({ configFile, desk, mailer, allowHosts: [pictures.host] });
    messages = fillMessages(`http://${pictures.host}`);
    for (const message of messages) await o.site.receive(message);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    ({ page, faults } = await watchedPage(browser, o.site.url));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await o?.close();
    await pictures?.close();
    rmSync(folder, { recursive: true });
  });
  const go = (path: string) => page.goto(o.site.url + path);
  const texts = (selector: string) => page.locator(selector).allTextContents();
  /** One that is shown in full, with a picture, tags and related ones. */
  const whole = () => {
    const found = messages.find((m) => 'title' in m.article && m.article.rights.level === 'full' && m.article.image);
    if (!found || !('title' in found.article)) throw new Error('no such article');
    return found.article;
  };
  const goToWhole = () => go(`/article/${whole().slug}`);

  it('nested menu of the categories', async () => {
    await go('/');
    await page.locator('summary[aria-label="More in Politics"]').click();
    await page.locator('.menu a', { hasText: 'Town Councils' }).click();
    expect(await page.locator('h1').textContent()).toBe('Town Councils');
    expect(await page.locator('.menu .inside > a').textContent()).toContain('Politics');
  });

  it('menu as a drawer on a phone', async () => {
    const phone = await watchedPage(browser, o.site.url, { width: 360 });
    await phone.page.goto(o.site.url);
    expect(await phone.page.locator('nav.menu').isVisible()).toBe(false);
    await phone.page.locator('.drawer summary').click();
    await phone.page.locator('.drawer a', { hasText: 'Festivals' }).click();
    expect(await phone.page.locator('h1').textContent()).toBe('Festivals');
    expect(phone.faults).toEqual([]);
    await phone.page.close();
  });

  it('front page with lead stories, each of another event', async () => {
    await go('/');
    const titles = await texts('.leads .title');
    expect(titles).toHaveLength(5);
    expect(new Set(titles).size).toBe(5);
    expect(await page.locator('.leads .lead .excerpt').count()).toBeLessThanOrEqual(1);
  });

  it("What's Hot", async () => {
    await go('/');
    expect(await page.locator('[aria-labelledby="hot"] li').count()).toBe(5);
  });

  it('Editors Picks', async () => {
    await go('/');
    expect(await page.locator('section[aria-labelledby="editors"] article').count()).toBe(4);
  });

  it('Our Picks, of the sources that the operator names', async () => {
    await go('/');
    const sources = await texts('section[aria-labelledby="picks"] .meta a');
    expect(sources.length).toBeGreaterThan(0);
    expect(new Set(sources)).toEqual(new Set(['Observer']));
  });

  it('panel for each section with excerpts', async () => {
    await go('/');
    expect(await texts('.panel h2')).toEqual([expect.stringContaining('Science'), expect.stringContaining('Culture')]);
    expect(await page.locator('.panel .excerpt').count()).toBeGreaterThan(0);
  });

  it('name, logo, tagline and colours of the operator', async () => {
    await go('/');
    expect(await page.title()).toBe('The Verity Post – News of the quay');
    const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
    expect(accent.trim()).toBe('#0b5d1e');
    const logo = page.locator('.brand .logo');
    expect(await logo.evaluate((i: HTMLImageElement) => i.naturalWidth)).toBe(64);
    expect(await logo.getAttribute('alt')).toBe('');
  });

  it('article page with breadcrumb', async () => {
    await goToWhole();
    const steps = (await texts('.trail li')).map((t) => t.trim());
    expect([steps[0], steps.at(-1)]).toEqual(['Home', whole().title]);
    await page.locator('.trail a').nth(1).click();
    expect(page.url()).toContain('/category/');
  });

  it('author, date and minutes to read', async () => {
    await goToWhole();
    const byline = (await page.locator('.byline').textContent()) ?? '';
    expect(byline).toContain(`By ${whole().authors[0]}`);
    expect(byline).toMatch(/March \d, 2026/);
    expect(byline).toMatch(/\d Mins? Read/);
  });

  it('share links that tell nobody until they are followed', async () => {
    await goToWhole();
    const names = (await texts('.share a')).map((t) => t.trim());
    expect(names).toEqual(['Facebook', 'X', 'LinkedIn', 'Pinterest', 'Telegram', 'Tumblr', 'WhatsApp', 'Email']);
    for (const link of await page.locator('.share a').all())
      expect(decodeURIComponent((await link.getAttribute('href')) ?? '')).toContain(`/article/${whole().slug}`);
  });

  it('Source link at the end of the text', async () => {
    await goToWhole();
    const last = page.locator('.body a').last();
    expect(await last.textContent()).toBe('Source link');
    expect(await last.getAttribute('href')).toBe(whole().attribution.url);
  });

  it('author box and the archive of an author', async () => {
    await goToWhole();
    expect(await page.locator('.author h2').textContent()).toBe(whole().authors[0]);
    await page.locator('.author a', { hasText: 'All articles by' }).click();
    expect(await page.locator('h1').textContent()).toBe(whole().authors[0]);
    expect(await page.locator('.list article').count()).toBeGreaterThan(1);
  });

  it('Related Posts', async () => {
    await goToWhole();
    expect(await page.locator('.related h2').first().textContent()).toBe('Related Posts');
    const titles = await texts('.related .title');
    expect(titles.length).toBeGreaterThan(2);
    expect(titles).not.toContain(whole().title);
  });

  it('lead pictures with size and credit through this site, later ones only when they come near', async () => {
    await goToWhole();
    const hero = page.locator('.hero img');
    await expect.poll(() => hero.evaluate((i: HTMLImageElement) => i.naturalWidth)).toBe(120);
    expect([await hero.getAttribute('width'), await hero.getAttribute('height')]).toEqual(['1200', '675']);
    expect(await hero.getAttribute('src')).toMatch(/^\/image\?/);
    expect(await page.locator('.credit').textContent()).toBe('Photo: R. Quay / Herald');
    await go('/latest');
    for (const image of await page.locator('.list img').all()) {
      expect(await image.getAttribute('loading')).toBe('lazy');
      expect(Number(await image.getAttribute('width'))).toBeGreaterThan(0);
    }
    expect(pictures.asked.length).toBeGreaterThan(0);
  });

  it('category and tag pages, leafed through to the end and back', async () => {
    for (const path of ['/category/world', '/tag/ambria']) {
      await go(path);
      const first = await texts('.list .title');
      const seen = new Set(first);
      while ((await page.locator('.pager [rel="next"]').count()) > 0) {
        await page.locator('.pager [rel="next"]').click();
        for (const title of await texts('.list .title')) seen.add(title);
      }
      expect(seen.size, path).toBeGreaterThan(first.length);
      while ((await page.locator('.pager [rel="prev"]').count()) > 0) await page.locator('.pager [rel="prev"]').click();
      expect(await texts('.list .title')).toEqual(first);
    }
  });

  it('search that forgives slips and marks what it found', async () => {
    await go('/');
    await page.locator('#find').fill('harbuor');
    await page.locator('#find').press('Enter');
    expect(await page.locator('.corrected').textContent()).toContain('harbour');
    expect((await page.locator('mark').first().textContent())?.toLowerCase()).toBe('harbour');
  });

  it('About, Contact, Advertise, DMCA, Privacy and Terms from the foot of every page', async () => {
    await go('/latest');
    const pages = await page
      .locator('nav[aria-labelledby="foot-pages"] a')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(pages.sort()).toEqual(['/about', '/advertise', '/contact', '/dmca', '/privacy', '/terms']);
    for (const path of pages) {
      expect((await go(path ?? ''))?.status()).toBe(200);
      expect(await page.locator('h1').count(), path ?? '').toBe(1);
    }
  });

  it('feeds, sitemap and news sitemap', async () => {
    await go('/');
    const feed = await page.locator('link[type="application/rss+xml"]').first().getAttribute('href');
    for (const path of [feed ?? '', '/feed.atom', '/feed.json', '/sitemap.xml', '/news-sitemap.xml', '/robots.txt'])
      expect((await page.request.get(o.site.url + path)).status(), path).toBe(200);
  });

  it('dark mode, by the system and by choice', async () => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await go('/');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.locator('.to-light').click();
    expect(await paper()).toBe(light);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.locator('.to-dark').click();
    expect(await paper()).toBe(dark);
    await page.context().clearCookies();
  });

  it('print style: the article and where its links lead, nothing around it', async () => {
    await goToWhole();
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.side', '.share', '.related', 'nav.menu', '.foot .columns', '.theme'])
      expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
    for (const kept of ['h1', '.byline', '.body', '.rights'])
      expect(await page.locator(kept).first().isVisible(), kept).toBe(true);
    const after = await page
      .locator('.body a')
      .last()
      .evaluate((a) => getComputedStyle(a, '::after').content);
    expect(after).toContain(whole().attribution.url);
    await page.emulateMedia({ media: null });
  });

  it('404 that helps: a search for the words of the address, sections, the newest', async () => {
    expect((await go('/article/kelp-returns-somewhere-0123abcd'))?.status()).toBe(404);
    expect(await page.locator('#lost').inputValue()).toBe('kelp returns somewhere');
    expect(await page.locator('main .chips a').count()).toBeGreaterThan(3);
    await page.locator('#lost').fill('kelp');
    await page.locator('main form.find button').click();
    expect(await page.locator('.hit').count()).toBeGreaterThan(0);
  });

  it('no request leaves the machine, and no page has an error', () => {
    expect(faults).toEqual([]);
  });
});
