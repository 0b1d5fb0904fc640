import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOpml } from '../../config/opml.js';
import { type Merged, mergeOpml } from '../../config/opml-merge.js';
import { writeOpml } from '../../config/opml-sources.js';
import type { WrittenEntry } from '../../config/sources-text.js';

const AT = new Date('2026-03-02T12:00:00Z');
type File = { defaults: WrittenEntry; sources: WrittenEntry[] };
const merged = (opml: string, into: File = { defaults: {}, sources: [] }): Merged =>
  mergeOpml(readOpml(opml, 'a.opml'), into, {});
const opml = (body: string) => `<?xml version="1.0"?>\n<opml version="2.0"><head/><body>\n${body}\n</body></opml>`;
const entriesOf = (m: Merged) => m.added.map((a) => a.entry);

const full: WrittenEntry = {
  id: 'harbour-herald',
  name: 'Harbour & "Herald" <Daily>',
  url: 'https://herald.example/?a=1&b=2',
  feeds: ['https://herald.example/feed.xml', 'https://herald.example/sea.xml'],
  sitemaps: ['https://herald.example/news.xml'],
  listings: [{ url: 'https://herald.example/sea/', links: 'h2 > a[href*="/20"]' }],
  enabled: false,
  category: 'world/sea',
  extract: { body: 'article .story', remove: ['.promo'], date: 'time' },
  filters: { include: ['/20\\d\\d/'], exclude: ['/sport/'], maxAge: '7d' },
  cron: '*/15 6-22 * * *',
  republish: 'full',
  render: 'never',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the operator writes it
  headers: { 'x-token': '${TOKEN}' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the operator writes it
  proxy: '${PROXY}',
  language: 'en-GB',
  timezone: 'Europe/London',
  concurrency: 3,
  delay: '1s',
};

describe('the round trip through OPML', () => {
  it('loses no setting, and tells no secret that comes from the environment', () => {
    const file = { defaults: { every: '20m', concurrency: 2, headers: { a: 'b' } }, sources: [full] };
    const text = writeOpml(file, AT);
    expect(merged(text, { ...file, sources: [] })).toMatchObject({ bad: [], known: [] });
    expect(entriesOf(merged(text, { ...file, sources: [] }))).toEqual([full]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the operator writes it
    expect(text).toContain('${TOKEN}');
  });

  it('loses nothing of any source', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .map((s) => s.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\n') || 'x');
    const address = fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] });
    const source = fc.record(
      {
        name: text,
        url: address,
        feeds: fc.array(address, { maxLength: 3 }),
        sitemaps: fc.array(address, { maxLength: 2 }),
        enabled: fc.boolean(),
        every: fc.constantFrom('5m', '1h30m'),
        headers: fc.dictionary(
          fc.constantFrom('x-a', 'x-b'),
          text.map((t) => t.replace(/[\r\n]/g, ' ')),
        ),
        concurrency: fc.integer({ min: 1, max: 16 }),
        category: text,
      },
      { requiredKeys: ['name', 'url'] },
    );
    fc.assert(
      fc.property(fc.array(source, { maxLength: 5 }), (list) => {
        const sources = list.map((s, i) => ({ id: `s${i}`, ...s }));
        const back = merged(writeOpml({ defaults: {}, sources }, AT));
        expect(back.bad).toEqual([]);
        expect(entriesOf(back)).toEqual(sources);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps two sources that read one feed, and imports nothing twice', () => {
    const sources = ['a', 'b'].map((id) => ({
      id,
      name: id,
      url: 'https://a.example/',
      feeds: ['https://a.example/f'],
    }));
    const text = writeOpml({ defaults: {}, sources }, AT);
    expect(entriesOf(merged(text))).toEqual(sources);
    expect(merged(text, { defaults: {}, sources })).toMatchObject({
      added: [],
      bad: [],
      known: [{ id: 'a' }, { id: 'b' }],
    });
  });

  it('brings the defaults under which a source stood, where they are others', () => {
    const text = writeOpml(
      { defaults: { every: '5m', republish: 'link' }, sources: [{ id: 'a', name: 'A', url: 'https://a.example/' }] },
      AT,
    );
    const back = merged(text, { defaults: { republish: 'link', timezone: 'UTC' }, sources: [] });
    expect(entriesOf(back)).toEqual([{ id: 'a', name: 'A', url: 'https://a.example/', every: '5m' }]);
    expect(back.gained).toEqual(['timezone']);
  });

  it('refuses to write what XML cannot hold', () => {
    const sources = [{ id: 'a', name: 'A\u0007', url: 'https://a.example/' }];
    expect(() => writeOpml({ defaults: {}, sources }, AT)).toThrow(/control character/);
  });
});

describe('outlines of other programs', () => {
  it('are read through folders of any depth', () => {
    const back = merged(
      opml(`<outline text="News"><outline text="Sea"><outline type="rss" text="Harbour &amp; Herald"
        xmlUrl="https://herald.example/feed" htmlUrl="https://herald.example/" language="en-us"/></outline></outline>
        <outline text="Gazette" xmlUrl="https://gazette.example/rss.xml"/>
        <outline type="link" text="Courier" url="https://courier.example/news"/>`),
    );
    expect(back).toMatchObject({ bad: [], folders: 2 });
    expect(entriesOf(back)).toEqual([
      {
        id: 'harbour-herald',
        name: 'Harbour & Herald',
        url: 'https://herald.example/',
        feeds: ['https://herald.example/feed'],
        language: 'en-US',
      },
      { id: 'gazette', name: 'Gazette', url: 'https://gazette.example/', feeds: ['https://gazette.example/rss.xml'] },
      { id: 'courier', name: 'Courier', url: 'https://courier.example/news' },
    ]);
  });

  it('keep what is there, and get ids that are free', () => {
    const there = [{ id: 'gazette', name: 'G', url: 'https://g.example/', feeds: ['http://www.herald.example/feed/'] }];
    const back = merged(
      opml(`<outline text="Herald" xmlUrl="https://herald.example/feed"/>
<outline text="Gazette" xmlUrl="https://gazette.example/feed"/><outline text="Again" xmlUrl="https://gazette.example/feed/"/>`),
      { defaults: {}, sources: there },
    );
    expect(back.known.map((k) => [k.name, k.id, k.line])).toEqual([
      ['Herald', 'gazette', 3],
      ['Again', 'gazette-2', 4],
    ]);
    expect(back.added.map((a) => a.entry['id'])).toEqual(['gazette-2']);
  });

  it('are named by line with the hint when they are none, and hinder no other', () => {
    const back = merged(
      opml(`<outline text="Empty"/>
<outline text="Local" xmlUrl="file:///etc/passwd"/>
<outline text="More" type="include" url="https://x.example/more.opml"/>
<outline text="Note" isComment="true"><outline text="x" xmlUrl="nonsense"/></outline>
<outline text="Good" xmlUrl="https://good.example/feed"/>
<outline text="Login" xmlUrl="https://me:secret@x.example/feed"/>`),
    );
    expect(back.bad.map((b) => b.line)).toEqual([3, 4, 5, 8]);
    expect(back.bad.map((b) => b.hint).every((m) => m.length > 10)).toBe(true);
    expect(back.bad[3]?.what).toContain('user name or password');
    expect(entriesOf(back)).toHaveLength(1);
  });

  it('with settings of ours that are wrong are named', () => {
    const own = (more: string) =>
      `<opml version="2.0" xmlns:s="urn:sourcelink:opml:1"><body>\n<outline text="A" htmlUrl="https://a.example/" s:id="a" ${more}/></body></opml>`;
    expect(merged(own('s:every="soon"')).bad).toMatchObject([{ line: 2, what: expect.stringContaining('every') }]);
    expect(merged(own('s:evry="5m"')).bad).toMatchObject([{ what: expect.stringContaining('evry') }]);
    expect(merged(own('s:feeds="[1"')).bad).toHaveLength(1);
    const taken = { defaults: {}, sources: [{ id: 'a', name: 'B', url: 'https://b.example/' }] };
    expect(merged(own('s:every="5m"'), taken).bad).toMatchObject([{ hint: 'Give it another sourcelink:id.' }]);
  });
});

describe('what is no OPML', () => {
  it.each([
    ['a document type', '<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>', /document type/],
    [
      'an entity bomb',
      `<!DOCTYPE o [<!ENTITY a "${'x'.repeat(50)}"><!ENTITY b "&a;&a;">]><opml>&b;</opml>`,
      /document type/,
    ],
    ['an unknown entity', opml('<outline text="&nbsp;x"/>'), /a\.opml:3:16 has a & that begins nothing known/],
    ['a bare ampersand', opml('<outline text="Q & A"/>'), /a\.opml:3:18 has a &/],
    ['an open tag', '<opml version="2.0"><body><outline text="a">', /no well-formed XML: unclosed tag/],
    ['an attribute given twice', opml('<outline text="a" text="b"/>'), /duplicate attribute/],
    ['a feed', '<rss version="2.0"><channel/></rss>', /outermost element is <rss>/],
    ['a page', '<!doctype html><title>x</title>', /./],
    ['nothing', '', /document must contain a root element/],
    ['text', 'hello', /text data outside of root/],
    ['no body', '<opml version="2.0"><head/></opml>', /has no <body>/],
    ['outlines without end', opml('<outline text="a">'.repeat(50) + '</outline>'.repeat(50)), /nests deeper/],
    ['elements without end', opml('<x>'.repeat(300_000)), /nests deeper than 80 elements/],
    ['too many outlines', opml('<outline text="a"/>'.repeat(20_001)), /more than 20000/],
    ['too much', opml(' '.repeat(5_000_001)), /larger than 5 MB/],
  ])('is refused: %s', (_name, text, says) => {
    expect(() => readOpml(text, 'a.opml')).toThrow(says);
  });
});
