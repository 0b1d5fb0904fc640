import {
  articlePage,
  FEED,
  html,
  type Input,
  itemOf,
  type Outlet,
  type Page,
  type Place,
  rss,
  STORY,
  times,
  unlike,
  xml,
} from './input.js';

const link = (href: string, text = 'A storm is coming to the quay tonight') => `<a href="${href}">${text}</a>`;
const list = (links: string[]) =>
  html(`<!doctype html><html lang="en"><body><main>${links.map((l) => `<h2>${l}</h2>`).join('')}</main></body></html>`);
const from = (n: number, make: (i: number) => string) => Array.from({ length: n }, (_, i) => make(i));
/** Answers any path with what its number makes. */
const growing =
  (make: (path: string) => string): Page =>
  ({ request, response }) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end(make(request.url ?? '/'));
const redirect = (to: string, status = 302): Page => ({ status, headers: { location: to } });
const good = (p: Place) => ({ [FEED]: xml(rss(p, [itemOf(p, STORY)])), feeds: [FEED] });
const hops = (next: (path: string) => string, p: Place): Outlet => ({
  feeds: [FEED],
  pages: { [FEED]: good(p)[FEED] },
  other: ({ request, response }) =>
    request.url === '/robots.txt'
      ? void response.writeHead(404).end()
      : void response.writeHead(302, { location: next(request.url ?? '/') }).end(),
});
const index = (p: Place, paths: string[]) =>
  `<sitemapindex>${paths.map((x) => `<sitemap><loc>${p.origin}${x}</loc></sitemap>`).join('')}</sitemapindex>`;

const TRAPS: Record<string, [(p: Place) => Outlet, RegExp?]> = {
  'a calendar': [
    (p) => ({
      listings: ['/'],
      pages: { '/': list(from(2000, (i) => link(`/${2000 + (i % 60)}/${(i % 12) + 1}/${(i % 28) + 1}/`))) },
      other: html(articlePage(p)),
    }),
  ],
  'a calendar that links to itself': [
    (p) => ({
      pages: {},
      other: growing(
        (path) =>
          `<nav>${from(300, (i) => link(`/calendar/${2000 + i}/?back=${encodeURIComponent(path.slice(-200))}`, 'Next')).join('')}</nav>${p.number}`,
      ),
    }),
  ],
  'pages without end': [
    (p) => ({
      listings: ['/news?page=1'],
      pages: {},
      other: growing((path) => `${link(`/news?page=${Number(/\d+$/.exec(path)?.[0] ?? 0) + 1}`, 'Older')}${p.number}`),
    }),
  ],
  'a home page in which all links are new each time': [
    () => ({
      pages: {},
      other: growing((path) => from(200, (i) => link(`/s/${i}-${path.length}-storm-at-the-quay-${i}.html`)).join('')),
    }),
  ],
  'session ids': [
    (p) => ({
      listings: ['/'],
      pages: {
        '/': list(
          from(1000, (i) => link(`/2026/03/01/vote-on-the-quay-${i % 5}.html;jsessionid=${i}ABCDEF?PHPSESSID=${i}`)),
        ),
      },
      other: html(articlePage(p)),
    }),
  ],
  facets: [
    (p) => ({
      listings: ['/'],
      pages: { '/': list(from(5000, (i) => link(`/news?color=${i % 7}&size=${i % 11}&sort=${i % 3}&page=${i}`))) },
      other: html(articlePage(p)),
    }),
  ],
  'a query that grows': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: xml(
          rss(
            p,
            from(100, (i) => itemOf(p, `/s?${times('q=1&', i * 10)}x=${i}`)),
          ),
        ),
      },
      other: html(articlePage(p)),
    }),
  ],
  'paths that repeat': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: xml(
          rss(
            p,
            from(60, (i) => itemOf(p, `/${times('news/', i + 1)}vote-on-the-quay.html`)),
          ),
        ),
      },
      other: html(articlePage(p)),
    }),
  ],
  'scrolling without end': [
    () => ({
      listings: ['/'],
      pages: {},
      other: growing(
        () =>
          `<div data-next="/more">${times(link('/2026/03/01/a-vote-on-the-northern-quay.html'), 3000)}<script>fetch("/more")</script></div>`,
      ),
    }),
  ],
  'redirects in a circle': [(p) => hops((path) => (path === '/b' ? STORY : '/b'), p), /FETCH_REDIRECT_LOOP/],
  'redirects to itself': [(p) => hops(() => STORY, p), /FETCH_REDIRECT_LOOP/],
  'redirects without end': [(p) => hops((path) => `${path}x`, p), /FETCH_TOO_MANY_REDIRECTS/],
  'redirects that grow': [(p) => hops((path) => `${path}${times('y', 5000)}`, p), /FETCH/],
  'a redirect to a script': [(p) => hops(() => 'javascript:alert(1)', p), /FETCH_BAD_URL/],
  'a redirect to data': [(p) => hops(() => 'data:text/html,<p>x', p), /FETCH_BAD_URL/],
  'a redirect to a file': [(p) => hops(() => 'file:///etc/passwd', p), /FETCH_BAD_URL/],
  'a redirect to nowhere': [(p) => hops(() => 'http://', p), /FETCH/],
  'a redirect of 5,000 letters that do not repeat': [
    (p) => ({
      feeds: [FEED],
      pages: { [FEED]: good(p)[FEED], [STORY]: redirect(`/${unlike(5000)}`) },
      other: html(articlePage(p)),
    }),
    /FETCH_BAD_URL/,
  ],
  'a canonical link of 5,000 letters that do not repeat': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: good(p)[FEED],
        [STORY]: html(articlePage(p, { head: `<link rel=canonical href="https://victim.example/${unlike(5000)}">` })),
      },
    }),
    /published/,
  ],
  'sitemaps of 4,000 letters that do not repeat': [
    (p) => ({ sitemaps: ['/sitemap.xml'], pages: { '/sitemap.xml': index(p, [`/news/${unlike(4000)}.xml`]) } }),
  ],
  'a redirect of 60 KB': [(p) => hops(() => `/${times('z', 60_000)}`, p), /FETCH/],
  'a redirect without a place': [
    (p) => ({ feeds: [FEED], pages: { [FEED]: good(p)[FEED], [STORY]: { status: 302 } } }),
    /FETCH/,
  ],
  'a redirect with a name and a password': [
    (p) => hops(() => `http://user:secret@127.0.0.1:${p.trapPort}/`, p),
    /FETCH_BLOCKED_ADDRESS/,
  ],
  'a sitemap index of itself': [
    (p) => ({
      sitemaps: ['/sitemap.xml'],
      pages: {
        '/sitemap.xml': index(p, ['/sitemap.xml', '/sitemap.xml?2']),
        '/sitemap.xml?2': index(p, ['/sitemap.xml']),
      },
    }),
  ],
  'an index of 40,000 indexes': [
    (p) => ({
      sitemaps: ['/sitemap.xml'],
      pages: {},
      other: {
        headers: { 'content-type': 'text/xml' },
        body: index(
          p,
          from(40_000, (i) => `/news-${i}.xml`),
        ),
      },
    }),
  ],
  'indexes without end': [
    (p) => ({
      sitemaps: ['/1.xml'],
      pages: {},
      other: growing((path) => index(p, [`/${Number(/\d+/.exec(path)?.[0] ?? 0) + 1}.xml`])),
    }),
  ],
  'a sitemap of 50,000 pages of another site': [
    (p) => ({
      sitemaps: ['/s.xml'],
      pages: {
        '/s.xml': `<urlset>${from(50_000, (i) => `<url><loc>https://victim.example/2026/03/01/a-story-${i}-for-you.html</loc></url>`).join('')}</urlset>`,
      },
      other: html(articlePage(p)),
    }),
  ],
  'a sitemap of 49,000 articles, all of now': [
    (p) => ({
      sitemaps: ['/s.xml'],
      pages: {
        '/s.xml': `<urlset>${from(49_000, (i) => `<url><loc>${p.origin}/2026/03/01/a-story-${i}-of-the-quay.html</loc><lastmod>2026-03-01</lastmod></url>`).join('')}</urlset>`,
      },
    }),
  ],
  'a feed of 5,000 articles of another site': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: xml(
          rss(p, [
            ...from(4999, (i) => itemOf(p, `https://127.0.0.1:${p.trapPort}/a-story-${i}-of-the-quay.html`)),
            itemOf(p, STORY),
          ]),
        ),
      },
    }),
  ],
  'a feed that is another each time': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: ({ response }) =>
          void response.end(
            rss(
              p,
              from(50, (i) => itemOf(p, `/n/${process.hrtime.bigint()}-${i}-at-the-quay.html`)),
            ),
          ),
      },
      other: html(articlePage(p)),
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
      other: xml(rss(p, [itemOf(p, STORY)])),
    }),
  ],
  'a feed that moves for good without end': [
    () => ({
      feeds: ['/0'],
      pages: {},
      other: ({ request, response }) =>
        void response.writeHead(301, { location: `/${Number(request.url?.slice(1)) + 1}` }).end(),
    }),
    /FETCH/,
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
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: {
          headers: { link: `<http://127.0.0.1:${p.trapPort}/hub>; rel="hub", <${p.origin}${FEED}>; rel="self"` },
          body: rss(p, [itemOf(p, STORY)]),
        },
        [STORY]: html(articlePage(p)),
      },
    }),
    /published/,
  ],
  'an article that calls another its own': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: good(p)[FEED],
        [STORY]: html(
          articlePage(p, {
            head: '<link rel="canonical" href="https://victim.example/story"><meta property="og:url" content="data:,x">',
          }),
        ),
      },
    }),
    /published/,
  ],
  'a base that leads astray': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: good(p)[FEED],
        [STORY]: html(articlePage(p, { head: '<base href="javascript:alert(1)//"><base href="file:///etc/passwd">' })),
      },
    }),
    /published/,
  ],
  'a page that refreshes to itself': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: good(p)[FEED],
        [STORY]: html(articlePage(p, { head: `<meta http-equiv="refresh" content="0;url=${STORY}">` })),
      },
    }),
    /published/,
  ],
  'cookies without end': [
    (p) => ({
      feeds: [FEED],
      pages: {
        [FEED]: good(p)[FEED],
        [STORY]: {
          headers: { 'content-type': 'text/html', 'set-cookie': times('a=b; ', 10_000) },
          body: articlePage(p),
        },
      },
    }),
    /published/,
  ],
  'every page a soft 404': [
    () => ({ pages: {}, other: html('<title>Not found</title><p>We could not find that page.') }),
    /DISCOVER_NOTHING|EXTRACT/,
  ],
  'every address redirects to the home page': [
    (p) => ({ feeds: [FEED], pages: { [FEED]: good(p)[FEED], '/': html('<p>Home') }, other: redirect('/', 301) }),
  ],
};

export const traps: Input[] = Object.entries(TRAPS).map(
  ([name, [visit, ends]]): Input => ({ kind: 'traps', name, visit, ...(ends && { ends }) }),
);
