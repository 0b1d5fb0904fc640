import {
  articlePage,
  beside,
  FEED,
  html,
  type Input,
  itemOf,
  type Outlet,
  onFeed,
  onListing,
  onPage,
  onSitemap,
  type Page,
  type Place,
  rss,
  STORY,
  times,
  unlike,
  xml,
} from './input.js';

const link = (href: string, text = 'A storm is coming to the quay tonight') => `<a href="${href}">${text}</a>`;
const from = (n: number, make: (i: number) => string) => Array.from({ length: n }, (_, i) => make(i));
const list = (links: string[]) => html(`<html lang="en"><main>${links.map((l) => `<h2>${l}</h2>`).join('')}</main>`);
/** A feed of these paths. */
const feed = (paths: string[]) =>
  onFeed((p) =>
    xml(
      rss(
        p,
        paths.map((path) => itemOf(p, path)),
      ),
    ),
  );
const index = (p: Place, paths: string[]) =>
  `<sitemapindex>${paths.map((x) => `<sitemap><loc>${p.origin}${x}</loc></sitemap>`).join('')}</sitemapindex>`;
const urlset = (urls: string[]) =>
  `<urlset>${urls.map((u) => `<url><loc>${u}</loc><lastmod>2026-03-01</lastmod></url>`).join('')}</urlset>`;
const inHead = (head: (p: Place) => string) => onPage((p) => html(articlePage(p, { head: head(p) })));

/** Answers any path with what follows from it. */
const endless =
  (lists: Omit<Outlet, 'pages'>, make: (path: string, place: Place) => string) =>
  (place: Place): Outlet => ({
    ...lists,
    pages: { '/robots.txt': { status: 404 } },
    other: ({ request, response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(make(request.url ?? '/', place));
    },
  });
const numberIn = (path: string) => Number(/\d+/.exec(path)?.[0] ?? 0);

const TRAPS: Record<string, [(p: Place) => Outlet, RegExp?]> = {
  'a calendar': [
    onListing(() => list(from(2000, (i) => link(`/${2000 + (i % 60)}/${(i % 12) + 1}/${(i % 28) + 1}/`)))),
  ],
  'a calendar that links to itself': [
    endless({}, (path) =>
      from(300, (i) => link(`/calendar/${2000 + i}/?back=${encodeURIComponent(path.slice(-200))}`, 'Next')).join(''),
    ),
  ],
  'pages without end': [endless({ listings: ['/news/1'] }, (path) => link(`/news/${numberIn(path) + 1}`, 'Older'))],
  'a home page of links that are new each time': [
    endless({}, (path) => from(200, (i) => link(`/s/${i}-${path.length}-storm-at-the-quay-${i}.html`)).join('')),
  ],
  'session ids': [
    onListing(() =>
      list(from(1000, (i) => link(`/2026/03/01/vote-on-quay-${i % 5}.html;jsessionid=${i}A?PHPSESSID=${i}`))),
    ),
  ],
  facets: [
    onListing(() => list(from(5000, (i) => link(`/news?color=${i % 7}&size=${i % 11}&sort=${i % 3}&page=${i}`)))),
  ],
  'a query that grows': [feed(from(100, (i) => `/s?${times('q=1&', i * 10)}x=${i}`))],
  'paths that repeat': [feed(from(60, (i) => `/${times('news/', i + 1)}vote-on-the-quay.html`))],
  'scrolling without end': [
    endless(
      { listings: ['/'] },
      () =>
        `<div data-next="/more">${times(link('/2026/03/01/a-vote-on-the-quay.html'), 3000)}<script>fetch("/more")</script></div>`,
    ),
  ],
  'a sitemap index of itself': [onSitemap((p) => index(p, ['/sitemap.xml', '/sitemap.xml?2', '/sitemap.xml#3']))],
  'an index of 40,000 indexes': [
    endless({ sitemaps: ['/s.xml'] }, (_, p) =>
      index(
        p,
        from(40_000, (i) => `/news-${i}.xml`),
      ),
    ),
  ],
  'indexes without end': [endless({ sitemaps: ['/1.xml'] }, (path, p) => index(p, [`/${numberIn(path) + 1}.xml`]))],
  'an index of names that do not repeat': [
    onSitemap((p) => index(p, [`/news/${unlike(4000)}.xml`])),
    /DISCOVER_TRUNCATED/,
  ],
  'a sitemap of 50,000 pages of another site': [
    onSitemap(() => urlset(from(50_000, (i) => `https://victim.example/a-story-${i}-for-you.html`))),
  ],
  'a sitemap of 49,000 articles, all of one day': [
    onSitemap((p) => urlset(from(49_000, (i) => `${p.origin}/2026/03/01/a-story-${i}-of-the-quay.html`))),
    /published|duplicate/,
  ],
  'a feed of 400 articles at a private address': [
    onFeed((p) =>
      xml(rss(p, [...from(400, (i) => itemOf(p, `https://127.0.0.1:${p.trapPort}/a-${i}.html`)), itemOf(p, STORY)])),
    ),
  ],
  'a feed that is another each time': [
    onFeed((p) => ({ response }) => {
      response.end(
        rss(
          p,
          from(50, (i) => itemOf(p, `/n/${process.hrtime.bigint()}-${i}-at-the-quay.html`)),
        ),
      );
    }),
  ],
  'a feed whose entries are feeds': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: xml(
          rss(
            p,
            from(40, (i) => itemOf(p, `/feed-${i}.xml`)),
          ),
        ),
      },
      other: xml(rss(p, [])),
    }),
  ],
  'a home page that names 10,000 feeds': [
    (p) => ({
      pages: {
        '/': html(from(10_000, (i) => `<link rel="alternate" type="application/rss+xml" href="/f/${i}.xml">`).join('')),
      },
      other: xml(rss(p, [])),
    }),
  ],
  'a hub that is private': [
    (p) => {
      const link = `<http://127.0.0.1:${p.trapPort}/hub>; rel="hub", <${p.origin}${FEED}>; rel="self"`;
      const told: Page = { headers: { link }, body: rss(p, [itemOf(p, STORY)]) };
      return { feeds: [FEED], pages: { [FEED]: told, [STORY]: html(articlePage(p)) } };
    },
    /published/,
  ],
  'an article that calls another its own': [
    inHead(() => '<link rel="canonical" href="https://victim.example/story">'),
    /published/,
  ],
  'a canonical link that does not repeat': [
    inHead(() => `<link rel="canonical" href="https://victim.example/${unlike(5000)}">`),
    /published/,
  ],
  'a canonical link that does not repeat, of its own': [
    inHead((p) => `<link rel="canonical" href="${p.origin}/${unlike(5000)}">`),
    /published/,
  ],
  'a base that leads astray': [
    inHead(() => '<base href="javascript:alert(1)//"><base href="file:///etc/passwd">'),
    /published/,
  ],
  'a page that refreshes to itself': [
    inHead(() => `<meta http-equiv="refresh" content="0;url=${STORY}">`),
    /published/,
  ],
  'an article that asks to be forgotten in the year 0': [
    inHead(() => '<meta name="robots" content="unavailable_after: 0000-00-00">'),
    /published/,
  ],
  'cookies without end': [
    onPage((p) => ({
      headers: { 'content-type': 'text/html', 'set-cookie': times('a=b; ', 10_000) },
      body: articlePage(p),
    })),
    /published/,
  ],
  'a validator of 30 KB': [
    onPage((p) => ({
      headers: { 'content-type': 'text/html', etag: `"${times('e', 30_000)}"`, 'last-modified': times('x', 20_000) },
      body: articlePage(p),
    })),
    /published/,
  ],
  'every page a soft 404': [
    () => ({ pages: {}, other: html('<title>Not found</title><p>We could not find that page.') }),
    /DISCOVER_NOTHING|EXTRACT/,
  ],
  'a host that calls every file an article': [
    beside((p) => ({ '/robots.txt': html(articlePage(p)), '/.well-known/tdmrep.json': html(articlePage(p)) })),
    /published/,
  ],
};

export const traps: Input[] = Object.entries(TRAPS).map(
  ([name, [visit, ends]]): Input => ({ kind: 'traps', name, visit, ...(ends && { ends }) }),
);
