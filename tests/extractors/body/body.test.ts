import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExtractRules } from '../../../config/sources.js';
import { type Body, readBody } from '../../../extractors/body/body.js';
import { parseDocument } from '../../../extractors/dom/dom.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures/body');
const names = readdirSync(FIXTURES)
  .filter((f) => f.endsWith('.html'))
  .map((f) => f.slice(0, -5));

const fixture = (name: string): string => readFileSync(join(FIXTURES, `${name}.html`), 'utf8');

function read(html: string, rules: ExtractRules = { remove: [] }, jsonLdBody: string | null = null): Body | null {
  const title = /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? '';
  return readBody(parseDocument(html), {
    url: 'https://gazette.test/a',
    title,
    authors: ['Ada Quill'],
    rules,
    jsonLdBody,
  });
}

describe('body', () => {
  it('has a fixture for each of many defects', () => {
    expect(names.length).toBeGreaterThan(35);
  });

  it.each(names)('reads the article and nothing else: %s', (name) => {
    const wanted = readFileSync(join(FIXTURES, `${name}.txt`), 'utf8').trim();
    expect(read(fixture(name))?.text).toBe(wanted);
  });

  it('keeps captions as figcaption in the HTML though the text is without them', () => {
    const html = read(fixture('caption-in-figure'))?.html ?? '';
    expect(html).toContain('<figure><img');
    expect(html).toContain('<figcaption>The wall at low tide. Photo: Ada Quill</figcaption></figure>');
    expect(read(fixture('caption-in-plain-div'))?.html).toContain(
      '<figcaption>Waves over the wall in January</figcaption>',
    );
  });

  it('keeps the elements that mean something and drops wrappers, classes and handlers', () => {
    const html = read(fixture('headings-lists-quotes-stay'))?.html ?? '';
    expect(html).toContain('<h2>What will be built</h2>');
    expect(html).toContain('<ul><li>A wall of granite along the quay</li>');
    expect(html).toContain('<blockquote><p>No stone');
    expect(html).not.toMatch(/<(?:div|article|span)|class=/);
    expect(read(fixture('table-stays'))?.html).toContain('<td>Four million</td>');
  });

  it('quotes an embedded post of words, with the link to it', () => {
    expect(read(fixture('post-is-quoted'))?.html).toContain(
      '<blockquote><p>The wall will stand again.</p><p><a href="https://twitter.com/mayor/status/1">Post on twitter.com</a></p></blockquote>',
    );
  });

  it('turns an embedded picture into a link to it', () => {
    const page = fixture('post-is-quoted').replace('twitter-tweet', 'instagram-media');
    const html = read(page)?.html;
    expect(html).toContain('<p><a href="https://twitter.com/mayor/status/1">Post on twitter.com</a></p>');
    expect(html).not.toContain('stand again');
  });

  it('says what it took out and why', () => {
    const removed = read(fixture('newsletter-box'))?.removed ?? [];
    expect(removed).toContainEqual({
      what: 'Sign up for our daily email and never miss what happens along the coast.',
      why: 'newsletter',
    });
  });

  it('escapes what it writes', () => {
    const html = fixture('caption-in-figure').replace('The harbour council', 'The &lt;script&gt; "council" &amp; co');
    expect(read(html)?.html).toContain('The &lt;script&gt; &quot;council&quot; &amp; co');
  });

  it('lets the operator name the body and what to drop from it', () => {
    const html = fixture('related-box-by-name').replace(
      '<article>',
      '<article class="x"><div class="odd"><p>Tide tables for tomorrow.</p></div>',
    );
    const body = read(html, { body: '.odd', remove: [] });
    expect(body?.by).toBe('rule');
    expect(body?.text).toBe('Tide tables for tomorrow.');
    const without = read(html, { remove: ['p:first-of-type', 'not a ( selector'] });
    expect(without?.text).not.toContain('Tide tables');
  });

  it('finds text that JSON-LD vouches for where the page hides nothing', () => {
    const lines = readFileSync(join(FIXTURES, 'share-row.txt'), 'utf8').trim();
    const body = read('<html><body><div id="app"></div></body></html>', { remove: [] }, lines);
    expect(body?.by).toBe('json-ld');
    expect(body?.text).toBe(lines);
    expect(read('<html><body><div id="app"></div></body></html>')).toBeNull();
  });

  it('drops short strangers between paragraphs when JSON-LD has all the paragraphs and not them', () => {
    const lines = readFileSync(join(FIXTURES, 'share-row.txt'), 'utf8').trim();
    const html = fixture('share-row').replace('</p>\n<p>“We', '</p>\n<div>Harbour bell in brass</div>\n<p>“We');
    expect(html).toContain('Harbour bell in brass');
    expect(read(html)?.text).toContain('Harbour bell in brass');
    expect(read(html, { remove: [] }, lines)?.text).toBe(lines);
  });
});
