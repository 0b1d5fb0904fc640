import { Document, isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { SourcelinkError } from './errors.js';

/** An entry of `sources.yaml` as a person writes it: `${NAME}` not filled in, no defaults. */
export type WrittenEntry = Record<string, unknown>;

/** An entry to be written, with comments behind its fields. */
export type NewEntry = { entry: WrittenEntry; comments?: Record<string, string> };

/** What `sources.yaml` says, as written. @throws CONFIG_INVALID when it is no YAML */
export function readWritten(text: string): { defaults: WrittenEntry; sources: WrittenEntry[] } {
  const { value } = parsed(text);
  const file = isObject(value) ? value : {};
  const { sources, defaults } = file;
  return {
    defaults: isObject(defaults) ? defaults : {},
    sources: Array.isArray(sources) ? sources.filter(isObject) : [],
  };
}

/** Entries as the YAML list that stands in the file. */
export function entryLines(entries: NewEntry[]): string {
  return listOf(entries).toString({ lineWidth: 0 });
}

function listOf(entries: NewEntry[]): Document {
  const doc = new Document(entries.map((e) => e.entry));
  const list = doc.contents as unknown as YAMLSeq<YAMLMap>;
  list.items.forEach((map, i) => {
    for (const pair of map.items) {
      const comment = entries[i]?.comments?.[String(isScalar(pair.key) ? pair.key.value : pair.key)];
      if (comment === undefined) continue;
      if (isScalar(pair.value)) pair.value.comment = ` ${comment}`;
      else if (isScalar(pair.key)) pair.key.comment = ` ${comment}`;
    }
    if (i > 0) map.spaceBefore = true;
  });
  return doc;
}

/**
 * The text with entries added at the end of `sources`. All else stays as it is: comments, order, blank lines, quotes.
 * @throws CONFIG_INVALID when the text is no list of sources that can be added to
 */
export function appendEntries(text: string, entries: NewEntry[]): string {
  if (entries.length === 0) return text;
  const { doc } = parsed(text);
  const list = doc.get('sources');
  const last = isSeq(list) ? list.items.at(-1) : undefined;
  let made: string;
  if (isSeq(list) && !list.flow && list.range && isNodeWithRange(last)) {
    const start = list.range[0];
    const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
    const at = endOfItem(text, last.range[1], indent);
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    const block = entryLines(entries)
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
    const before = text.slice(0, at);
    const joint = before === '' || before.endsWith('\n') ? eol : eol + eol;
    const after = text.slice(at);
    const gap = after === '' || /^\s*\n/.test(after) ? '' : eol;
    made = before + joint + block.join(eol) + eol + gap + after;
  } else {
    // A list in brackets has no lines to add to: the parser writes it anew, with its comments.
    const whole = isMap(doc.contents) ? doc.contents : null;
    if (whole === null) throw new SourcelinkError('CONFIG_INVALID', 'The file has no `sources:` list.');
    if (!isSeq(list) || list.items.length === 0) whole.set('sources', listOf(entries).contents);
    else for (const { entry } of entries) list.add(doc.createNode(entry));
    made = doc.toString({ lineWidth: 0 });
  }
  confirmOnlyAdded(text, made, entries);
  return made;
}

/** An address in an entry of `sources.yaml`, and the one to be written in its place. */
export type Replacement = { id: string; was: string; now: string };

/**
 * The text with addresses of feeds, sitemaps and listings replaced. All else stays as it is.
 * @throws CONFIG_INVALID when one does not stand there as a plain text
 */
export function replaceAddresses(text: string, replacements: Replacement[]): string {
  const { doc } = parsed(text);
  const list = doc.get('sources');
  const edits: { from: number; to: number; by: string }[] = [];
  for (const { id, was, now } of replacements) {
    const entry = isSeq(list) ? list.items.find((item) => isMap(item) && item.get('id') === id) : undefined;
    const nodes = isMap(entry) ? ['feeds', 'sitemaps', 'listings'].flatMap((key) => addressesIn(entry.get(key))) : [];
    const node = nodes.find((n) => n.value === was);
    if (!node?.range)
      throw new SourcelinkError('CONFIG_INVALID', `${was} was not found as a plain value in the entry of ${id}.`, {
        hint: `Write ${now} there by hand.`,
      });
    const isPlain = node.type === 'PLAIN' && /^[\w./:~=?%+-]+$/.test(now);
    edits.push({ from: node.range[0], to: node.range[1], by: isPlain ? now : JSON.stringify(now) });
  }
  edits.sort((a, b) => b.from - a.from);
  return edits.reduce((t, e) => t.slice(0, e.from) + e.by + t.slice(e.to), text);
}

function addressesIn(list: unknown): Scalar[] {
  if (!isSeq(list)) return [];
  return list.items
    .map((item) => (isMap(item) ? item.get('url', true) : item))
    .filter((node): node is Scalar => isScalar(node));
}

/** Behind the item's last line and the comments that are indented as its own. */
function endOfItem(text: string, valueEnd: number, indent: number): number {
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end + 1;
  };
  let at = text[valueEnd - 1] === '\n' ? valueEnd : lineEnd(valueEnd);
  for (;;) {
    const line = text.slice(at, lineEnd(at));
    const own = /^( *)#/.exec(line);
    if (!own || (own[1]?.length ?? 0) <= indent) return at;
    at += line.length;
  }
}

/** What is about to be written must say what the old text said, and the new entries, and nothing else. */
function confirmOnlyAdded(before: string, after: string, added: NewEntry[]): void {
  const [old, made] = [parsed(before).value, parsed(after).value];
  const oldSources = isObject(old) && Array.isArray(old['sources']) ? old['sources'] : [];
  const wanted = { ...(isObject(old) ? old : {}), sources: [...oldSources, ...added.map((a) => a.entry)] };
  if (canonical(wanted) !== canonical(made))
    throw new SourcelinkError('CONFIG_INVALID', 'The layout of the file does not allow an entry to be added safely.', {
      hint: 'Add the entry by hand; `--dry-run` prints it.',
    });
}

/** Objects with their keys in order, so that equal ones are equal as text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    isObject(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v,
  );
}

function parsed(text: string): { doc: ReturnType<typeof parseDocument>; value: unknown } {
  const doc = parseDocument(text, { merge: true, prettyErrors: false });
  const [error] = doc.errors;
  if (error) throw new SourcelinkError('CONFIG_INVALID', `sources.yaml is not valid YAML: ${error.message}`);
  return { doc, value: doc.toJS({ maxAliasCount: 200 }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNodeWithRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
