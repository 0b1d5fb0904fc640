/**
 * The reader against kurtmckee/feedparser's own tests. We keep text where feedparser keeps HTML, so both sides are
 * compared as text; what an article pipeline has no use for (licences, geography, the parts of `*_detail`) is counted apart.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { namesOf } from '../../crawlers/discover/author-names.js';
import { type Feed, type FeedEntry, readFeed } from '../../crawlers/discover/feed.js';
import { parseDate } from '../../text/feed-date.js';
import { textOf } from '../../text/html-text.js';

type Check = { path: (string | number)[]; op: 'eq' | 'len' | 'truthy' | 'falsy'; value?: unknown };
type Case = { file: string; headers: Record<string, string>; xml?: string; xmlBase64?: string; checks: Check[] };
type Verdict = 'pass' | 'fail' | 'apart';

const file = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'feeds/cases.json.gz');
const has = existsSync(file);
if (!has) console.log(`conformance: ${file} is absent, the feed cases are skipped`);

/** Shares of cases, just under what the reader reaches. */
const FLOOR = 0.98;

const text = (value: unknown): string | null => textOf(String(value ?? '')) || null;
const same = (ours: unknown, theirs: unknown): Verdict => (ours === theirs ? 'pass' : 'fail');

/** Ours is text, theirs may be HTML, or text that looks like it. */
function sameText(ours: string | null | undefined, theirs: unknown): Verdict {
  return ours === theirs || (ours ?? null) === text(theirs) ? 'pass' : 'fail';
}

/** By the Encoding Standard, us-ascii and iso-8859-1 are names of windows-1252; GBK is the web's part of GB 18030. */
function canonical(label: unknown): string {
  return new TextDecoder(String(label)).encoding.replace('gb18030', 'gbk');
}

function tupleToIso(value: unknown): string | null {
  if (!Array.isArray(value)) return null;
  const [year = 0, month = 1, day = 1, h = 0, m = 0, s = 0] = value.map(Number);
  return new Date(Date.UTC(year, month - 1, day, h, m, s)).toISOString();
}

/** feedparser's `Name (mail)`; we keep names only. */
function authorsSame(ours: string[], theirs: unknown): Verdict {
  return same(ours.join(), namesOf([String(theirs ?? '')]).join());
}

function checkFeed(feed: Feed, [name, ...rest]: Check['path'], check: Check): Verdict {
  const path = [name, ...rest].join('.');
  if (check.op !== 'eq') return 'apart';
  if (path === 'title' || path === 'title_detail.value') return same(feed.title, text(check.value));
  if (['description', 'subtitle', 'tagline', 'tagline_detail.value'].includes(path))
    return same(feed.description, text(check.value));
  if (path === 'link') return same(feed.link, new URL(String(check.value)).href);
  if (path === 'language') return same(feed.language, check.value);
  // Only Atom and JSON pass a feed's author on to its entries.
  if ((path === 'author' || path === 'author_detail.name') && feed.format !== 'rss' && feed.format !== 'rdf')
    return authorsSame(feed.authors, check.value);
  return 'apart';
}

function checkEntry(entry: FeedEntry | undefined, path: string, check: Check, xml: string): Verdict {
  if (check.op !== 'eq') return 'apart';
  const date = () => (path.endsWith('_parsed') ? tupleToIso(check.value) : parseDate(String(check.value)));
  switch (path.replace(/\d+/g, '#')) {
    case 'title':
    case 'title_detail.value':
      return sameText(entry?.title, check.value);
    case 'description':
    case 'summary':
    case 'summary_detail.value':
    case 'content.#.value':
      return sameText(entry?.summary, check.value);
    case 'link':
      return same(entry?.url, new URL(String(check.value)).href);
    case 'id':
    case 'guid':
      return same(entry?.guid, check.value);
    case 'published':
    case 'published_parsed':
    case 'created':
    case 'created_parsed':
      return same(entry?.publishedAt, date());
    case 'updated':
    case 'updated_parsed':
      return same(entry?.updatedAt ?? entry?.publishedAt, date());
    case 'author':
    case 'author_detail.name':
      return authorsSame(entry?.authors ?? [], check.value);
    case 'authors.#.name':
      return entry?.authors.includes(String(check.value)) ? 'pass' : 'fail';
    case 'tags.#.term':
      if (/<(?:\w+:)?category[^>]*\slabel=/.test(xml)) return 'apart'; // We show the label then.
      return entry?.tags.includes(String(check.value)) ? 'pass' : 'fail';
    case 'tags.#.label':
      return entry?.tags.includes(String(check.value)) ? 'pass' : 'fail';
    case 'language':
      return same(entry?.language, check.value);
    case 'image.href':
      return same(entry?.image, check.value);
    default:
      return 'apart';
  }
}

function verdictOf(feed: Feed, check: Check, xml: string, says: boolean): Verdict {
  const [part, ...path] = check.path;
  // Unsaid encodings: feedparser guesses by statistics, or takes the default of RFC 3023 that RFC 7303 has withdrawn.
  if (part === 'encoding')
    return says && !feed.encoding.startsWith('utf-32')
      ? same(canonical(feed.encoding), canonical(check.value))
      : 'apart';
  if (part === 'feed') return checkFeed(feed, path, check);
  if (part === 'entries' && typeof path[0] === 'number')
    return checkEntry(feed.entries[path[0]], path.slice(1).join('.'), check, xml);
  return 'apart';
}

describe.skipIf(!has)('feed reader, by the cases of feedparser', () => {
  it('reads the fields that we use, and neither crashes nor hangs on any', () => {
    const cases: Case[] = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
    const failures: string[] = [];
    const broken: string[] = [];
    let applicable = 0;
    let passed = 0;
    let compared = 0;
    let refused = 0;
    let cdf = 0;
    let slowest = 0;
    for (const c of cases) {
      if (/^\s*(?:<!--[\s\S]*?-->)?\s*<CHANNEL\b/.test(c.xml ?? '')) {
        cdf++;
        continue;
      }
      const headers = Object.fromEntries(Object.entries(c.headers).map(([k, v]) => [k.toLowerCase(), v]));
      const bytes = c.xmlBase64 === undefined ? Buffer.from(c.xml ?? '') : Buffer.from(c.xmlBase64, 'base64');
      const says =
        bytes[0] !== 0x3c ||
        /charset=/.test(headers['content-type'] ?? '') ||
        /<\?xml[^>]*encoding=/.test(bytes.toString('latin1'));
      const began = performance.now();
      let feed: Feed | null = null;
      try {
        const url = new URL(
          headers['content-location']?.replace(/^(?!http)[\w]+:.*/, '') ?? '',
          'http://127.0.0.1:8097/',
        ).href;
        feed = readFeed(bytes, { url, contentType: headers['content-type'] });
      } catch (error) {
        if (!(error instanceof SourcelinkError)) broken.push(`${c.file}: ${error}`);
        refused++;
      }
      slowest = Math.max(slowest, performance.now() - began);
      const verdicts = c.checks.map((check) => [check, verdictOf(feed ?? NOTHING, check, c.xml ?? '', says)] as const);
      const ours = verdicts.filter(([, v]) => v !== 'apart');
      if (ours.length === 0) continue;
      applicable++;
      if (ours.some(([check]) => text(check.value) !== null)) compared++;
      const wrong = ours.filter(([, v]) => v === 'fail').map(([check]) => check);
      if (wrong.length === 0) passed++;
      else
        failures.push(
          `${c.file} ${feed ? '' : '(refused) '}${wrong.map((w) => `${w.path.join('.')} = ${JSON.stringify(w.value)?.slice(0, 100)}`).join('; ')}`,
        );
    }
    const share = passed / applicable;
    console.log(
      `feeds: ${passed} of ${applicable} applicable cases pass (${(share * 100).toFixed(1)} %); ` +
        `${compared} of them compare something that is not empty; ${cases.length - applicable} cases apart, ${cdf} of them in Microsoft's CDF of 1997; ` +
        `${refused} refused as no feed; slowest ${slowest.toFixed(0)} ms`,
    );
    if (process.env['SOURCELINK_VERBOSE']) console.log(failures.join('\n'));
    expect(broken).toEqual([]);
    expect(slowest).toBeLessThan(10_000);
    expect(share).toBeGreaterThanOrEqual(FLOOR);
  });
});

/** What a refused document is compared as. */
const NOTHING: Feed = {
  format: 'rss',
  encoding: '',
  title: null,
  description: null,
  link: null,
  language: null,
  authors: [],
  hubs: [],
  self: null,
  restMs: null,
  entries: [],
  truncated: false,
};
