import { SourcelinkError } from './errors.js';
import { NAMESPACE, type Outline, tag, UNWRITABLE } from './opml.js';
import { SourceEntry } from './sources.js';
import type { WrittenEntry } from './sources-text.js';

/** A source that an OPML file lists. */
export type ListedSource = {
  line: number;
  entry: WrittenEntry;
  /** Whether a Sourcelink wrote it, with all of its settings. */
  own: boolean;
};

/** An outline that lists no source, and what can be done. */
export type BadOutline = { line: number; what: string; hint: string };

/** What OPML has fields of its own for. */
const OPML_FIELDS = new Set(['name', 'url']);

/**
 * Sources as OPML 2.0. Other readers see feeds and home pages; our settings stand beside them in a namespace, as they are
 * written: secrets that come from the environment stay `${NAME}`.
 * @throws CONFIG_INVALID for a text that XML cannot hold
 */
export function writeOpml(file: { defaults: WrittenEntry; sources: WrittenEntry[] }, at: Date): string {
  const head = ['  <title>Sources of Sourcelink</title>', `  <dateCreated>${at.toUTCString()}</dateCreated>`];
  const defaults = settingsOf(file.defaults, 'defaults', new Set());
  head.push(`  ${tag('sourcelink:defaults', defaults)}`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:sourcelink="${NAMESPACE}">
<head>
${head.join('\n')}
</head>
<body>
${file.sources.map(outlineFor).join('\n')}
</body>
</opml>
`;
}

function outlineFor(entry: WrittenEntry): string {
  const id = String(entry['id']);
  const feeds = entry['feeds'];
  const listed = Array.isArray(feeds) && feeds.length > 0 ? feeds.map(String) : [];
  const [name, url] = [writable(String(entry['name']), id), writable(String(entry['url']), id)];
  const settings = settingsOf(entry, id, listed.length > 0 ? new Set([...OPML_FIELDS, 'feeds']) : OPML_FIELDS);
  const [only] = listed;
  if (listed.length > 1) {
    const inside = listed.map((feed) => `    ${tag('outline', feedOf(name, feed, url))}`).join('\n');
    return `  ${tag('outline', [['text', name], ['htmlUrl', url], ...settings], false)}\n${inside}\n  </outline>`;
  }
  const place = only === undefined ? linkOf(name, url) : feedOf(name, only, url);
  return `  ${tag('outline', [...place, ...settings])}`;
}

type Attributes = [string, string | undefined][];

const feedOf = (name: string, feed: string, url: string): Attributes => [
  ...([
    ['type', 'rss'],
    ['text', name],
  ] as Attributes),
  ...([
    ['xmlUrl', writable(feed, name)],
    ['htmlUrl', url],
  ] as Attributes),
];

/** The kind of outline that OPML 2.0 has for a page. */
const linkOf = (name: string, url: string): Attributes => [
  ...([
    ['type', 'link'],
    ['text', name],
  ] as Attributes),
  ...([
    ['url', url],
    ['htmlUrl', url],
  ] as Attributes),
];

/** Texts as they are, all else as JSON. */
function settingsOf(entry: WrittenEntry, id: string, without: ReadonlySet<string>): Attributes {
  return Object.entries(entry)
    .filter(([key]) => !without.has(key))
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [`sourcelink:${key}`, writable(text, `${key} of ${id}`)];
    });
}

function writable(text: string, what: string): string {
  if (!UNWRITABLE.test(text)) return text;
  throw new SourcelinkError('CONFIG_INVALID', `${what} contains a control character, which XML does not allow`, {
    hint: 'Remove it from sources.yaml.',
  });
}

/** Values of our attributes back as they stood in the file. */
export function settingsFrom(attributes: Map<string, string>): WrittenEntry {
  return Object.fromEntries([...attributes].map(([key, text]) => [key, valueFrom(key, text)]));
}

/** The schema says which fields are texts; what it takes as no text was written as JSON. */
function valueFrom(key: string, text: string): unknown {
  const field = Object.entries(SourceEntry.shape).find(([name]) => name === key)?.[1];
  if (field === undefined || field.safeParse(text).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** All sources of the outlines, folders and their folders included, and the outlines that are none. */
export function sourcesIn(outlines: Outline[]): { sources: ListedSource[]; bad: BadOutline[]; folders: number } {
  const found = { sources: [] as ListedSource[], bad: [] as BadOutline[], folders: 0 };
  for (const outline of outlines) take(outline, found);
  return found;
}

function take(outline: Outline, into: ReturnType<typeof sourcesIn>): void {
  const { line, attributes, settings, children } = outline;
  // OPML 2.0: an outline so marked counts as if it were not there, and all below it.
  if (attributes.get('isComment') === 'true') return;
  if (settings.size > 0) {
    into.sources.push({ line, own: true, entry: ownEntry(outline) });
    return;
  }
  const name = (attributes.get('text') || attributes.get('title') || '').replace(/\s+/g, ' ').trim();
  const type = attributes.get('type')?.toLowerCase();
  const feed = attributes.get('xmlUrl')?.trim();
  const page = attributes.get('url')?.trim();
  const bad = (what: string, hint: string): void => void into.bad.push({ line, what: `${quoted(name)} ${what}`, hint });
  if (type === 'include' || (type === 'link' && page !== undefined && /\.opml(?:[?#]|$)/i.test(page)))
    bad('points to another OPML file', `Fetch ${page ?? 'that file'} and import it by itself.`);
  else if (feed !== undefined) {
    if (isWebAddress(feed)) into.sources.push({ line, own: false, entry: feedEntry(outline, name, feed) });
    else bad(`has xmlUrl=${quoted(feed)}, which is no web address`, 'Write it as https://herald.example/feed.xml.');
  } else if (page !== undefined) {
    if (isWebAddress(page)) into.sources.push({ line, own: false, entry: { name: name || hostOf(page), url: page } });
    else bad(`has url=${quoted(page)}, which is no web address`, 'Write it as https://herald.example/.');
  } else if (children.length === 0) bad('has neither xmlUrl nor outlines in it', 'Give it an xmlUrl, or take it out.');
  else into.folders++;
  for (const child of children) take(child, into);
}

/** As it was before it was exported. */
function ownEntry({ attributes, settings, children }: Outline): WrittenEntry {
  const { id, ...rest } = settingsFrom(settings);
  const inside = children.flatMap((c) => c.attributes.get('xmlUrl') ?? []);
  const feeds = [...(attributes.has('xmlUrl') ? [attributes.get('xmlUrl')] : []), ...inside];
  const [name, url] = [attributes.get('text'), attributes.get('htmlUrl') ?? attributes.get('url')];
  return { id, name, url, ...(feeds.length > 0 ? { feeds } : {}), ...rest };
}

function feedEntry({ attributes }: Outline, name: string, feed: string): WrittenEntry {
  const home = attributes.get('htmlUrl')?.trim() ?? '';
  const url = isWebAddress(home) ? home : new URL('/', feed).href;
  const language = languageOf(attributes.get('language'));
  return { name: name || hostOf(url), url, feeds: [feed], ...(language === null ? {} : { language }) };
}

/** Many programs write `unknown`, or a language in words. */
function languageOf(written: string | undefined): string | null {
  const field = SourceEntry.shape.language;
  try {
    const [tag] = written ? Intl.getCanonicalLocales(written.trim().replaceAll('_', '-')) : [];
    return tag !== undefined && field.safeParse(tag).success ? tag : null;
  } catch {
    return null;
  }
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '');
const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}
