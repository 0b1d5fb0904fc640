import { describe, expect, it } from 'vitest';
import { readPublisher } from '../../../extractors/metadata/publisher.js';

const read = (html: string, url = 'https://www.harbourherald.example/a') =>
  readPublisher(
    { url, bytes: new TextEncoder().encode(html), headers: { 'content-type': 'text/html' } },
    { maxBytes: 1e6, maxElements: 1000, maxDepth: 100 },
  );

describe('readPublisher', () => {
  it('gives what the outlet calls itself, the most trustworthy first', () => {
    const html = `<html lang="en"><head><title>Rain falls | Harbour Herald</title><meta name="application-name" content="HH">
<meta property="og:site_name" content="Harbour &amp;amp; Herald"><script type="application/ld+json">
{"@graph":[{"@type":"NewsArticle","publisher":{"@type":"Organization","name":"The Harbour Herald Company"}},{"@type":"WebSite","name":"Herald online"}]}
</script></head></html>`;
    expect(read(html)).toMatchObject({
      names: ['Harbour & Herald', 'The Harbour Herald Company', 'HH', 'Herald online', 'Harbour Herald'],
      titleEnd: 'Harbour Herald',
      locale: 'en',
    });
  });

  it('takes neither an address nor a sentence for a name', () => {
    const long = 'A newspaper for everybody who lives on the coast and likes to read of it';
    expect(
      read(
        `<meta property="og:site_name" content="https://harbour.example/"><meta name="application-name" content="${long}">`,
      ),
    ).toMatchObject({
      names: [],
      titleEnd: null,
    });
  });

  it('gathers dates with their offsets, not those of UTC nor of the text', () => {
    const html = `<meta property="article:published_time" content="2026-03-01T08:00:00-05:00"><time datetime="2026-03-01T08:30:00+0530"></time>
<script type="application/ld+json">{"dateModified": "2026-03-01T13:00:00+00:00"}</script><p>2026-03-01T09:00:00+09:00</p>`;
    expect(read(html).stamps).toEqual([
      { at: '2026-03-01T13:00:00.000Z', offset: -300 },
      { at: '2026-03-01T03:00:00.000Z', offset: 330 },
    ]);
  });

  it('prefers the language that names its region', () => {
    expect(read('<html lang="en"><meta property="og:locale" content="en_GB">').locale).toBe('en-GB');
    expect(read('<html lang="klingon!"><meta property="og:locale" content="">').locale).toBeNull();
  });

  it('refuses pages beyond the limits', () => {
    expect(() => read('<div>'.repeat(200))).toThrow(/deep/i);
  });
});
