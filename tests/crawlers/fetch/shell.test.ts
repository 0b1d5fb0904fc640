import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasParagraphs, looksLikeEmptyShell } from '../../../crawlers/fetch/shell.js';

const words = 'The council voted on Tuesday to close the bridge for repairs until spring. '.repeat(8);
const bundle = '<script src="/static/js/main.8f2c.js"></script>';

const SHELLS: Record<string, string> = {
  'React, with a notice': `<!doctype html><html><head><title>News</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>${bundle}</body></html>`,
  'Vue, with a spinner': `<html><head><title>News of the day</title>${bundle}</head><body><div id="app"><div class="spinner">Loading…</div></div></body></html>`,
  'Next.js, rendered by the client': `<html><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":{}}</script>${bundle}</body></html>`,
  'Angular, with menu and footer': `<html><head></head><body><header><a href="/">Home</a> <a href="/politics">Politics</a></header><app-root></app-root><footer>© 2024 The Daily Example. ${words}</footer>${bundle}</body></html>`,
  'no mount node at all': `<html><head><title>x</title></head><body>${bundle}</body></html>`,
  'a head without end': `<html><head><title>${words}</title><body><div id=root></div>${bundle}`,
  'a notice in German': `<html><body><noscript>Bitte aktivieren Sie JavaScript, um diese Seite zu lesen.</noscript><main>Wird geladen. Einen Augenblick Geduld, bitte.</main>${bundle}</body></html>`,
};

const PAGES: Record<string, string> = {
  'an article rendered on the server into a mount node': `<html><body><div id="root"><article><p>${words}</p></article></div>${bundle}</body></html>`,
  'a short notice without scripts': '<html><body><p>Moved.</p></body></html>',
  'a brief with a few words and analytics': `<html><body><p>${words.slice(0, 200)}</p>${bundle}</body></html>`,
  'a head without end tag': `<html><head><title>x</title><meta charset=utf-8><p>${words}</p>${bundle}`,
  'an article in its data': `<html><body><div id="root"></div><script type="application/ld+json">{"articleBody":"${words}"}</script>${bundle}</body></html>`,
  'an empty page': '',
};

const corpora = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'extraction');
const present = existsSync(corpora);
if (!present) console.log(`shell: ${corpora} is not there; real pages are skipped`);

describe('looksLikeEmptyShell', () => {
  it.each(Object.entries(SHELLS))('sees a shell in %s', (_name, html) => {
    expect(looksLikeEmptyShell(html)).toBe(true);
  });

  it.each(Object.entries(PAGES))('sees none in %s', (_name, html) => {
    expect(looksLikeEmptyShell(html)).toBe(false);
  });

  it('reads only as much of a long page as it needs', () => {
    const long = `<html><body><p>${words}</p>${'<div><p>more</p></div>'.repeat(300_000)}`;
    const started = performance.now();
    expect(looksLikeEmptyShell(long)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it.skipIf(!present)('sees hardly one in real pages', () => {
    const fired: string[] = [];
    let pages = 0;
    let plain = 0;
    for (const set of readdirSync(corpora)) {
      const folder = join(corpora, set, 'pages');
      for (const file of existsSync(folder) ? readdirSync(folder) : []) {
        pages++;
        const page = gunzipSync(readFileSync(join(folder, file)));
        const shell = looksLikeEmptyShell(page.toString());
        if (shell) fired.push(`${set}/${file}`);
        if (!hasParagraphs(page)) continue;
        plain++;
        expect(shell, `${set}/${file} has paragraphs`).toBe(false);
      }
    }
    console.log(`shell: ${fired.length} of ${pages} real pages taken for shells ${fired.join(' ')}`);
    expect(pages).toBeGreaterThan(0);
    expect(plain / pages).toBeGreaterThan(0.5);
    expect(fired.length / pages).toBeLessThanOrEqual(0.01);
  });
});

describe('hasParagraphs', () => {
  const bytes = (html: string) => Buffer.from(html);

  it('is not held up by a million tags that nobody closes, one within another', () => {
    expect(hasParagraphs(bytes('<p x '.repeat(1_000_000)))).toBe(false);
    expect(looksLikeEmptyShell(`<div id="root">${'<b>'.repeat(1_000_000)}${bundle}`)).toBe(false);
  });

  it.each(Object.entries(SHELLS))('sees none in %s', (_name, html) => {
    expect(hasParagraphs(bytes(html))).toBe(false);
  });

  it('sees an article by its paragraphs, whatever stands around and in them', () => {
    const article = `<p class="lead">${words}</p><P>${words} <b>bold</b></P>\n<p\n data-x="1">${words}</p>`;
    expect(hasParagraphs(bytes(`<div id="root">${article}</div>${bundle}`))).toBe(true);
  });

  it('counts neither short paragraphs nor other elements', () => {
    const none = `${'<p>Menu item</p>'.repeat(500)}${`<pre>${words}</pre><progress>${words}</progress>`.repeat(20)}`;
    expect(hasParagraphs(bytes(none))).toBe(false);
  });
});
