import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { axeFlaws } from './axe.js';
import { fillMessages } from './fill.js';
import { flawsOf } from './look.js';
import { published, retracted } from './messages.js';
import { type Opened, openForTest } from './open.js';

const executablePath = inject('browser');

describe.skipIf(executablePath === null)('the site in a browser', () => {
  let o: Opened;
  let browser: Browser;
  const messages = fillMessages('https://pictures.example');
  beforeAll(async () => {
    o = await openForTest();
    for (const message of messages) await o.site.receive(message);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await o?.close();
  });

  const read = messages[4]?.article;
  const slug = read && 'slug' in read ? read.slug : '';
  const PATHS = [
    '/',
    '/category/world',
    `/article/${slug}`,
    '/story/story-0',
    '/search?q=harbuor',
    '/contact',
    '/source',
  ];

  async function open(width: number, script = true): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, javaScriptEnabled: script });
    const faults: string[] = [];
    page.on('console', (m) => {
      // Pictures of an invented host cannot be fetched; everything else is a fault.
      if (m.type() === 'error' && !m.location().url.includes('/image?')) faults.push(m.text());
    });
    page.on('pageerror', (e) => faults.push(e.message));
    page.on('request', (r) => {
      if (new URL(r.url()).origin !== new URL(o.site.url).origin) faults.push(`asks ${r.url()}`);
    });
    return { page, faults };
  }

  it('fits 320, 768 and 1440 pixels, breaks no rule of its own policy and asks no other server', {
    timeout: 90_000,
  }, async () => {
    const { page, faults } = await open(1440);
    for (const path of PATHS) {
      await page.goto(o.site.url + path);
      for (const width of [1440, 768, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, `${path} at ${width}`).toBeLessThanOrEqual(0);
      }
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it('can be read, searched and darkened without scripts', { timeout: 60_000 }, async () => {
    const { page } = await open(360, false);
    await page.goto(o.site.url);
    await page.locator('.drawer summary').click();
    await page.locator('.drawer a', { hasText: 'Oceans' }).click();
    expect(await page.locator('h1').textContent()).toBe('Oceans');
    await page.locator('#find').fill('kelp');
    await page.locator('#find').press('Enter');
    expect(await page.locator('mark').first().textContent()).toBe('Kelp');
    await page.locator('.hit a').first().click();
    expect(await page.locator('.body').textContent()).toContain('Source link');
    const back = page.url();
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.locator('.to-dark').click();
    expect(page.url()).toBe(back);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(light);
    await page.close();
  });

  it('is walked through with the keyboard: skip link first, menus by Enter and Escape', async () => {
    const { page } = await open(1440);
    await page.goto(o.site.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    const more = page.locator('summary[aria-label="More in World"]');
    await more.focus();
    await page.keyboard.press('Enter');
    const entry = page.locator('.menu a', { hasText: 'Borders' });
    expect(await entry.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await entry.isVisible()).toBe(false);
    await page.close();
  });

  it('has one h1, named landmarks, labelled fields, sound ids and targets of 24 pixels', {
    timeout: 60_000,
  }, async () => {
    const { page } = await open(360);
    for (const path of PATHS) {
      await page.goto(o.site.url + path);
      const flaws = await flawsOf(page);
      expect(flaws, path).toEqual([]);
    }
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'breaks no rule of axe in its %s theme',
    { timeout: 120_000 },
    async (colorScheme) => {
      const { page } = await open(1440);
      await page.emulateMedia({ colorScheme });
      for (const path of [...PATHS, '/about', '/newsletter', '/nowhere']) {
        await page.goto(o.site.url + path);
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await axeFlaws(page), `${path} at ${width}`).toEqual([]);
        }
      }
      await page.close();
    },
  );

  it('says what arrived while it is open, and drops what is retracted', { timeout: 60_000 }, async () => {
    const { page } = await open(1024);
    await o.site.receive(
      published('live-a', {
        title: 'Open for a moment',
        publishedAt: '2026-03-04T20:00:00.000Z',
        fetchedAt: '2026-03-04T20:00:00.000Z',
      }),
    );
    const listening = page.waitForResponse((r) => r.url().endsWith('/live'));
    await page.goto(`${o.site.url}/`);
    await listening;
    expect(await page.locator('text=Open for a moment').count()).toBeGreaterThan(0);
    await o.site.receive(retracted('live-a', 2));
    await page.waitForSelector('.live');
    expect(await page.locator('.live').textContent()).toContain('1 update');
    expect(await page.locator('text=Open for a moment').count()).toBe(0);
    await page.close();
  });
});
