import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discovered, discover, type Endpoint } from '../../../crawlers/discover/discover.js';
import { type Outlet, openOutlet } from './loopback.js';

const NOON = Date.parse('2024-05-14T12:00:00Z');
const HOUR = 3_600_000;

const rss = (...slugs: string[]) =>
  `<rss version="2.0"><channel><title>T</title><link>/</link>${slugs
    .map(
      (s) =>
        `<item><title>About ${s}</title><link>/2024/05/14/${s}</link><pubDate>Tue, 14 May 2024 10:00:00 GMT</pubDate></item>`,
    )
    .join('')}</channel></rss>`;
const urlset = (...urls: string[]) =>
  `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.map((u) => `<url><loc>${u}</loc><lastmod>2024-05-14</lastmod></url>`).join('')}</urlset>`;
const news = (url: string, title: string) =>
  `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>${url}</loc>
  <news:news><news:publication><news:name>N</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2024-05-14T09:30:00+02:00</news:publication_date><news:title>${title}</news:title><news:keywords>tax, senate</news:keywords></news:news></url></urlset>`;
const index = (...urls: string[]) =>
  `<sitemapindex>${urls.map((u) => `<sitemap><loc>${u}</loc></sitemap>`).join('')}</sitemapindex>`;
const home = (head: string, main = '') =>
  `<!doctype html><html lang="en"><head>${head}</head><body><header><nav><a href="/politics">Politics</a> <a href="/about">About</a></nav></header><main>${main}</main></body></html>`;
const teaser = (slug: string, words: string) =>
  `<article class="teaser"><h2><a href="/2024/05/14/${slug}?utm_source=home">${words}</a></h2><time datetime="2024-05-14T08:00:00Z"></time></article>`;

describe('discover', () => {
  let outlet: Outlet;
  let now: number;
  const look = (known: Endpoint[] = [], entry: Record<string, unknown> = {}): Promise<Discovered> =>
    discover(outlet.source(entry), known, {
      fetcher: outlet.fetcher,
      now: () => now,
      signal: new AbortController().signal,
    });
  const paths = (d: Discovered) => d.found.map((f) => f.url.replace(outlet.url, '/')).sort();
  const places = (d: Discovered) => d.endpoints.map((e) => `${e.kind} ${e.url.replace(outlet.url, '/')}`).sort();

  beforeEach(async () => {
    now = NOON;
    outlet = await openOutlet();
  });
  afterEach(() => outlet.close());

  it('finds the feed that the home page names, with one request for each', async () => {
    outlet.pages['/'] = home(
      '<link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">',
    );
    outlet.pages['/rss'] = rss('one-two-three', 'four-five-six');
    const seen = await look();
    expect(paths(seen)).toEqual(['/2024/05/14/four-five-six', '/2024/05/14/one-two-three']);
    expect(places(seen)).toEqual(['feed /rss']);
    expect(seen.problems).toEqual([]);
    expect(seen.how).toBe('1 feed, found from the home page');
    expect(outlet.asked()).toEqual(['/', '/rss', '/robots.txt']);
    expect(seen.requests).toBe(2);
  });

  it('asks only the found feed afterwards, and only for what is new', async () => {
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/rss">');
    outlet.pages['/rss'] = { body: rss('one-two-three'), headers: { etag: '"1"' } };
    const first = await look();
    outlet.asked();
    now += 60_000;
    const second = await look(first.endpoints);
    expect(outlet.asked()).toEqual(['/rss 304']);
    expect(second).toMatchObject({ found: [], notModified: 1, problems: [] });
    expect(places(second)).toEqual(['feed /rss']);
    expect(second.endpoints[0]?.etag).toBe('"1"');
  });

  it('reads an endpoint anew once a day, whatever the host says', async () => {
    outlet.pages['/rss'] = { body: rss('one-two-three'), headers: { etag: '"never changes"' } };
    const first = await look([], { feeds: [`${outlet.url}rss`] });
    outlet.pages['/rss'] = { body: rss('one-two-three', 'four-five-six'), headers: { etag: '"never changes"' } };
    now += 25 * HOUR;
    const second = await look(first.endpoints, { feeds: [`${outlet.url}rss`] });
    expect(paths(second)).toContain('/2024/05/14/four-five-six');
  });

  it('finds an article within a day at a host that answers "not modified" for ever', async () => {
    const lying = (body: string) => ({ body, headers: { etag: '"for ever"' } });
    outlet.pages['/rss'] = lying(rss('one-two-three'));
    let seen = await look([], { feeds: [`${outlet.url}rss`] });
    outlet.pages['/rss'] = lying(rss('one-two-three', 'four-five-six'));
    const answers: string[] = [];
    const found: string[] = [];
    outlet.asked();
    for (let hour = 1; hour <= 24; hour++) {
      now += HOUR;
      seen = await look(seen.endpoints, { feeds: [`${outlet.url}rss`] });
      answers.push(...outlet.asked());
      found.push(...paths(seen));
    }
    expect(answers.filter((a) => a === '/rss')).toHaveLength(1);
    expect(answers.filter((a) => a === '/rss 304')).toHaveLength(23);
    expect(found).toContain('/2024/05/14/four-five-six');
  });

  it('remembers how long the publisher asks to be left alone: as the feed says, or its answer, whichever is longer', async () => {
    const restOf = async (fields: string, cacheControl: string, age = '0') => {
      const body = rss('one-two-three').replace('<title>T</title>', `<title>T</title>${fields}`);
      outlet.pages['/rss'] = { body, headers: { 'cache-control': cacheControl, age, etag: '"1"' } };
      const seen = await look([], { feeds: [`${outlet.url}rss`] });
      return (seen.endpoints[0]?.restMs ?? 0) / 60_000;
    };
    expect(await restOf('', '')).toBe(0);
    expect(await restOf('<ttl>40</ttl>', 'max-age=600')).toBe(40);
    expect(await restOf('<ttl>5</ttl>', 'public, max-age=600', '120')).toBe(8);
    expect(await restOf('', 'no-cache, max-age=600')).toBe(0);
    expect(await restOf('', 'max-age=31536000')).toBe(24 * 60);
    expect(await restOf('<ttl>soon</ttl>', 'max-age=soon')).toBe(0);
    const period = (of: string, times: string) =>
      `<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">${of}</sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">${times}</sy:updateFrequency>`;
    expect(await restOf(period('hourly', '4'), '')).toBe(15);
    expect(await restOf(period('hourly', '1'), '')).toBe(0);
    const { endpoints } = await look([], { feeds: [`${outlet.url}rss`] });
    const kept = { ...endpoints[0], restMs: 7 } as Endpoint;
    expect((await look([kept], { feeds: [`${outlet.url}rss`] })).endpoints[0]?.restMs).toBe(7);
  });

  it('knows by the body that nothing changed where the host knows no 304', async () => {
    outlet.pages['/rss'] = rss('one-two-three');
    const first = await look([], { feeds: [`${outlet.url}rss`] });
    const second = await look(first.endpoints, { feeds: [`${outlet.url}rss`] });
    expect(second).toMatchObject({ found: [], notModified: 1 });
    outlet.pages['/rss'] = rss('four-five-six');
    expect((await look(second.endpoints, { feeds: [`${outlet.url}rss`] })).found).toHaveLength(1);
  });

  it('takes a feed and a news sitemap together, each filling the gaps of the other', async () => {
    const url = `${outlet.url}2024/05/14/one-two-three`;
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/rss">');
    outlet.pages['/rss'] = rss('one-two-three');
    outlet.pages['/robots.txt'] =
      `User-agent: *\nSitemap: ${outlet.url}sitemap.xml\nSitemap: ${outlet.url}sitemap-index.xml`;
    outlet.pages['/sitemap.xml'] = urlset(`${outlet.url}2019/01/01/an-old-page`);
    outlet.pages['/sitemap-index.xml'] = index(`${outlet.url}pages.xml`, `${outlet.url}news.xml.gz`);
    outlet.pages['/news.xml.gz'] = {
      body: gzipSync(news(url, 'From the map')),
      headers: { 'content-type': 'application/gzip' },
    };
    const seen = await look();
    expect(places(seen)).toEqual(['feed /rss', 'sitemap /news.xml.gz', 'sitemap /sitemap-index.xml']);
    expect(seen.found).toHaveLength(1);
    expect(seen.found[0]).toMatchObject({ title: 'About one-two-three', tags: ['tax', 'senate'], language: 'en' });
    expect(seen.how).toBe('1 feed, news sitemap, found from the home page');
  });

  it('uses the home page and its sections when there is neither feed nor sitemap', async () => {
    outlet.pages['/'] = home(
      '',
      teaser('senate-votes-on-tax', 'Senate votes on a new tax') +
        teaser('house-votes-on-budget', 'House votes on the budget') +
        teaser('rain', 'Rain falls on the parade'),
    );
    outlet.pages['/politics'] = home(
      '',
      teaser('senate-votes-on-tax', 'Senate votes on a new tax') +
        teaser('mayor-quits-after-a-row', 'Mayor quits after a row'),
    );
    const seen = await look();
    expect(places(seen)).toEqual(['home /', 'listing /politics']);
    expect(paths(seen)).toEqual([
      '/2024/05/14/house-votes-on-budget',
      '/2024/05/14/mayor-quits-after-a-row',
      '/2024/05/14/rain',
      '/2024/05/14/senate-votes-on-tax',
    ]);
    expect(seen.found[0]).toMatchObject({
      title: 'Senate votes on a new tax',
      publishedAt: '2024-05-14T08:00:00.000Z',
    });
    expect(seen.how).toMatch(/^2 section pages \(learned pattern \/:date\/:slug\), found from the home page$/);
    outlet.asked();
    now += 60_000;
    await look(seen.endpoints);
    expect(outlet.asked()).toEqual(['/', '/politics']);
  });

  it('asks a source of pages once a day whether it has a feed by now', async () => {
    outlet.pages['/'] = home('', teaser('senate-votes-on-tax', 'Senate votes on a new tax'));
    const seen = await look();
    outlet.pages['/'] = home('<link rel="alternate" type="application/atom+xml" href="/rss">');
    outlet.pages['/rss'] = rss('one-two-three');
    now += 25 * HOUR;
    expect(places(await look(seen.endpoints))).toEqual(['feed /rss']);
  });

  it('tries the usual places when nothing is named', async () => {
    outlet.pages['/'] = home('');
    outlet.pages['/feed'] = '<html><body>Not found, but said with 200</body></html>';
    outlet.pages['/rss.xml'] = rss('one-two-three');
    expect(places(await look())).toEqual(['feed /rss.xml']);
  });

  it('searches again at once when the found feed is gone', async () => {
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/rss">');
    outlet.pages['/rss'] = rss('one-two-three');
    const first = await look();
    delete outlet.pages['/rss'];
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/new">');
    outlet.pages['/new'] = rss('four-five-six');
    const second = await look(first.endpoints);
    expect(places(second)).toEqual(['feed /new']);
    expect(paths(second)).toEqual(['/2024/05/14/four-five-six']);
  });

  it('bears two failures of the only found feed, and searches again at the third', async () => {
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/rss">');
    outlet.pages['/rss'] = rss('one-two-three');
    let { endpoints } = await look();
    outlet.pages['/rss'] = { status: 500 };
    outlet.asked();
    for (const failures of [1, 2]) {
      ({ endpoints } = await look(endpoints));
      expect(endpoints[0]).toMatchObject({ failures, error: expect.stringContaining('500') });
      expect(outlet.asked()).toEqual(['/rss']);
    }
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/new">');
    outlet.pages['/new'] = rss('four-five-six');
    expect(places(await look(endpoints))).toEqual(['feed /new']);
  });

  it('goes on when one endpoint fails, and says which, why and what to do', async () => {
    outlet.pages['/good'] = rss('one-two-three');
    outlet.pages['/page'] = home('<link rel="alternate" type="application/rss+xml" href="/good">');
    const feeds = ['broken', 'page', 'good'].map((p) => outlet.url + p);
    const seen = await look([], { feeds });
    expect(paths(seen)).toEqual(['/2024/05/14/one-two-three']);
    expect(seen.problems.map((p) => [p.url.replace(outlet.url, '/'), p.error.code])).toEqual([
      ['/broken', 'FETCH_HTTP_4XX'],
      ['/page', 'DISCOVER_UNREADABLE'],
    ]);
    expect(seen.problems[1]?.error.hint).toContain(`List ${outlet.url}good instead`);
    expect(seen.problems[1]?.error.message).toContain('outlet: feed');
    expect(seen.endpoints.map((e) => e.failures)).toEqual([1, 1, 0]);
    expect(seen.how).toBe('1 feed, as configured');
  });

  it('keeps to what is configured and never searches beside it', async () => {
    outlet.pages['/feed.xml'] = rss('one-two-three');
    await look([], { feeds: [`${outlet.url}feed.xml`] });
    expect(outlet.asked()).toEqual(['/feed.xml']);
  });

  it('follows a configured index to its parts, and remembers them while the index does not change', async () => {
    const sitemaps = [`${outlet.url}index.xml`];
    outlet.pages['/index.xml'] = { body: index(`${outlet.url}news-1.xml`), headers: { etag: '"i"' } };
    outlet.pages['/news-1.xml'] = news(`${outlet.url}one-two-three-four`, 'One');
    const first = await look([], { sitemaps });
    expect(places(first)).toEqual(['sitemap /index.xml', 'sitemap /news-1.xml']);
    expect(paths(first)).toEqual(['/one-two-three-four']);
    outlet.pages['/news-1.xml'] = news(`${outlet.url}five-six-seven-eight`, 'Two');
    const second = await look(first.endpoints, { sitemaps });
    expect(second).toMatchObject({ notModified: 1 });
    expect(paths(second)).toEqual(['/five-six-seven-eight']);
    outlet.pages['/index.xml'] = {
      body: index(`${outlet.url}news-1.xml`, `${outlet.url}news-2.xml`),
      headers: { etag: '"j"' },
    };
    outlet.pages['/news-2.xml'] = news(`${outlet.url}nine-ten-eleven`, 'Three');
    expect(places(await look(second.endpoints, { sitemaps }))).toEqual([
      'sitemap /index.xml',
      'sitemap /news-1.xml',
      'sitemap /news-2.xml',
    ]);
  });

  it('takes the links that a configured selector names, whatever they look like', async () => {
    outlet.pages['/list'] = '<ul class="a"><li><a href="/x?no=1">One</a></ul><div class="b"><a href="/y">No</a></div>';
    const seen = await look([], { listings: [{ url: `${outlet.url}list`, links: '.a' }] });
    expect(paths(seen)).toEqual(['/x?no=1']);
  });

  it('says that a selector matches nothing', async () => {
    outlet.pages['/list'] = '<p class="a">One</p>';
    const seen = await look([], { listings: [{ url: `${outlet.url}list`, links: '.a' }] });
    expect(seen.problems[0]?.error).toMatchObject({
      code: 'DISCOVER_NOTHING',
      message: expect.stringContaining('".a"'),
    });
    expect(seen.endpoints[0]).toMatchObject({ failures: 0, error: null });
  });

  it('reads a listing anew when its selector has changed', async () => {
    outlet.pages['/list'] = '<a class="a" href="/x-1">One</a><a class="b" href="/y-1">Two</a>';
    const first = await look([], { listings: [{ url: `${outlet.url}list`, links: '.a' }] });
    const second = await look(first.endpoints, { listings: [{ url: `${outlet.url}list`, links: '.b' }] });
    expect(paths(second)).toEqual(['/y-1']);
  });

  it('says that a selector is none', async () => {
    outlet.pages['/list'] = '<a href="/x">One</a>';
    // The configuration's check refuses it; what another version wrote may still hold it.
    const source = { ...outlet.source({}), listings: [{ url: `${outlet.url}list`, links: 'a[' }] };
    const signal = new AbortController().signal;
    const seen = await discover(source, [], { fetcher: outlet.fetcher, now: () => now, signal });
    expect(seen.problems[0]?.error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('"a["') });
  });

  it('moves a found feed that has moved for good, and leaves a configured one as it is written', async () => {
    outlet.pages['/'] = home('<link rel="alternate" type="application/rss+xml" href="/old">');
    outlet.pages['/old'] = { status: 301, headers: { location: '/new' } };
    outlet.pages['/new'] = rss('one-two-three');
    expect(places(await look())).toEqual(['feed /new']);
    expect(places(await look([], { feeds: [`${outlet.url}old`] }))).toEqual(['feed /old']);
  });

  it('takes neither media nor the home page nor the feed itself for an article', async () => {
    const items = ['/', '/rss', '/episode.mp3', 'mailto:a@example.org', '/2024/05/14/real-one'].map(
      (l) => `<item><link>${l}</link></item>`,
    );
    outlet.pages['/rss'] = `<rss version="2.0"><channel>${items.join('')}</channel></rss>`;
    expect(paths(await look([], { feeds: [`${outlet.url}rss`] }))).toEqual(['/2024/05/14/real-one']);
  });

  it('believes no date of the future', async () => {
    outlet.pages['/rss'] = rss('one-two-three').replace('2024 10:00', '2031 10:00');
    const seen = await look([], { feeds: [`${outlet.url}rss`] });
    expect(seen.found[0]).toMatchObject({ publishedAt: null });
  });

  it('says so when it finds nothing at all', async () => {
    outlet.pages['/'] = home('');
    const seen = await look();
    expect(seen.problems.map((p) => p.error.code)).toEqual(['DISCOVER_NOTHING']);
    expect(seen.how).toBe('nothing that lists articles was found');
    expect(outlet.asked().length).toBeLessThanOrEqual(15);
  });

  it('asks a host that refuses its home page for little more', async () => {
    outlet.pages['/'] = { status: 403 };
    const seen = await look();
    expect(seen.problems[0]?.error.code).toBe('FETCH_FORBIDDEN');
    expect(outlet.asked().length).toBeLessThanOrEqual(5);
  });

  it('stops when it is told to, and forgets no endpoint over it', async () => {
    const feeds = ['a', 'b'].map((p) => outlet.url + p);
    outlet.pages['/a'] = { body: rss('one-two-three'), headers: { etag: '"1"' } };
    outlet.pages['/b'] = rss('four-five-six');
    const first = await look([], { feeds });
    const stop = new AbortController();
    stop.abort(new Error('shutting down'));
    const seen = await discover(outlet.source({ feeds }), first.endpoints, {
      fetcher: outlet.fetcher,
      now: () => now,
      signal: stop.signal,
    });
    expect(seen.endpoints).toEqual(first.endpoints);
    expect(seen.problems).toEqual([]);
  });

  it('never leaves a 304 for what it could not read', async () => {
    const feeds = [`${outlet.url}rss`];
    outlet.pages['/rss'] = { body: 'maintenance', headers: { etag: '"m"' } };
    const first = await look([], { feeds });
    expect(first.endpoints[0]).toMatchObject({ etag: null, bodyHash: null, failures: 1 });
    outlet.pages['/rss'] = { body: rss('one-two-three'), headers: { etag: '"m"' } };
    expect((await look(first.endpoints, { feeds })).found).toHaveLength(1);
  });
});
