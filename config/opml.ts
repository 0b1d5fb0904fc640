import { SaxesParser, type SaxesTagNS } from 'saxes';
import { SourcelinkError } from './errors.js';

/** Of our attributes and elements in an OPML file. */
export const NAMESPACE = 'urn:sourcelink:opml:1';

/** One `<outline>`. */
export type Outline = {
  /** Where its tag begins, from 1. */
  line: number;
  /** OPML's own attributes. */
  attributes: Map<string, string>;
  /** Those of our namespace. */
  settings: Map<string, string>;
  children: Outline[];
};

export type Opml = {
  /** Our `defaults` of the head; null in a file of another program. */
  defaults: Map<string, string> | null;
  outlines: Outline[];
};

const MAX_CHARACTERS = 5_000_000;
const MAX_OUTLINES = 20_000;
const MAX_DEPTH = 40;
/** Anything but the five that XML knows by itself, and characters by number. */
const UNKNOWN_ENTITY = /&(?!(?:#\d+|#x[\da-f]+|amp|lt|gt|quot|apos);)/i;

/**
 * Reads OPML 1.0 and 2.0. Only well-formed XML is read, without a document type: that is where entities are declared.
 * @param name of the file, for messages
 * @throws SourcelinkError `CONFIG_INVALID` with line and column
 */
export function readOpml(text: string, name: string): Opml {
  const refuse = (line: number, column: number, what: string, hint: string): never => {
    throw new SourcelinkError('CONFIG_INVALID', `${name}:${line}:${column} ${what}`, { hint });
  };
  if (text.length > MAX_CHARACTERS) refuse(1, 1, 'is larger than 5 MB', 'Split it into several files.');
  const parser = new SaxesParser({ xmlns: true });
  const opml: Opml = { defaults: null, outlines: [] };
  const path: string[] = [];
  const open: Outline[] = [];
  let [begins, count, hasBody] = [1, 0, false];
  parser.on('error', (error) => {
    // The parser takes what follows a bare & for its name, and stumbles far behind it.
    const at = text.search(UNKNOWN_ENTITY);
    const lines = text.slice(0, at).split('\n');
    if (at >= 0 && at <= parser.position)
      refuse(lines.length, (lines.at(-1)?.length ?? 0) + 1, 'has a & that begins nothing known', 'Write it as &amp;.');
    const what = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    refuse(parser.line, parser.column, `is no well-formed XML: ${what}`, 'Correct the file, or export it again.');
  });
  parser.on('doctype', () =>
    refuse(parser.line, parser.column, 'declares a document type', 'Remove the <!DOCTYPE …>; OPML has none.'),
  );
  parser.on('opentagstart', () => {
    begins = parser.line;
  });
  parser.on('opentag', (tag) => {
    if (path.length === 0 && tag.local !== 'opml')
      refuse(begins, 1, `is no OPML: its outermost element is <${tag.name}>`, 'Name an OPML file.');
    if (path.length > 2 * MAX_DEPTH) refuse(begins, 1, `nests deeper than ${2 * MAX_DEPTH} elements`, 'Flatten it.');
    const within = path.join('/');
    path.push(tag.uri === '' || tag.local === 'opml' ? tag.local : `{${tag.uri}}${tag.local}`);
    if (within === 'opml' && tag.local === 'body') hasBody = true;
    if (within === 'opml/head' && tag.uri === NAMESPACE && tag.local === 'defaults') {
      opml.defaults = outlineOf(tag, begins).settings;
      // Without a prefix an attribute belongs to its element.
      for (const a of Object.values(tag.attributes)) if (a.uri === '') opml.defaults.set(a.local, a.value);
    }
    if (tag.local !== 'outline' || !within.startsWith('opml/body')) return;
    if (open.length >= MAX_DEPTH) refuse(begins, 1, `nests deeper than ${MAX_DEPTH} outlines`, 'Flatten it.');
    if (++count > MAX_OUTLINES) refuse(begins, 1, `has more than ${MAX_OUTLINES} outlines`, 'Split it.');
    const outline = outlineOf(tag, begins);
    (open.at(-1)?.children ?? opml.outlines).push(outline);
    open.push(outline);
  });
  parser.on('closetag', (tag) => {
    path.pop();
    if (tag.local === 'outline') open.pop();
  });
  parser.write(text).close();
  if (!hasBody) refuse(parser.line, 1, 'has no <body>', 'Name an OPML file with outlines.');
  return opml;
}

function outlineOf(tag: SaxesTagNS, line: number): Outline {
  const all = Object.values(tag.attributes);
  const of = (uri: string) => new Map(all.filter((a) => a.uri === uri).map((a) => [a.local, a.value]));
  return { line, attributes: of(''), settings: of(NAMESPACE), children: [] };
}

/** One start tag with its attributes; those without a value are left out. */
export function tag(name: string, attributes: [string, string | undefined][], empty = true): string {
  const given = attributes.filter((a): a is [string, string] => a[1] !== undefined);
  return `<${[name, ...given.map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ')}${empty ? '/' : ''}>`;
}

/** What XML can hold in no way (XML 1.0, 2.2). */
export const UNWRITABLE = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Line breaks and tabs too, which a reader would turn into blanks. */
function escaped(value: string): string {
  return value.replace(/[&<>"\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`);
}
