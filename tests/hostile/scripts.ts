import {
  articlePage,
  escapeXml,
  FEED,
  html,
  type Input,
  itemOf,
  onPage,
  type Page,
  type Place,
  paragraphs,
  rss,
  STORY,
  xml,
} from './input.js';
import { ADDRESSES, MARKUP } from './payloads.js';

type Put = (place: Place, payload: string) => { page: Page; item?: string };
const json = (value: unknown) =>
  `<script type="application/ld+json">${JSON.stringify(value).replaceAll('</', '<\\/')}</script>`;
const quoted = (text: string) => text.replaceAll('"', '&quot;');
/** Says nothing of itself, so that what the feed says is taken. */
const silent = ({ number }: Place): Page =>
  html(
    `<!doctype html><html><body><article>${paragraphs(number)
      .map((p) => `<p>${p}</p>`)
      .join('')}</article></body></html>`,
  );

const MARKUP_PLACES: Record<string, Put> = {
  'in the text': (p, x) => ({ page: html(articlePage(p, { before: `<p>Before. ${x} After.</p>` })) }),
  'in the headline': (p, x) => ({
    page: html(articlePage(p, { title: escapeXml(`Vote ${x} put off`), heading: `Vote ${x} put off` })),
  }),
  'in JSON-LD': (p, x) => ({
    page: html(
      articlePage(p, {
        head: json({
          '@type': 'NewsArticle',
          headline: `Vote ${x}`,
          author: { name: `Ann ${x}` },
          articleBody: `${x} ${paragraphs(p.number).join(' ')}`,
          keywords: [x],
        }),
      }),
    ),
  }),
  "in the feed's words": (p, x) => ({
    page: silent(p),
    item: `<title>${escapeXml(escapeXml(`Vote ${x}`))}</title><description>${escapeXml(x)}</description><author>${escapeXml(`Ann ${x}`)}</author><category>${escapeXml(x)}</category>`,
  }),
};

const ADDRESS_PLACES: Record<string, Put> = {
  'as a link': (p, x) => ({ page: html(articlePage(p, { before: `<p>See <a href="${quoted(x)}">here</a>.</p>` })) }),
  'as a picture': (p, x) => ({
    page: html(
      articlePage(p, {
        before: `<figure><img src="${quoted(x)}" srcset="${quoted(x)} 800w" data-src="${quoted(x)}"><figcaption>Sea</figcaption></figure>`,
      }),
    ),
  }),
  'as a frame, a film and a quotation': (p, x) => ({
    page: html(
      articlePage(p, {
        before: `<iframe src="${quoted(x)}"></iframe><video src="${quoted(x)}" poster="${quoted(x)}"></video><blockquote cite="${quoted(x)}"><p>So it is said.</p></blockquote>`,
      }),
    ),
  }),
  'as lead picture, canonical link and base': (p, x) => ({
    page: html(
      articlePage(p, {
        head: `<meta property="og:image" content="${quoted(x)}"><link rel="canonical" href="${quoted(x)}"><base href="${quoted(x)}"><meta property="og:url" content="${quoted(x)}">`,
      }),
    ),
  }),
  'in JSON-LD': (p, x) => ({
    page: html(
      articlePage(p, {
        head: json({
          '@type': 'NewsArticle',
          headline: 'Vote put off',
          url: x,
          image: x,
          mainEntityOfPage: x,
          author: { name: 'Ann', url: x },
          license: x,
        }),
      }),
    ),
  }),
};

const made = (what: string, payloads: Record<string, string>, places: Record<string, Put>): Input[] =>
  Object.entries(places).flatMap(([where, put]) =>
    Object.entries(payloads).map(
      ([name, payload]): Input => ({
        kind: 'scripts',
        name: `${what}${name}, ${where}`,
        visit: onPage(
          (place) => put(place, payload).page,
          (place) => put(place, payload).item ?? '',
        ),
        ends: /^(published|duplicate|EXTRACT_EMPTY|EXTRACT_TOO_DEEP)$/,
      }),
    ),
  );

/** An address in a feed: as the link of the entry, its picture and its author's page. */
const inFeeds: Input[] = Object.entries(ADDRESSES).map(([name, address]) => ({
  kind: 'scripts',
  name: `an address, ${name}, in a feed`,
  visit: (place) => ({
    feeds: [FEED],
    pages: {
      [FEED]: xml(
        rss(place, [
          itemOf(
            place,
            STORY,
            `<enclosure url="${escapeXml(address)}" type="image/png"/><comments>${escapeXml(address)}</comments>`,
          ),
          `<item><title>Elsewhere</title><link>${escapeXml(address)}</link><guid>${escapeXml(address)}</guid></item>`,
        ]),
      ),
      [STORY]: silent(place),
    },
  }),
}));

export const scripts: Input[] = [
  ...made('', MARKUP, MARKUP_PLACES),
  ...made('an address, ', ADDRESSES, ADDRESS_PLACES),
  ...inFeeds,
];
