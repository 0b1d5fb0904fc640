import {
  articlePage,
  FEED,
  html,
  type Input,
  itemOf,
  type Outlet,
  onPage,
  type Page,
  type Place,
  rss,
  STORY,
  times,
  unlike,
  xml,
} from './input.js';

const redirect = (to: string, status = 302): Page => ({ status, headers: { location: to } });

/** A good feed; whatever it leads to leads on. */
const onward =
  (next: (path: string, place: Place) => string, status = 302) =>
  (place: Place): Outlet => ({
    feeds: [FEED],
    pages: { [FEED]: xml(rss(place, [itemOf(place, STORY)])), '/robots.txt': { status: 404 } },
    other: ({ request, response }) => {
      response.writeHead(status, { location: next(request.url ?? '/', place) }).end();
    },
  });

const REDIRECTS: Record<string, [(p: Place) => Outlet, RegExp]> = {
  'in a circle': [onward((path) => (path === '/b' ? STORY : '/b')), /FETCH_REDIRECT_LOOP/],
  'to itself': [onward(() => STORY), /FETCH_REDIRECT_LOOP/],
  'to itself, with another fragment': [onward((path) => `${path}#${path.length}`), /FETCH_REDIRECT_LOOP/],
  'without end': [onward((path) => `${path}x`), /FETCH_TOO_MANY_REDIRECTS/],
  'without end, for good': [onward((path) => `${path}x`, 301), /FETCH_TOO_MANY_REDIRECTS/],
  'that grow': [onward((path) => `${path}${times('y', 500)}`), /FETCH_BAD_URL|FETCH_TOO_MANY/],
  'to a script': [onward(() => 'javascript:alert(1)'), /FETCH_BAD_URL/],
  'to data': [onward(() => 'data:text/html,<p>x'), /FETCH_BAD_URL/],
  'to a file': [onward(() => 'file:///etc/passwd'), /FETCH_BAD_URL/],
  'to FTP and gopher': [onward(() => 'gopher://127.0.0.1:6379/_FLUSHALL'), /FETCH_BAD_URL/],
  'to nowhere': [onward(() => 'http://'), /FETCH/],
  'to 5,000 letters that do not repeat': [onward(() => `/${unlike(5000)}`), /FETCH_BAD_URL/],
  'of 60 KB': [onward(() => `/${times('z', 60_000)}`), /FETCH/],
  'with a name and a password': [
    onward((_, p) => `http://user:secret@127.0.0.1:${p.trapPort}/`),
    /FETCH_BLOCKED_ADDRESS/,
  ],
  'to a name of 300 letters': [onward(() => `http://${times('a', 300)}.example/`), /FETCH/],
  'to a port that is none': [onward(() => 'http://news.example:99999/'), /FETCH/],
  'without a place': [onPage(() => ({ status: 302 })), /FETCH/],
  'of a status that is none': [onPage(() => redirect('/x', 399)), /FETCH/],
  'of the feed, for good and without end': [
    () => ({
      feeds: ['/0'],
      pages: {},
      other: ({ request, response }) => {
        response.writeHead(301, { location: `/${Number(request.url?.slice(1)) + 1}` }).end();
      },
    }),
    /FETCH/,
  ],
  'of every address to the home page': [
    (p) => ({
      feeds: [FEED],
      pages: { [FEED]: xml(rss(p, [itemOf(p, STORY)])), '/': html('<p>Home') },
      other: redirect('/', 301),
    }),
    /EXTRACT/,
  ],
  'to another article': [
    (p) => ({
      feeds: [FEED],
      pages: { [FEED]: xml(rss(p, [itemOf(p, STORY)])), [STORY]: redirect('/b') },
      other: html(articlePage(p)),
    }),
    /published/,
  ],
};

export const redirects: Input[] = Object.entries(REDIRECTS).map(
  ([name, [visit, ends]]): Input => ({ kind: 'traps', name: `redirects ${name}`, visit, ends }),
);
