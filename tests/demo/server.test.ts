import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFeed } from 'feedsmith';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadConfig } from '../../config/load.js';
import { type DemoOutlet, type DemoOutlets, startDemoOutlets } from '../../demo/server.js';

const NOW = new Date('2026-03-04T15:00:00Z');

let demo: DemoOutlets;
beforeAll(async () => {
  demo = await startDemoOutlets({ now: () => NOW });
});
afterAll(() => demo.close());

function outlet(id: string): DemoOutlet {
  const found = demo.outlets.find((o) => o.id === id);
  if (found === undefined) throw new Error(`no outlet ${id}`);
  return found;
}
const at = (id: string, path: string): string => new URL(path, outlet(id).url).href;
const textOf = async (url: string, init: RequestInit = {}): Promise<string> => (await fetch(url, init)).text();

/** Names that look like hosts, wherever they stand in a page. */
const hostsIn = (html: string): string[] =>
  [...html.matchAll(/\b(?:href|src|action|content)="https?:\/\/([^/"]+)/g)].map((m) => m[1] ?? '');

describe('demo/outlets', () => {
  it('are eight, with about sixty articles among them', () => {
    expect(demo.outlets).toHaveLength(8);
    const articles = demo.outlets.flatMap((o) => o.articles);
    expect(articles.length).toBeGreaterThanOrEqual(60);
    expect(new Set(articles.map((a) => a.url)).size).toBe(articles.length);
  });

  it('print at least 150 words in each article, and none from the future or from long ago', () => {
    for (const a of demo.outlets.flatMap((o) => o.articles)) {
      expect(a.words, a.title).toBeGreaterThanOrEqual(150);
      const age = NOW.getTime() - a.publishedAt.getTime();
      expect(age, a.title).toBeGreaterThan(0);
      expect(age, a.title).toBeLessThan(3 * 86_400_000);
    }
  });

  it('show home and each article, and lead nowhere but to this machine and to example names', async () => {
    for (const o of demo.outlets)
      for (const url of [o.url, ...o.articles.map((a) => a.url)]) {
        const response = await fetch(url);
        expect(response.status, url).toBe(200);
        const foreign = hostsIn(await response.text()).filter((h) => !/^127\.0\.0\.1:\d+$|(^|\.)example(\.|$)/.test(h));
        expect(foreign, url).toEqual([]);
      }
  });

  it('link to nothing of their own that is missing, but for the one dead link', async () => {
    const missing: string[] = [];
    for (const o of demo.outlets) {
      const links = new Set<string>();
      for (const page of [o.url, ...o.articles.map((a) => a.url)]) {
        const { document } = parseHTML(await textOf(page));
        for (const a of document.querySelectorAll('a[href], img[src], link[href]')) {
          const url = new URL(a.getAttribute('href') ?? a.getAttribute('src') ?? '', page);
          if (url.origin === new URL(o.url).origin) links.add(url.href.split('#')[0] ?? '');
        }
      }
      for (const link of links)
        if (!link.includes('/private/') && (await fetch(link, { method: 'HEAD' })).status !== 200) missing.push(link);
    }
    expect(missing).toEqual([at('granite-county-times', '/weather/old-radar')]);
  });

  it('make a sources.yaml that the configuration accepts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sourcelink-demo-'));
    try {
      writeFileSync(join(folder, 'sources.yaml'), demo.sourcesYaml());
      writeFileSync(join(folder, 'sourcelink.yaml'), `fetch: { allowHosts: ${JSON.stringify(demo.allowHosts)} }\n`);
      const config = loadConfig({ configDir: folder }, {});
      expect(config.sources.map((s) => s.url)).toEqual(demo.outlets.map((o) => o.url));
      expect(config.settings.fetch.allowHosts).toEqual(demo.outlets.map((o) => o.host));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the feeds of the demo', () => {
  it.each([
    ['harbor-post', '/feed/', 'rss'],
    ['signalworks', '/index.xml', 'rss'],
    ['capitol-docket', '/rss.xml', 'rss'],
    ['meridian-wire', '/atom.xml', 'atom'],
    ['westbrook-courier', '/feed.json', 'json'],
  ])('%s%s is %s and names each article', async (id, path, format) => {
    const text = await textOf(at(id, path));
    const parsed = parseFeed(text);
    expect(parsed.format).toBe(format);
    for (const a of outlet(id).articles) expect(text).toContain(new URL(a.url).pathname);
  });

  it('nordwind-anzeiger writes ISO-8859-1, which only its own declaration says', async () => {
    const response = await fetch(at('nordwind-anzeiger', '/rss.xml'));
    expect(response.headers.get('content-type')).toBe('application/rss+xml');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('latin1')).toMatch(/encoding="ISO-8859-1"[\s\S]*Zölle auf Stahl/);
    expect(bytes.toString('utf8')).not.toContain('Zölle');
    const article = await (await fetch(outlet('nordwind-anzeiger').articles[0]?.url ?? '')).arrayBuffer();
    expect(Buffer.from(article).toString('latin1')).toMatch(/charset=iso-8859-1[\s\S]*für erfundene Küsten/);
  });

  it('tidewater-ledger has a news sitemap that robots.txt alone names', async () => {
    const sitemap = /^Sitemap: (\S+)$/m.exec(await textOf(at('tidewater-ledger', '/robots.txt')))?.[1] ?? '';
    const text = await textOf(sitemap);
    for (const a of outlet('tidewater-ledger').articles) expect(text).toContain(`<loc>${a.url}</loc>`);
    const home = await textOf(outlet('tidewater-ledger').url);
    expect(home).not.toMatch(/sitemap|application\/(rss|atom)/);
  });

  it('granite-county-times has neither feed nor sitemap', async () => {
    const home = await textOf(outlet('granite-county-times').url);
    expect(home).not.toMatch(/rel="alternate"|sitemap/i);
    expect(await textOf(at('granite-county-times', '/robots.txt'))).not.toContain('Sitemap');
    for (const a of outlet('granite-county-times').articles) expect(home).toContain(new URL(a.url).pathname);
  });
});

describe('the server of the demo', () => {
  it('answers 304 to what it said itself, and 200 to anything else', async () => {
    const url = at('meridian-wire', '/atom.xml');
    const first = await fetch(url);
    const [etag, modified] = [first.headers.get('etag') ?? '', first.headers.get('last-modified') ?? ''];
    const status = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
    expect(await status({ 'if-modified-since': modified })).toBe(304);
    expect(await status({ 'if-none-match': '"other"', 'if-modified-since': modified })).toBe(200);
    expect(await status({ 'if-modified-since': new Date(Date.parse(modified) - 1000).toUTCString() })).toBe(200);
  });

  it('sends no body to HEAD and 404 for what is not there', async () => {
    const head = await fetch(outlet('harbor-post').url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(at('granite-county-times', '/weather/old-radar'))).status).toBe(404);
  });

  it('has a calendar without end', async () => {
    let url = at('granite-county-times', '/calendar/2026/11');
    for (let i = 0; i < 3; i++) url = new URL(/href="([^"]+)">Next month/.exec(await textOf(url))?.[1] ?? '', url).href;
    expect(new URL(url).pathname).toBe('/calendar/2027/02');
  });

  it('notes who enters the forbidden folder', async () => {
    expect(demo.trespasses()).toEqual([]);
    const url = at('granite-county-times', '/private/tips');
    await fetch(url);
    expect(demo.trespasses()).toEqual([url]);
  });

  it('draws pictures that are PNG of the size the pages say', async () => {
    const home = outlet('harbor-post');
    const page = await textOf(home.articles.find((a) => a.title.startsWith('King tide'))?.url ?? '');
    const [, src = '', width, height] = /<img src="([^"]+)" width="(\d+)" height="(\d+)"/.exec(page) ?? [];
    const bytes = Buffer.from(await (await fetch(new URL(src, home.url))).arrayBuffer());
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([Number(width), Number(height)]);
  });

  it('refuses a port that is taken, and leaves nothing open', async () => {
    const taken = Number(outlet('meridian-wire').host.split(':')[1]);
    await expect(startDemoOutlets({ port: taken })).rejects.toThrow('EADDRINUSE');
  });
});

describe('what the outlets of the demo are made to show', () => {
  it('two outlets carry reports of the agency, cut and with an opening of their own', async () => {
    const copies = demo.outlets.flatMap((o) => o.articles.filter((a) => a.wire !== null).map((a) => ({ o, a })));
    expect(new Set(copies.map(({ o }) => o.id))).toEqual(new Set(['harbor-post', 'tidewater-ledger']));
    expect(copies.length).toBeGreaterThanOrEqual(6);
    const paragraphs = async (url: string): Promise<string[]> =>
      [...(await textOf(url)).matchAll(/<(?:p|div class="x4")>([^<]{80,})<\//g)].map((m) => m[1] ?? '');
    for (const { a } of copies) {
      const report = outlet('meridian-wire').articles.find((r) => r.slug === a.wire);
      const [own, agency] = [await paragraphs(a.url), await paragraphs(report?.url ?? '')];
      const shared = own.filter((p) => agency.includes(p));
      expect(shared.length, a.title).toBeGreaterThanOrEqual(5);
      expect(agency.length - shared.length, a.title).toBeGreaterThan(0);
      expect(a.title).not.toBe(report?.title);
      expect(await textOf(a.url), a.title).toMatch(/— Meridian/);
    }
  });

  it('reservations of rights stand in pages, headers and a well-known file', async () => {
    const articles = await Promise.all(
      outlet('capitol-docket').articles.map(async (a) => {
        const response = await fetch(a.url);
        return { path: new URL(a.url).pathname, headers: response.headers, html: await response.text() };
      }),
    );
    const having = (test: (a: (typeof articles)[number]) => boolean) => articles.filter(test).length;
    expect(having((a) => a.html.includes('"isAccessibleForFree": false'))).toBe(1);
    for (const directive of ['noarchive', 'nosnippet', 'max-snippet:50', 'noindex'])
      expect(
        having((a) => new RegExp(`name="robots" content="[^"]*${directive}`).test(a.html)),
        directive,
      ).toBe(1);
    expect(having((a) => a.headers.get('x-robots-tag') === 'noarchive')).toBe(1);
    expect(having((a) => a.headers.get('tdm-reservation') === '1')).toBe(1);
    expect(having((a) => a.html.includes('name="tdm-reservation" content="1"'))).toBe(1);
    expect(having((a) => a.html.includes('"license": "https://creativecommons.org/'))).toBe(1);
    const reserved: unknown = JSON.parse(await textOf(at('capitol-docket', '/.well-known/tdmrep.json')));
    expect(reserved).toEqual([expect.objectContaining({ location: '/analysis/*', 'tdm-reservation': 1 })]);
    expect(having((a) => a.path.startsWith('/analysis/'))).toBeGreaterThan(0);
  });

  it.skipIf(inject('browser') === null)('signalworks is empty until a browser runs its script', async () => {
    const article = outlet('signalworks').articles[0];
    const { document } = parseHTML(await textOf(article?.url ?? ''));
    expect(document.querySelector('#root')?.textContent).toBe('');
    const { chromium } = await import('playwright');
    const browser = await chromium.launch({ executablePath: inject('browser') ?? '', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(article?.url ?? '');
      const text = await page.locator('article').textContent();
      expect(text).toContain(article?.title);
      expect(text?.split(/\s+/).length).toBeGreaterThan(150);
    } finally {
      await browser.close();
    }
  });
});

describe('the correction of the demo', () => {
  it('appears when asked for, in page and feed, and changes nothing else', async () => {
    const own = await startDemoOutlets({ now: () => NOW });
    try {
      const courier = own.outlets.find((o) => o.id === 'westbrook-courier');
      const feedUrl = new URL('/feed.json', courier?.url).href;
      const all = own.outlets.flatMap((o) => o.articles.map((a) => a.url));
      const tags = async () =>
        new Map(
          await Promise.all(
            all.map(
              async (url): Promise<[string, string | null]> => [
                url,
                (await fetch(url, { method: 'HEAD' })).headers.get('etag'),
              ],
            ),
          ),
        );
      const before = await tags();
      expect(await textOf(feedUrl)).not.toMatch(/1,400/);

      const corrected = own.correct();
      const after = await tags();
      expect(new URL(corrected).origin).toBe(new URL(courier?.url ?? '').origin);
      expect(after.get(corrected)).not.toBe(before.get(corrected));
      const others = all.filter((url) => !url.startsWith(courier?.url ?? '-'));
      expect(others.filter((url) => after.get(url) !== before.get(url))).toEqual([]);
      const page = await textOf(corrected);
      expect(page).toContain('hire 1,400 in Westbrook');
      expect(page).toContain(`article:modified_time" content="${NOW.toISOString()}"`);
      expect(await textOf(feedUrl)).toMatch(
        /"title": "Lumen Foundry to hire 1,400[\s\S]*"date_modified": "2026-03-04T15:00:00.000Z"/,
      );
    } finally {
      await own.close();
    }
  });
});
