import { Readability } from '@mozilla/readability';
import { JSDOM, VirtualConsole } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { readability } from '../../extractors/body/readability.js';
import { parseDocument } from '../../extractors/dom/dom.js';
import { htmlOf, type LabelledPage, sampledPages } from '../setup/labelled-pages.js';

/** Pages that once differed: an unclosed element in noscript, a whole page inside an article. */
const REGRESSIONS = [
  'dates/parcoabruzzo.it.58354',
  'dates/jaegermagazin.de-s_dtirol',
  'trafeval/jaegermagazin.de-s_dtirol',
];
/**
 * Pages whose elements overlap (`<b><p></b></p>`, a table's text outside its cells): htmlparser2 closes them in another
 * order than the standard's tree construction does. Of all pages, these alone differ.
 */
const OVERLAPPING = new Set(
  `daniel/el-www.express.gr-231d2664 daniel/el-www.express.gr-acb32363 daniel/pl-www.gazetalekarska.pl-da750cc1
  daniel/ru-dozor.kharkov.ua-f3b980e8 daniel/ru-www.54rus.org-d4ca4851 daniel/ru-www.bankfax.ru-4f20a65d
  daniel/ru-www.newsmsk.com-d87d5ce9 daniel/ru-www.radiomayak.ru-8ad67e41 daniel/zh-ent.newssc.org-1d9c93f4
  dates/1521292139 dates/1725202846 dates/bibliothek2null.de.mai dates/blog.amp.dev.axios dates/einfachspanien.de.malaga
  trafeval/battery-news.de.ultium-cells trafeval/bibliothek2null.de.mai trafeval/blog.amp.dev.axios
  trafeval/brandenburg.de.homo-brandenburgensis trafeval/einfachspanien.de.malaga trafeval/mediaarchitecture.de.weber
  trafeval/netbits.us.stunnel_rsync`.split(/\s+/),
);

// jsdom needs minutes for all pages: SOURCELINK_WHOLE_SETS=1 takes them.
const pages = sampledPages(REGRESSIONS);

/**
 * A page as a reader's browser builds it. Such a browser runs scripts, so its parser takes what stands in noscript for
 * text. jsdom parses so only where it may run scripts; before it runs any, this takes the permission back.
 */
function browserDocument(html: string): JSDOM {
  return new JSDOM(html, {
    virtualConsole: new VirtualConsole(),
    runScripts: 'dangerously',
    beforeParse(window) {
      Object.assign(window, { _runScripts: undefined });
    },
  });
}

/** jsdom's text, or null for the few pages that jsdom itself cannot read. */
function referenceText(html: string): string | null {
  try {
    const { window } = browserDocument(html);
    const text = new Readability(window.document).parse()?.textContent ?? '';
    window.close();
    return text;
  } catch {
    return null;
  }
}

const squeeze = (text: string) => text.replace(/\s+/g, '');
const oursOf = (html: string) => squeeze(readability(parseDocument(html))?.textContent ?? '');

describe('the reference', () => {
  it('runs no script', () => {
    const { window } = browserDocument('<p>a</p><script>document.write("b")</script><img src="x" onerror="z()">');
    expect(window.document.body.textContent?.replace(/document.*/, '')).toBe('a');
    expect(window.document.querySelectorAll('p')).toHaveLength(1);
    window.close();
  });
});

describe('linkedom as a stand-in for jsdom', () => {
  const lines = Array.from(
    { length: 12 },
    (_, i) =>
      `<p>Line ${i} of a report on the quay, which the council, the harbour and its neighbours argued over.</p>`,
  );

  it.each([
    ['an element that noscript does not close', ['<noscript><div id="n"></noscript>', ...lines]],
    [
      'a whole page inside the article',
      [
        '<article>',
        ...lines.slice(0, 6),
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.0//EN">',
        '<html><body class="in">',
        ...lines.slice(6),
        '</body></html>',
        '<p>The vote is due, after all of this, in spring of the next year.</p></article>',
      ],
    ],
    [
      'a noscript at the beginning of a body that comes twice',
      ['<noscript><img src="x"></noscript>', ...lines, '<body id="again">', ...lines],
    ],
  ])('gives Readability the same text of %s', (_, body) => {
    const html = `<!doctype html><html><head><title>Quay</title></head><body class="a">${body.join('\n')}</body></html>`;
    const reference = squeeze(referenceText(html) ?? '');
    expect(reference).not.toBe('');
    expect(oursOf(html)).toBe(reference);
  });

  it.skipIf(pages.length === 0)(
    `gives Readability the same text on ${pages.length} real pages`,
    { timeout: 1_800_000 },
    () => {
      const unreadable: LabelledPage[] = [];
      const different: string[] = [];
      for (const page of pages) {
        const html = htmlOf(page);
        const reference = referenceText(html);
        if (reference === null) unreadable.push(page);
        else if (oursOf(html) !== squeeze(reference)) different.push(page.id);
      }
      console.log(
        `conformance: ${pages.length} pages, ${different.length} differ, ${unreadable.length} unreadable to jsdom`,
      );
      expect(different.filter((id) => !OVERLAPPING.has(id))).toEqual([]);
      expect(unreadable.length).toBeLessThanOrEqual(pages.length / 20);
    },
  );
});
