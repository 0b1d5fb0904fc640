import { Parser } from 'htmlparser2';
import { escapeText } from '../../text/escape.js';
import { unescapeEntities } from '../../text/html-text.js';
import { lexicon } from '../../text/lexicon.js';
import { withoutDoctype } from './doctype.js';

export type Repaired = {
  /** Well-formed, without DOCTYPE, comments and instructions; relative URLs under an `xml:base` are absolute. */
  xml: string;
  /** Local name of the outermost element, in lower case; null when there is none. */
  root: string | null;
  /** True when there were more entries than wanted. */
  truncated: boolean;
  /** True when its own entities would make it grow by more than `MAX_GROWTH` characters. */
  overgrown: boolean;
};

/** Deeper nesting is taken apart: its text stays, its tags go. */
const MAX_DEPTH = 60;
/** Elements that are read at all; a feed of as many as are wanted has fewer. */
const MAX_ELEMENTS = 250_000;
/** Elements of one entry, and attributes of one element, that are read. */
const MAX_IN_ENTRY = 5000;
const MAX_ATTRIBUTES = 200;
/** Characters of one element's text, but for those that hold articles; what reads names and dates out of it takes many times its size. */
const MAX_FIELD = 100_000;
const ARTICLE_ELEMENTS = new Set([
  'description',
  'summary',
  'content',
  'encoded',
  'fullitem',
  'body',
  'html',
  'tagline',
]);
/** Characters of a text in Base64; it is a hint, no article. */
const MAX_BASE64 = 400_000;
/** Characters that a feed's own entities may add to it. */
const MAX_GROWTH = 1_000_000;
/** Where reading ends: the parser's own work grows with the square of the depth. */
const STOP_DEPTH = 1000;
/** Elements whose text is a URL. */
const URL_ELEMENTS = new Set(['link', 'url', 'uri', 'comments', 'origlink', 'guid']);
const URL_ATTRIBUTES = new Set(['href', 'src', 'url', 'about', 'resource']);
/** What feeds call things that have a proper name. */
const PROPER_NAMES = lexicon<string>({
  fullitem: 'content:encoded',
  body: 'content:encoded',
  'xhtml:body': 'content:encoded',
  tags: 'media:keywords',
  'dc:author': 'dc:creator',
});

/** Elements whose text may be in Base64. */
const TEXT_ELEMENTS = new Set(['title', 'summary', 'content', 'subtitle', 'tagline']);

type Open = {
  name: string;
  local: string;
  base: string | null;
  at: number;
  textFrom: number;
  base64: boolean;
  /** Characters of text that it may still hold. */
  room: number;
};

/**
 * Writes a feed anew as XML that any parser reads: stray `&`, undeclared entities, tags left open or closed twice, junk
 * before and after, a text cut off in the middle. What an entry's `feedburner:origLink` says goes before its link.
 */
export function repairXml(text: string, maxEntries: number): Repaired {
  const { body, entities } = withoutDoctype(text);
  const out: string[] = [];
  const open: Open[] = [];
  let root: string | null = null;
  let done = false;
  let entries = 0;
  let truncated = false;
  let inCdata = false;
  let skipped = 0;
  let elements = 0;
  let inEntry = 0;
  let growth = 0;
  let original: { at: number; url: string } | null = null;

  const parser = new Parser(
    {
      onopentag(written, attributes) {
        if (++elements > MAX_ELEMENTS || open.length + skipped >= STOP_DEPTH) {
          truncated = done = true;
          parser.pause();
        }
        if (done || skipped > 0) return void skipped++;
        const local = localOf(written);
        root ??= local;
        const isEntry = local === 'item' || local === 'entry';
        if (isEntry && open.length > 0 && ++entries > maxEntries) {
          truncated = done = true;
          return void skipped++;
        }
        inEntry = isEntry ? 0 : inEntry + 1;
        if (open.length >= MAX_DEPTH || (entries > 0 && inEntry > MAX_IN_ENTRY)) return void skipped++;
        const name = nameOf(written, open);
        const base = baseOf(attributes, open.at(-1)?.base ?? null);
        out.push(tag(name, attributes, base));
        const room = ARTICLE_ELEMENTS.has(local) ? Number.POSITIVE_INFINITY : MAX_FIELD;
        const base64 = isBase64(local, attributes);
        open.push({ name, local, base, at: out.length - 1, textFrom: out.length, base64, room });
      },
      ontext(all) {
        const holder = open.at(-1);
        if (done || holder === undefined || holder.room <= 0) return;
        const piece = all.slice(0, holder.room);
        holder.room -= piece.length;
        if (inCdata || entities.size === 0) return void out.push(inCdata ? escapeText(piece) : escapeStray(piece));
        let at = 0;
        for (const { 0: whole, 1: name = '', index } of piece.matchAll(/&([\w.-]+);/g)) {
          const value = entities.get(name) ?? whole;
          growth += value.length - whole.length;
          out.push(escapeStray(piece.slice(at, index) + value));
          at = index + whole.length;
          if (growth > MAX_GROWTH) return void parser.pause();
        }
        out.push(escapeStray(piece.slice(at)));
      },
      oncdatastart() {
        inCdata = true;
      },
      oncdataend() {
        inCdata = false;
      },
      onclosetag() {
        if (skipped > 0) return void skipped--;
        const element = open.pop();
        if (!element) return;
        if (URL_ELEMENTS.has(element.local)) resolveText(out, element);
        if (element.base64)
          out.push(
            escapeText(Buffer.from(out.splice(element.textFrom).join('').slice(0, MAX_BASE64), 'base64').toString()),
          );
        if (element.local === 'origlink')
          original = { at: entryOf(open)?.at ?? -1, url: out.slice(element.textFrom).join('') };
        const url = original?.at === element.at ? original.url.trim() : '';
        if (url)
          out[element.at] +=
            element.local === 'entry' ? `<link rel="alternate" href="${url}"/>` : `<link>${url}</link>`;
        out.push(`</${element.name}>`);
        if (open.length === 0) done = true;
      },
    },
    { xmlMode: true, decodeEntities: false, recognizeCDATA: true },
  );
  parser.write(body.slice(startOf(body)));
  // The end closes what was left open; what follows an endless list of entries is not wanted.
  skipped = 0;
  done = false;
  while (open.length > 0) {
    const element = open.pop();
    out.push(`</${element?.name}>`);
  }
  return { xml: out.join(''), root, truncated, overgrown: growth > MAX_GROWTH };
}

const ROOT = /<(?:[\w-]+:)?(?:rss|rdf|feed)[\s>]/iy;

/** Where the feed begins: after a blank, a warning of the server's, a comment that may hold anything. */
function startOf(text: string): number {
  for (let i = text.indexOf('<'); i >= 0 && i < 64_000; i = text.indexOf('<', i + 1)) {
    ROOT.lastIndex = i;
    if (ROOT.test(text)) return i;
    const end = text.startsWith('<!--', i) ? text.indexOf('-->', i) : i;
    if (end < 0) break;
    i = end;
  }
  return 0;
}

function entryOf(open: Open[]): Open | undefined {
  return open.findLast((o) => o.local === 'item' || o.local === 'entry');
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

function nameOf(written: string, open: Open[]): string {
  const safe = /^[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?$/u.test(written) ? written : 'x';
  return (open.at(-1)?.local === 'item' && PROPER_NAMES[safe.toLowerCase()]) || safe;
}

function baseOf(attributes: Record<string, string>, outer: string | null): string | null {
  const base = attributes['xml:base'];
  if (base === undefined) return outer;
  return absolute(base, outer) ?? outer;
}

/** Characters of an address that is made absolute, entities included. */
const MAX_BASED = 10_000;

function absolute(url: string, base: string | null): string | null {
  if (url.length > MAX_BASED) return null;
  try {
    return new URL(unescapeEntities(url).trim(), base ?? undefined).href;
  } catch {
    return null;
  }
}

function tag(name: string, attributes: Record<string, string>, base: string | null): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes).slice(0, MAX_ATTRIBUTES)) {
    if (!/^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(key)) continue;
    const isUrl = base !== null && URL_ATTRIBUTES.has(localOf(key));
    const said = isUrl ? (absolute(value, base) ?? value) : value;
    text += ` ${key}="${escapeStray(said).replaceAll('"', '&quot;')}"`;
  }
  return `${text}>`;
}

/** Makes the URL that is an element's text absolute, when an `xml:base` says against what. */
function resolveText(out: string[], element: Open): void {
  if (element.base === null || element.local === 'guid') return;
  const text = out.slice(element.textFrom).join('');
  const url = text.trim() === '' || text.includes('<') ? null : absolute(text, element.base);
  if (url !== null) out.splice(element.textFrom, out.length, escapeText(url));
}

/** Atom 0.3 says so; of Atom 1.0 it is content of a type that is neither text nor XML (RFC 4287, 4.1.3.3). */
function isBase64(local: string, attributes: Record<string, string>): boolean {
  const { mode, type = '' } = attributes;
  if (mode !== undefined) return mode.toLowerCase() === 'base64';
  return TEXT_ELEMENTS.has(local) && /^(?!text|message|multipart|image|audio|video)\w+\/(?!.*\bxml$)/i.test(type);
}

/** Escapes each `&` that begins no entity, as in `AT&T` and `?a=1&b=2`. */
function escapeStray(text: string): string {
  return text
    .replace(/&(?!(?:#\d{1,7}|#x[\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,30});)/g, '&amp;')
    .replaceAll('<', '&lt;');
}
