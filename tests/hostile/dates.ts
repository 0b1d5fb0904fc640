import { articlePage, FEED, html, type Input, itemOf, rss, STORY, times, xml } from './input.js';

/** Written dates that are wrong, doubtful, far away or none. */
export const DATES: Record<string, string> = {
  'the 31st of February': '2026-02-31T10:00:00Z',
  'month 13': '2026-13-01',
  'month and day 0': '2026-00-00',
  'the year 0': '0000-01-01T00:00:00Z',
  'the year 9999': '9999-12-31T23:59:59Z',
  'the year 275760': '+275760-09-13T00:00:00Z',
  'the year 999999': '999999-01-01',
  'before Christ': '-0044-03-15',
  'the epoch': '1970-01-01T00:00:00Z',
  'Unix time 0': '0',
  'Unix time below 0': '-2208988800',
  'Unix time in milliseconds': '1772355600000',
  'Unix time in nanoseconds': '1772355600000000000',
  'a number of 400 digits': times('9', 400),
  'a number without end': '1e400',
  'not a number': 'NaN',
  'Excel’s zero': '1899-12-30',
  'two digits for a year': '01/02/26',
  'two digits for a year in words': 'Mon, 2 Mar 26 10:00:00 GMT',
  'either of two days': '03/04/2026',
  '25 o’clock': '2026-03-01T25:61:61Z',
  'a leap second': '2026-06-30T23:59:60Z',
  '24 o’clock': '2026-03-01T24:00:00Z',
  'the 29th of February of no leap year': '29 Feb 2025 10:00 GMT',
  'day 366 of no leap year': '2025-366',
  'week 54': '2026-W54-1',
  'an hour that there was not': '2026-03-08T02:30:00 America/New_York',
  'a zone of 99 hours': '2026-03-01T10:00:00+99:99',
  'a zone that nobody knows': 'Sun, 01 Mar 2026 10:00:00 XYZZY',
  'two zones': '2026-03-01T10:00:00Z+05:00',
  'the wrong weekday': 'Fri, 01 Mar 2026 10:00:00 GMT',
  'a weekday alone': 'Tuesday',
  'a word': 'yesterday',
  'a while ago': '3 hours ago',
  now: 'now',
  null: 'null',
  'a function': 'function Date() { [native code] }',
  'Invalid Date': 'Invalid Date',
  'a template': '{{ article.date | iso }}',
  'Arabic digits': '٢٠٢٦-٠٣-٠١',
  'wide digits': '２０２６年３月１日',
  'the Hijri calendar': '١٢ رمضان ١٤٤٧',
  'the Hebrew calendar': 'י״ב באדר תשפ״ו',
  'the Persian calendar': '۱۴۰۴/۱۲/۱۰',
  'the Buddhist calendar': '1 มีนาคม 2569',
  'the Japanese calendar': '令和8年3月1日',
  'the Minguo calendar': '民國115年3月1日',
  'the Ethiopian calendar': '22 የካቲት 2018',
  'Roman numbers': 'I.III.MMXXVI',
  'months in German': '1. März 2026, 10.00 Uhr',
  'months in Turkish': '1 Ağustos 2026',
  'months in Russian': '1 марта 2026',
  'months in Greek': '1 Μαρτίου 2026',
  'spaces and line feeds': '  2026-03-01\n\t10:00  ',
  'NUL inside': '2026-\u000003-01',
  'marks of direction inside': '\u200e2026\u200f-03-01',
  markup: '<b>2026</b>-<i>03</i>-01',
  'a script': '"><script>alert(1)</script>',
  '100 KB of digits and dashes': times('20-', 30_000),
  '100 KB of commas': times('Mon, ', 20_000),
  '100 KB of letters': times('March ', 17_000),
  '100 KB of blanks': `${times(' ', 100_000)}2026`,
};

/** Each in all places at once: what the page says, and what its feed does. */
export const dates: Input[] = Object.entries(DATES).map(([name, date]): Input => {
  const value = date.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const made = { '@type': 'NewsArticle', headline: 'Vote put off', datePublished: date, dateModified: date };
  const ld = JSON.stringify(made).replaceAll('</', '<\\/');
  const head = `<meta property="article:published_time" content="${value}"><meta name="date" content="${value}"><script type="application/ld+json">${ld}</script>`;
  const before = `<p class="byline">By Ann Lee <time datetime="${value}">${value}</time></p>`;
  const told = `<pubDate>${value}</pubDate><dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">${value}</dc:date>`;
  return {
    kind: 'dates',
    name,
    visit: (place) => ({
      feeds: [FEED],
      pages: {
        [FEED]: xml(rss(place, [itemOf(place, STORY, told)])),
        [STORY]: html(articlePage(place, { head, before })),
      },
    }),
    ends: /published/,
  };
});

/** The same in a sitemap, where they are many. */
dates.push({
  kind: 'dates',
  name: 'all of them in one sitemap',
  visit: (place) => ({
    sitemaps: ['/sitemap.xml'],
    pages: {
      '/sitemap.xml': `<urlset>${Object.values(DATES)
        .map(
          (d, i) =>
            `<url><loc>${place.origin}/2026/03/01/story-number-${i}.html</loc><lastmod>${d.replace(/[&<>\0]/g, '')}</lastmod></url>`,
        )
        .join('')}</urlset>`,
    },
    other: html(articlePage(place)),
  }),
  ends: /published|duplicate/,
});
