import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Readability } from '@mozilla/readability';
import { JSDOM, VirtualConsole } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { readability } from '../../extractors/body/readability.js';
import { parseDocument } from '../../extractors/dom/dom.js';

const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
const root = join(corpora, 'extraction');
// jsdom needs minutes for all pages: the usual test run takes each sixteenth, SOURCELINK_CONFORMANCE=1 all of them.
const step = process.env['SOURCELINK_CONFORMANCE'] ? 1 : 16;

const pages = existsSync(root)
  ? readdirSync(root)
      .flatMap((set) => readdirSync(join(root, set, 'pages')).map((file) => join(root, set, 'pages', file)))
      .sort()
      .filter((_, i) => i % step === 0)
  : [];
if (pages.length === 0) console.log(`conformance: no pages at ${root}; linkedom is not compared with jsdom`);

/** jsdom's text, or null for the few pages that jsdom itself cannot read. */
function referenceText(html: string): string | null {
  try {
    const { window } = new JSDOM(html, { virtualConsole: new VirtualConsole() });
    const text = new Readability(window.document).parse()?.textContent ?? '';
    window.close();
    return text;
  } catch {
    return null;
  }
}

const squeeze = (text: string) => text.replace(/\s+/g, '');

describe.skipIf(pages.length === 0)('linkedom as a stand-in for jsdom', () => {
  it('gives Readability the same text on real pages', { timeout: 600_000 }, () => {
    const unreadable: string[] = [];
    const different: string[] = [];
    for (const file of pages) {
      const html = gunzipSync(readFileSync(file)).toString('utf8');
      const reference = referenceText(html);
      if (reference === null) unreadable.push(file);
      else if (squeeze(readability(parseDocument(html))?.textContent ?? '') !== squeeze(reference))
        different.push(file);
    }
    console.log(
      `conformance: ${pages.length} pages, ${different.length} differ, ${unreadable.length} unreadable to jsdom`,
    );
    expect(different).toEqual([]);
    expect(unreadable.length).toBeLessThanOrEqual(pages.length / 20);
  });
});
