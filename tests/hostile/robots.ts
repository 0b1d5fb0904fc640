import { beside, FEED, type Input, lazily, type Page, type Place, raw, rss, STORY, times, xml } from './input.js';

const TEXT = { 'content-type': 'text/plain' };
const star = 'User-agent: *\n';

const ROBOTS: Record<string, [(p: Place) => Page, RegExp?]> = {
  'of 20 MB': [() => lazily(() => `${star}${times('Disallow: /private/\n', 1_000_000)}`, TEXT), /published/],
  'without an end': [() => endless('Disallow: /x\n'), /published|FETCH_ROBOTS_UNREACHABLE/],
  '40,000 rules of stars': [() => `${star}${times('Disallow: /*a*b*$\n', 25_000)}`, /published/],
  'one rule of 200,000 stars': [() => `${star}Disallow: /${times('*a', 200_000)}$`, /published/],
  'rules of stars and the page’s own letters': [
    () => `${star}${times(`Disallow: /${times('*-', 40)}*z$\n`, 5000)}`,
    /published/,
  ],
  'rules without stars, very long': [() => `${star}Disallow: /${times('a', 490_000)}`, /published/],
  'percent signs': [() => `${star}${times('Disallow: /%%%zz%e2%82%0\n', 15_000)}`, /published/],
  'one line of 500 KB': [() => times('User-agent: * ', 40_000), /published/],
  '100,000 groups': [() => times('User-agent: x\nDisallow: /\n', 18_000), /published/],
  '40,000 agents of one group': [() => `${times('User-agent: *\n', 35_000)}Allow: /`, /published/],
  '40,000 sitemaps': [(p) => times(`Sitemap: ${p.origin}/s.xml\n`, 12_000), /published/],
  'sitemaps that are no addresses': [
    () => 'Sitemap: javascript:alert(1)\nSitemap: http://\nSitemap: file:///etc/passwd\nSitemap: \\\\x',
    /published/,
  ],
  'bytes that are no text': [() => Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256)],
  NUL: [() => times('\0', 50_000)],
  'NUL within rules': [() => `${star}Disallow: /\0x\nAllow: /\0`, /published/],
  'UTF-16': [() => Buffer.from(`\ufeff${star}Disallow: /x`, 'utf16le')],
  'a page instead': [
    () => ({
      headers: { 'content-type': 'text/html' },
      body: `<html>${times('<p>User-agent: *\nDisallow: /q</p>', 1000)}`,
    }),
    /published/,
  ],
  'a delay below nothing': [() => `${star}Crawl-delay: -5\nCrawl-delay: NaN\nCrawl-delay: Infinity\nCrawl-delay: 0x10`],
  'all forbidden': [() => `${star}Disallow: /`, /FETCH_ROBOTS/],
  'the page forbidden by another spelling': [() => `${star}Disallow: /2026%2f03\nDisallow: /%32026/`, /FETCH_ROBOTS/],
  'a circle of redirects': [() => ({ status: 302, headers: { location: '/robots.txt' } }), /published/],
  'a redirect to the page': [() => ({ status: 302, headers: { location: STORY } }), /published/],
  'a status of 429 for a year': [() => ({ status: 429, headers: { 'retry-after': '31536000' } }), /FETCH_R/],
  'a status of 503 for ever': [() => ({ status: 503, headers: { 'retry-after': times('9', 300) } }), /FETCH_R/],
  'a status of 999': [() => raw((s) => s.end('HTTP/1.1 999 No\r\nconnection: close\r\n\r\n'))],
  silence: [() => () => undefined, /FETCH_ROBOTS_UNREACHABLE/],
};

const RESERVED: Record<string, (p: Place) => Page> = {
  'arrays 200,000 deep': () => times('[', 200_000),
  'of 20 MB': () => lazily(() => `[${times('{"location":"/*a*b","tdm-reservation":1},', 500_000)}{}]`, TEXT),
  '5,000 rules of stars': () => `[${times('{"location":"/*2*0*2*6*z$","tdm-reservation":1},', 5000)}{}]`,
  'wrong types': () =>
    '[{"location":{},"tdm-reservation":[]},7,null,"x",{"location":"/*","tdm-reservation":"1","tdm-policy":{}}]',
  'a policy that is a script': () => '[{"location":"/*","tdm-reservation":1,"tdm-policy":"javascript:alert(1)"}]',
  'NUL and halves of surrogates': () =>
    '[{"location":"/*\\u0000","tdm-reservation":1},{"location":"*","tdm-reservation":1,"tdm-policy":"http://x/\\u0000\\ud800"}]',
  'bytes that are no text': () => Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 256),
  silence: () => () => undefined,
};

function endless(line: string): Page {
  return ({ response }) => {
    response.writeHead(200, TEXT);
    const chunk = times(line, 5000);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
}

export const robots: Input[] = [
  {
    kind: 'robots',
    // No page beside the feed, as its turn would come after the longest delay that is heeded, half a minute.
    name: 'robots.txt: a delay of 10^300 seconds',
    visit: (p) => ({ feeds: [FEED], pages: { [FEED]: xml(rss(p, [])), '/robots.txt': `${star}Crawl-delay: 1e300` } }),
    ends: /nothing new/,
  },
  ...Object.entries(ROBOTS).map(
    ([name, [make, ends]]): Input => ({
      kind: 'robots',
      name: `robots.txt: ${name}`,
      visit: beside((p) => ({ '/robots.txt': make(p) })),
      ...(ends && { ends }),
    }),
  ),
  ...Object.entries(RESERVED).map(
    ([name, make]): Input => ({
      kind: 'robots',
      name: `tdmrep.json: ${name}`,
      visit: beside((p) => ({ '/.well-known/tdmrep.json': make(p) })),
      ends: /published/,
    }),
  ),
];
