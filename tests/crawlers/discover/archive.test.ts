import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStep, walkArchive } from '../../../crawlers/discover/archive.js';
import { datedPlaces, spanOfArticle, spanOfPlace } from '../../../crawlers/discover/archive-dates.js';
import { type Outlet, openOutlet } from './loopback.js';

const RANGE = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 3, 1) };
const WORDS = ['harbour', 'council', 'teacher', 'ferry', 'market', 'bridge'];

const iso = (span: { from: number; to: number } | null) =>
  span && [span.from, span.to].map((at) => new Date(at).toISOString().slice(0, 10)).join(' ');

describe('days in addresses of an archive', () => {
  it('are read from names of sitemaps', () => {
    const spans = [
      'sitemap-2026-03-04.xml',
      'sitemaps/20260304.xml.gz',
      'sitemap.xml?yyyy=2026&mm=3&dd=4',
      'sitemap-2026-03.xml',
      'sitemap/2026/mar/index.xml',
      'sitemap-posts-2026.xml',
      'post-sitemap12.xml',
      'sitemap-2026-13.xml',
      'sitemap.xml?yyyy=2026&mm=3',
    ].map((name) => iso(spanOfPlace(`https://h.example/${name}`)));
    expect(spans).toEqual([
      '2026-03-04 2026-03-05',
      '2026-03-04 2026-03-05',
      '2026-03-04 2026-03-05',
      '2026-03-01 2026-04-01',
      '2026-03-01 2026-04-01',
      '2026-01-01 2027-01-01',
      null,
      '2026-01-01 2027-01-01',
      '2026-03-01 2026-04-01',
    ]);
  });

  it('are read from addresses of articles, where a year alone is a subject', () => {
    const spans = [
      '2026/03/04/harbour',
      'world-20260304',
      'news/2026/mar/04/harbour',
      'politics/election-2026',
      '2026/03/harbour',
      'news/2026-03-04-harbour',
    ];
    expect(spans.map((path) => iso(spanOfArticle(`https://h.example/${path}`)))).toEqual([
      '2026-03-04 2026-03-05',
      '2026-03-04 2026-03-05',
      '2026-03-04 2026-03-05',
      null,
      '2026-03-01 2026-04-01',
      '2026-03-04 2026-03-05',
    ]);
  });

  it('make the address of one month stand for all', () => {
    expect(datedPlaces('https://h.example/archive/2020/01?page=1', RANGE, 100)).toEqual([
      'https://h.example/archive/2026/03?page=1',
      'https://h.example/archive/2026/02?page=1',
      'https://h.example/archive/2026/01?page=1',
    ]);
    expect(datedPlaces('https://h.example/all?date=2020-01-01', RANGE, 2)).toEqual([
      'https://h.example/all?date=2026-03-31',
      'https://h.example/all?date=2026-03-30',
    ]);
    expect(datedPlaces('https://h.example/news', RANGE, 2)).toBeNull();
  });
});

describe('the archive of an outlet', () => {
  let outlet: Outlet;
  beforeEach(async () => {
    outlet = await openOutlet();
  });
  afterEach(() => outlet.close());

  const index = (...children: [path: string, lastmod?: string][]) =>
    `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${children
      .map(([path, at]) => `<sitemap><loc>${outlet.url}${path}</loc>${at ? `<lastmod>${at}</lastmod>` : ''}</sitemap>`)
      .join('')}</sitemapindex>`;
  const urlset = (...urls: [path: string, lastmod?: string][]) =>
    `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls
      .map(([path, at]) => `<url><loc>${outlet.url}${path}</loc>${at ? `<lastmod>${at}</lastmod>` : ''}</url>`)
      .join('')}</urlset>`;
  const list = (paths: string[], more = '') =>
    `<html><body><main>${paths
      .map((p) => `<article><h2><a href="/${p}">${p.replace(/\W+/g, ' ')} opens again today</a></h2></article>`)
      .join('')}</main>${more}</body></html>`;

  async function walk(entry: Record<string, unknown> = {}, more: { undated?: boolean; skip?: string[] } = {}) {
    const steps: ArchiveStep[] = [];
    for await (const step of walkArchive(outlet.source(entry), [], RANGE, {
      fetcher: outlet.fetcher,
      now: () => Date.UTC(2026, 5, 1),
      signal: AbortSignal.timeout(60_000),
      skip: new Set(more.skip ?? []),
      undated: more.undated ?? false,
    }))
      steps.push(step);
    const paths = steps.flatMap((s) => s.found).map((f) => f.url.replace(outlet.url, ''));
    return { steps, paths, problems: steps.flatMap((s) => s.problem?.code ?? []) };
  }

  it('is read where an index says that it may hold the days asked for, newest first', async () => {
    outlet.pages['/robots.txt'] = `User-agent: *\nSitemap: ${outlet.url}map.xml`;
    outlet.pages['/map.xml'] = index(
      ['posts-2025-11.xml'],
      ['posts-2026-02.xml'],
      ['posts-2026-03.xml'],
      ['posts-2026-09.xml'],
      ['posts-old.xml', '2025-06-01'],
      ['category-sitemap.xml', '2026-03-01'],
    );
    outlet.pages['/posts-2026-02.xml'] = urlset(
      ['2026/02/03/harbour-opens', '2026-02-03'],
      ['2026/02/04/council-votes'],
    );
    outlet.pages['/posts-2026-03.xml'] = urlset(['2026/03/03/ferry-stops'], ['about'], ['2026/06/03/market-closes']);
    const { paths } = await walk();
    expect(outlet.asked()).toEqual(['/robots.txt', '/map.xml', '/posts-2026-03.xml', '/posts-2026-02.xml']);
    expect(paths).toEqual(['2026/03/03/ferry-stops', '2026/02/03/harbour-opens', '2026/02/04/council-votes']);
  });

  it('counts an article by the day in its address before that of its last change', async () => {
    outlet.pages['/sitemap.xml'] = urlset(
      ['2019/02/03/harbour-opens-again', '2026-02-03'],
      ['news/council-votes-on-the-bridge', '2026-02-03'],
      ['news/ferry-stops-for-a-week', '2025-02-03'],
      ['news/market-closes-at-the-quay'],
    );
    const { paths, steps } = await walk();
    expect(paths).toEqual(['news/council-votes-on-the-bridge']);
    expect(steps.map((s) => s.undated)).toContain(1);
    expect((await walk({}, { undated: true })).paths).toContain('news/market-closes-at-the-quay');
  });

  it('reads no place that was read before', async () => {
    outlet.pages['/sitemap.xml'] = index(['a-2026-01.xml'], ['a-2026-02.xml']);
    outlet.pages['/a-2026-01.xml'] = urlset(['2026/01/03/harbour-opens']);
    outlet.pages['/a-2026-02.xml'] = urlset(['2026/02/03/council-votes']);
    const { paths } = await walk({}, { skip: [`${outlet.url}a-2026-02.xml`] });
    expect(paths).toEqual(['2026/01/03/harbour-opens']);
  });

  it('ends at an index that names itself, and at indexes that name ever new ones', async () => {
    outlet.pages['/robots.txt'] = `Sitemap: ${outlet.url}self.xml\nSitemap: ${outlet.url}deep-0.xml`;
    outlet.pages['/self.xml'] = index(['self.xml'], ['self.xml?'], ['posts.xml']);
    outlet.pages['/posts.xml'] = urlset(['2026/01/03/harbour-opens']);
    for (let i = 0; i < 50; i++) outlet.pages[`/deep-${i}.xml`] = index([`deep-${i + 1}.xml`]);
    const { paths } = await walk();
    expect(paths).toEqual(['2026/01/03/harbour-opens']);
    expect(outlet.asked().filter((p) => p.includes('self'))).toHaveLength(1);
    expect((await walk()).steps.length).toBeLessThan(10);
  });

  it('goes on from month to month and page to page while a list brings something new', async () => {
    const months: Record<string, string[]> = { '2026/03': [], '2026/02': [], '2026/01': [] };
    for (const [month, paths] of Object.entries(months))
      for (let n = 0; n < 12; n++) paths.push(`${month}/0${(n % 9) + 1}/${WORDS[n % 6]}-report-number-${n}`);
    for (const [month, paths] of Object.entries(months))
      for (let page = 1; page <= 3; page++)
        outlet.pages[`/archive/${month}?page=${page}`] = list(
          paths.slice((page - 1) * 4, page * 4),
          `<a href="/archive/${month}?page=${page + 1}">Older</a> <a href="/archive/2031/01?page=1">Next month</a>`,
        );
    for (const month of Object.keys(months))
      outlet.pages[`/archive/${month}?page=4`] = list([], `<a href="/archive/${month}?page=5">Older</a>`);
    const { paths } = await walk({ listings: [{ url: `${outlet.url}archive/2020/01?page=1` }] });
    expect(paths.toSorted()).toEqual(Object.values(months).flat().toSorted());
    expect(outlet.asked().filter((p) => p.startsWith('/archive'))).toHaveLength(12);
  });

  it('ends at a calendar without end', async () => {
    const serve = (path: string) => {
      outlet.pages[path] = list(
        [],
        `<p>No stories here.</p><a href="${path.replace(/\d+$/, (n) => String(Number(n) + 1))}">Next page</a>`,
      );
    };
    for (const month of ['01', '02', '03']) for (let n = 1; n < 20; n++) serve(`/archive/2026/${month}?page=${n}`);
    const { paths } = await walk({ listings: [{ url: `${outlet.url}archive/2024/01?page=1` }] });
    expect(paths).toEqual([]);
    expect(outlet.asked().filter((p) => p.startsWith('/archive'))).toHaveLength(3);
  });

  it('ends a list that makes up articles without end, and says so', async () => {
    for (let n = 1; n <= 600; n++)
      outlet.pages[`/all?page=${n}`] = list(
        [`2026/02/03/harbour-report-number-${n}`],
        `<a href="/all?page=${n + 1}">Older</a>`,
      );
    const { paths, problems } = await walk({ listings: [{ url: `${outlet.url}all?page=1` }] });
    expect(paths).toHaveLength(500);
    expect(problems).toEqual(['DISCOVER_TRUNCATED']);
  });

  it('goes on after a part that cannot be read', async () => {
    outlet.pages['/sitemap.xml'] = index(['gone-2026-03.xml'], ['a-2026-02.xml']);
    outlet.pages['/a-2026-02.xml'] = urlset(['2026/02/03/council-votes']);
    const { paths, problems } = await walk();
    expect(paths).toEqual(['2026/02/03/council-votes']);
    expect(problems).toEqual(['FETCH_HTTP_4XX']);
  });
});
