import {
  escapeXml,
  headline,
  type Input,
  itemOf,
  lazily,
  onFeed,
  onSitemap,
  type Place,
  rss,
  STORY,
  times,
  unlike,
} from './input.js';

const LAUGHS = `<!DOCTYPE lolz [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${times(`&l${i};`, 10)}">`).join('')}]>`;
const QUADRATIC = `<!DOCTYPE q [<!ENTITY a "${times('a', 190)}">]>`;
const EXTERNAL =
  '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://169.254.169.254/latest/">]>';
const PARAMETERS =
  '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd">%a;<!ENTITY % b "<!ENTITY c SYSTEM \'file:///etc/passwd\'>">%b;]>';
const TYPE = { 'content-type': 'application/xml' };

/** What is done to a document, given what stands in it and the mark-up of one harmless entry. */
type Spoil = (wrap: (inside: string, before?: string) => string, entry: string) => string | Uint8Array;

const SPOILT: Record<string, Spoil> = {
  'a billion laughs': (wrap, e) => wrap(`<x>&l9;</x>${e}`, LAUGHS),
  'one entity two million times': (wrap, e) => wrap(`<x>${times('&a;', 2_000_000)}</x>${e}`, QUADRATIC),
  'one entity two million times in an attribute': (wrap, e) =>
    wrap(`<x y="${times('&a;', 2_000_000)}"/>${e}`, QUADRATIC),
  'entities from files and hosts': (wrap, e) => wrap(`<x>&f;&h;</x>${e}`, EXTERNAL),
  'parameter entities': (wrap, e) => wrap(`<x>&c;</x>${e}`, PARAMETERS),
  'an entity that holds itself': (wrap, e) => wrap(`<x>&r;</x>${e}`, '<!DOCTYPE x [<!ENTITY r "&r;&r;">]>'),
  '50,000 entities': (wrap, e) =>
    wrap(e, `<!DOCTYPE x [${Array.from({ length: 50_000 }, (_, i) => `<!ENTITY e${i} "x">`).join('')}]>`),
  'a document type never closed': (wrap, e) => wrap(e, `<!DOCTYPE x [${times('<!ENTITY a "', 200_000)}`),
  'an inclusion': (wrap, e) =>
    wrap(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>${e}`),
  'a style sheet and instructions': (wrap, e) =>
    `<?xml-stylesheet href="javascript:alert(1)"?>${wrap(`${times('<?x y?>', 300_000)}${e}`)}`,
  'nothing closed': (wrap, e) => wrap(e).replace(/<\/[^>]*>/g, ''),
  '100,000 elements in one another': (wrap, e) => wrap(`${times('<a>', 100_000)}${times('</a>', 100_000)}${e}`),
  'a million elements in one another, never closed': (wrap, e) => wrap(`${e}${times('<a>', 1_000_000)}`),
  'two million elements beside one another': (wrap, e) => wrap(`${times('<a/>', 1_900_000)}${e}`),
  'a million closing tags': (wrap, e) => wrap(`${times('</a>', 1_000_000)}${e}`),
  'an attribute of 7 MB': (wrap, e) => wrap(`<x y="${times('&quot;', 1_100_000)}"/>${e}`),
  'an element of 300,000 attributes': (wrap, e) =>
    wrap(`<x ${Array.from({ length: 300_000 }, (_, i) => `a${i}="1"`).join(' ')}/>${e}`),
  'a name of 5 MB': (wrap, e) => wrap(`<${times('n', 5_000_000)}/>${e}`),
  '300,000 namespaces': (wrap, e) =>
    wrap(`<x ${Array.from({ length: 200_000 }, (_, i) => `xmlns:n${i}="urn:${i}"`).join(' ')}/>${e}`),
  'a text of 7 MB': (wrap, e) => wrap(`<x>${times('word ', 1_400_000)}</x>${e}`),
  'character data of 7 MB, never closed': (wrap, e) => wrap(`${e}<x><![CDATA[${times('x', 7_000_000)}`),
  'a comment never closed': (wrap, e) => wrap(`${e}<!-- ${times('- ', 3_000_000)}`),
  'half a million comments': (wrap, e) => wrap(`${times('<!---->', 500_000)}${e}`),
  'NUL everywhere': (wrap, e) => [...wrap(e)].join('\0'),
  'control characters': (wrap, e) => wrap(`<x>\x01\x08\x0b\x1f\ufffe\uffff</x>${e}`),
  'characters that there are not': (wrap, e) => wrap(`<x>&#0;&#xD800;&#x110000;&#99999999999;&#xffffffffffff;</x>${e}`),
  'a million references': (wrap, e) => wrap(`<x>${times('&#x41;', 1_000_000)}</x>${e}`),
  'UTF-16 that says it is UTF-8': (wrap, e) => Buffer.from(wrap(e), 'utf16le'),
  'UTF-8 that says it is UTF-16': (wrap, e) => wrap(e).replace('utf-8', 'utf-16'),
  'UTF-32': (wrap, e) => new Uint8Array(Uint32Array.from([...wrap(e)].map((c) => c.codePointAt(0) ?? 0)).buffer),
  'UTF-7': (wrap, e) => wrap(e.replace(/</g, '+ADw-')).replace('utf-8', 'utf-7'),
  'EBCDIC that says so': (wrap, e) => wrap(e).replace('utf-8', 'ebcdic-cp-us'),
  'version 1.1': (wrap, e) => wrap(e).replace('version="1.0"', 'version="1.1"'),
  'two roots': (wrap, e) => wrap(e) + wrap(e),
  'a root within a root': (wrap, e) => wrap(wrap(e)),
  'half of it': (wrap, e) => wrap(e).slice(0, -60),
  'a page before it': (wrap, e) => `<html><body>${times('<p>Sorry', 50_000)}</body></html>${wrap(e)}`,
  nothing: () => '',
  'white space alone': () => times(' \n', 3_000_000),
  'a million <': () => times('<', 1_000_000),
  'bytes that are no text': () => Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7919 + (i >> 8)) % 256),
};

const spoiltFeed = ([name, spoil]: [string, Spoil]): Input => ({
  kind: 'xml',
  name: `feed: ${name}`,
  visit: onFeed((place) =>
    lazily(() => spoil((inside, before) => rss(place, [inside], before), itemOf(place, STORY)), TYPE),
  ),
});

const urlset = (inside: string, before = '') =>
  `<?xml version="1.0" encoding="utf-8"?>${before}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${inside}</urlset>`;
const urlOf = ({ origin }: Place) => `<url><loc>${origin}${STORY}</loc><lastmod>2026-03-01</lastmod>`;

/** Half of them, each in the place where it hurts most: inside an entry. */
const spoiltSitemap = ([name, spoil]: [string, Spoil]): Input => ({
  kind: 'xml',
  name: `sitemap: ${name}`,
  visit: onSitemap((place) => lazily(() => spoil((x, before) => urlset(`<url>${x}`, before), urlOf(place)), TYPE)),
});

const opml = (inside: string, before = '') =>
  `<?xml version="1.0" encoding="utf-8"?>${before}<opml version="2.0"><head/><body>${inside}</body></opml>`;
const OUTLINE = '<outline type="rss" text="The Quay" xmlUrl="https://quay.example/feed.xml"/>';
const spoiltOpml = ([name, spoil]: [string, Spoil]): Input => ({
  kind: 'xml',
  name: `OPML: ${name}`,
  opml: () => {
    const made = spoil((inside, before) => opml(inside, before), OUTLINE);
    return typeof made === 'string' ? made : Buffer.from(made).toString();
  },
});

/** What only feeds can have. */
const inFeeds: Record<string, (place: Place) => string> = {
  'a million items': (p) => rss(p, [times('<item/>', 1_000_000)]),
  '100,000 items with links': (p) =>
    rss(p, [Array.from({ length: 100_000 }, (_, i) => `<item><link>${p.origin}/n/${i}</link></item>`).join('')]),
  'an item in an item, 100,000 times': (p) => rss(p, [times('<item><title>x</title>', 100_000)]),
  'a title of 5 MB': (p) => rss(p, [itemOf(p, STORY, `<title>${times('Storm &amp; ', 450_000)}</title>`)]),
  'a link of 5 MB': (p) => rss(p, [itemOf(p, `${p.origin}/${times('a/', 2_500_000)}`)]),
  'a GUID of 5 MB': (p) => rss(p, [itemOf(p, STORY, `<guid>${times('g', 5_000_000)}</guid>`)]),
  'a link of 4,000 characters that do not repeat': (p) =>
    rss(p, [itemOf(p, `${p.origin}/2026/${unlike(4000)}`), itemOf(p, STORY)]),
  'a link of 100,000 parameters': (p) =>
    rss(p, [itemOf(p, `${p.origin}/a?${Array.from({ length: 100_000 }, (_, i) => `p${i}=1`).join('&')}`)]),
  '300,000 categories': (p) => rss(p, [itemOf(p, STORY, times('<category>a &amp; b</category>', 250_000))]),
  '300,000 authors': (p) => rss(p, [itemOf(p, STORY, times('<author>Ann Lee</author>', 250_000))]),
  '200,000 pictures': (p) => rss(p, [itemOf(p, STORY, times('<enclosure url="x.png" type="image/png"/>', 150_000))]),
  'Base64 of 5 MB': (p) =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>${headline(p.number)}</title><link href="${p.origin}${STORY}"/><content type="application/x" mode="base64">${times('PHA+', 1_500_000)}</content></entry></feed>`,
  'bases in bases': (p) =>
    rss(p, [
      `${times('<g xml:base="a/">', 50)}${itemOf(p, STORY)}${times('</g>', 50)}`,
      times(`<item xml:base="${escapeXml('../')}"/>`, 100_000),
    ]),
  'names of the prototype': (p) =>
    rss(p, [
      itemOf(
        p,
        STORY,
        '<constructor>x</constructor><valueOf/><__proto__/><pubDate>1 Mar 2026 10:00 constructor</pubDate>',
      ),
    ]),
  'a link to itself': (p) => rss(p, [itemOf(p, '/feed.xml'), itemOf(p, '/'), itemOf(p, STORY)]),
  'an update period of nothing': (p) =>
    rss(p, [
      '<ttl>99999999999999999999</ttl><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">-0</sy:updateFrequency>',
      itemOf(p, STORY),
    ]),
};

export const xmlInputs: Input[] = [
  ...Object.entries(SPOILT).map(spoiltFeed),
  ...Object.entries(inFeeds).map(
    ([name, make]): Input => ({
      kind: 'xml',
      name: `feed: ${name}`,
      visit: onFeed((p) => lazily(() => make(p), TYPE)),
    }),
  ),
  ...Object.entries(SPOILT)
    .filter((_, i) => i % 2 === 0 || i < 4 || (i > 10 && i < 18))
    .map(spoiltSitemap),
  ...Object.entries(SPOILT)
    .filter((_, i) => i % 3 === 0 || i < 3)
    .map(spoiltOpml),
];
