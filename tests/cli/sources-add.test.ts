import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectOf, sourcelink } from './command-line.js';
import { article, feed, HEADLINES, home, type Outlet, openOutlet, pathOf } from './outlet.js';

const BEFORE = `# Our outlets.
defaults: { delay: 1ms } # in a hurry

sources:
  - id: gazette # first of all
    name: Gazette
    url: https://gazette.example/
    # proxy: none
`;

let outlet: Outlet;
const file = () => join(outlet.place.folder, 'sources.yaml');
const add = (...argv: string[]) => sourcelink(['sources', 'add', ...argv], { env: outlet.place.env });

beforeEach(async () => {
  outlet = await openOutlet(() => BEFORE);
  for (let i = 0; i < HEADLINES.length; i++) outlet.pages.set(pathOf(i), article(i));
  outlet.pages.set('/', home('/rss'));
  outlet.pages.set('/rss', feed(outlet.origin));
});
afterEach(() => outlet.close());

describe('sources add', () => {
  it('shows how the articles are read, and writes the entry behind the others', async () => {
    const ended = await add(`${outlet.origin}/`, '--yes', '--id', 'quay');
    expect(ended.err).not.toContain('error');
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/✓ 5 articles listed by 1 feed/);
    for (const title of HEADLINES) expect(ended.out).toContain(title);
    expect(ended.out).toMatch(/5 of 5 read: 5 with a title, 5 with a date, 5 with authors/);
    expect(readFileSync(file(), 'utf8')).toBe(`${BEFORE}
  - id: quay
    name: The Quay & Tide # as its pages call it
    url: ${outlet.origin}/
    feeds:
      - ${outlet.origin}/rss
    republish: excerpt # full only if its terms allow it
    language: en
    timezone: America/New_York # the offset of its dates, -05:00
    category: world # 5 of 5 articles
`);
    const list = objectOf(await sourcelink(['sources', 'list', '--json'], { env: outlet.place.env }));
    expect(list).toMatchObject({
      sources: [{ id: 'gazette' }, { id: 'quay', everyMs: null, auto: { minMs: 300_000 } }],
    });
  });

  it('begins a list that has no outlet yet', async () => {
    writeFileSync(file(), '# Ours.\ndefaults: { delay: 1ms }\nsources: []\n');
    const run = await sourcelink(['run'], { env: outlet.place.env });
    expect([run.code, run.err]).toEqual([2, expect.stringContaining('sourcelink sources add URL')]);
    const ended = await add(`${outlet.origin}/`, '--yes', '--id', 'quay');
    expect(ended.code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toMatch(/^# Ours\.\ndefaults: \{ delay: 1ms \}\nsources:\n {2}- id: quay\n/);
  });

  it('writes nothing with --dry-run, and nobody is asked in a pipe', async () => {
    const ended = await add(`${outlet.origin}/`, '--dry-run', '--json', '--articles', '2');
    expect(ended.code).toBe(0);
    expect(objectOf(ended)).toMatchObject({ added: false, found: 5, fill: { sampled: 2, read: 2, authors: 2 } });
    outlet.asked.length = 0;
    const unasked = await add(`${outlet.origin}/`);
    expect(unasked.code).toBe(2);
    expect(unasked.err).toMatch(/--yes[\s\S]*--dry-run/);
    expect(outlet.asked).toEqual([]);
    expect(readFileSync(file(), 'utf8')).toBe(BEFORE);
  });

  it('learns the pattern of links where there is neither feed nor sitemap', async () => {
    outlet.pages.set('/', home(null));
    outlet.pages.delete('/rss');
    const ended = await add(`${outlet.origin}/`, '--yes', '--json', '--articles', '3', '--id', 'quay');
    const { entry } = objectOf(ended) as { entry: Record<string, unknown> };
    expect(entry).not.toHaveProperty('feeds');
    expect(readFileSync(file(), 'utf8')).toContain('# section page (learned pattern /:date/:slug)');
  });

  it('takes a feed for what it is, and its site for the home page', async () => {
    const ended = await add(`${outlet.origin}/rss`, '--dry-run', '--json', '--articles', '0');
    expect(objectOf(ended)).toMatchObject({ entry: { url: `${outlet.origin}/`, feeds: [`${outlet.origin}/rss`] } });
  });

  it('fetches nothing that robots.txt forbids, and says so', async () => {
    outlet.pages.set('/robots.txt', { type: 'text/plain', body: 'User-agent: *\nDisallow: /\n' });
    const ended = await add(`${outlet.origin}/`, '--yes');
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/FETCH_ROBOTS[\s\S]*→ Its robots\.txt forbids/);
    expect(outlet.asked.filter((p) => p !== '/robots.txt')).toEqual([]);
    expect(readFileSync(file(), 'utf8')).toBe(BEFORE);
  });

  it('says where it looked when nothing is found', async () => {
    outlet.pages.clear();
    outlet.pages.set('/', { body: '<html><body><p>Soon here.</p></body></html>' });
    const ended = await add(`${outlet.origin}/`, '--yes');
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/No articles were found at http/);
    expect(ended.out).toMatch(/feed +http\S+\/rss\.xml +404/);
    expect(ended.out).toMatch(/sitemap +http\S+\/sitemap\.xml +404/);
    expect(ended.out).toContain('→ Name a page that lists articles');
    const json = objectOf(await add(`${outlet.origin}/`, '--yes', '--json'));
    expect(json).toMatchObject({ added: false, error: { code: 'DISCOVER_NOTHING' } });
    expect(json['tried']).toContainEqual({ url: `${outlet.origin}/rss`, kind: 'feed', says: '404' });
  });

  it('says that a host cannot be reached', async () => {
    await outlet.close();
    outlet = { ...outlet, close: async () => undefined };
    const place = await openOutlet(() => BEFORE);
    writeFileSync(
      join(place.place.folder, 'sourcelink.yaml'),
      `fetch: { allowHosts: ["${new URL(outlet.origin).host}"], attempts: 1 }\n`,
    );
    const ended = await sourcelink(['sources', 'add', outlet.origin, '--yes'], { env: place.place.env });
    await place.close();
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/FETCH_CONNECT[\s\S]*→ Check the address and your network/);
  });

  it.each([
    [['https://gazette.example'], /already listed as `gazette`/],
    [['http://www.gazette.example/'], /already listed/],
    [['ftp://quay.example/'], /not the address of a web page/],
    [['quay.example', '--category', 'sea'], /`sea` is not a category/],
    [['quay.example', '--id', 'gazette'], /A source `gazette` already exists/],
    [['quay.example', '--id', 'The Quay'], /--id: use lower-case letters/],
    [['quay.example', '--every', 'soon'], /--every: write auto, a duration/],
    [['quay.example', '--republish', 'all'], /Allowed choices are full, excerpt, link/],
    [['quay.example', '--articles', 'many'], /whole number/],
  ])('refuses %j before it asks anybody', async (argv, says) => {
    const ended = await add(...argv, '--yes');
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(says);
  });

  it('knows an outlet by the feed that another entry lists', async () => {
    writeFileSync(
      file(),
      `${BEFORE}  - { id: tide, name: Tide, url: "https://tide.example/", feeds: ["${outlet.origin}/rss/"] }\n`,
    );
    const ended = await add(`${outlet.origin}/`, '--yes', '--articles', '0');
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/\/rss is already listed as `tide`/);
  });
});
