/**
 * A page's visible content as plain objects: what the rules for the body look at. It costs a fraction of a cloned DOM and
 * stays whole while Readability takes the document apart.
 */
export type Part = {
  /** Lower-case element name. */
  tag: string;
  attrs: Record<string, string>;
  /** Class and id, lower case, for rules that go by what an element is called. */
  names: string;
  children: (Part | string)[];
  up: Part | null;
  /** Number of this element in document order; also the value of MARK in the document, where it may own text. */
  mark: number;
  /** Holds elements that break lines, or for an inline element paragraphs that are parted by br. */
  hasBlocks: boolean;
  /** Holds, or is, a picture, a video or another document. */
  hasMedia: boolean;
  hidden: boolean;
};

/** Attribute that ties an element of the document to its part, through all that Readability does. */
export const MARK = 'data-sl-part';

const BLOCK = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td ' +
    'tfoot th thead tr ul iframe video audio embed object picture'
  ).split(' '),
);
/** Never part of a text. */
const DROPPED = new Set(
  (
    'script style template svg canvas select datalist input textarea button link meta base object-fallback map dialog ' +
    'progress meter head title frame frameset applet param track'
  ).split(' '),
);
const KEPT_ATTRIBUTES = new Set(
  'href title datetime cite lang dir colspan rowspan itemprop itemtype role rel aria-label aria-labelledby start reversed name'.split(
    ' ',
  ),
);
const MEDIA = new Set('img source iframe video audio embed object amp-img amp-youtube amp-iframe'.split(' '));

/** True for elements that break lines. */
export const isBlockTag = (tag: string): boolean => BLOCK.has(tag);
export const isMedia = (tag: string): boolean => MEDIA.has(tag);

/** A br that another follows: how pages without paragraphs part them. */
export function isDoubleBreak(part: Part, i: number): boolean {
  const child = part.children[i];
  if (typeof child === 'string' || child?.tag !== 'br') return false;
  for (let k = i + 1; k < part.children.length; k++) {
    const next = part.children[k];
    if (typeof next === 'string') {
      if (next.trim()) return false;
    } else return next?.tag === 'br';
  }
  return false;
}

/** Reads the content below `root` and marks its elements in the document. Does not recurse deeper than `maxDepth`. */
export function readTree(root: Element, maxDepth = 600): Part {
  let marks = 0;
  const read = (element: Element, up: Part | null, depth: number): Part => {
    const part = partOf(element, up);
    part.mark = ++marks;
    // Browsers show nothing that stands inside an iframe; to the parser it is text, tags and all.
    if (depth > maxDepth || part.tag === 'iframe') return part;
    for (let node: ChildNode | null = element.firstChild; node; node = node.nextSibling) {
      if (node.nodeType === 3) {
        const text = node.nodeValue ?? '';
        if (text) part.children.push(text);
      } else if (node.nodeType === 1) {
        const child = node as Element;
        if (DROPPED.has(child.localName)) continue;
        const inner = read(child, part, depth + 1);
        part.children.push(inner);
        if (inner.hasBlocks || BLOCK.has(inner.tag)) part.hasBlocks = true;
        if (inner.hasMedia) part.hasMedia = true;
      }
    }
    if (!BLOCK.has(part.tag) && part.children.some((_, i) => isDoubleBreak(part, i))) part.hasBlocks = true;
    // Only these can own text blocks; marking inline elements too would cost as much as the rest.
    if (part.hasBlocks || BLOCK.has(part.tag)) element.setAttribute(MARK, String(part.mark));
    return part;
  };
  return read(root, null, 0);
}

function partOf(element: Element, up: Part | null): Part {
  const tag = element.localName;
  const attrs: Record<string, string> = {};
  const all = MEDIA.has(tag);
  let names = '';
  let hidden = up?.hidden ?? false;
  for (const { name, value } of element.attributes) {
    // A heading's id is made from its words.
    if (name === 'class' || (name === 'id' && !/^h\d$/.test(tag))) names += ` ${value}`;
    else if (name === 'hidden') hidden = true;
    else if (name === 'style') hidden ||= /display\s*:\s*none|visibility\s*:\s*hidden/i.test(value);
    else if (name === 'aria-hidden') hidden ||= value === 'true';
    else if (name === 'data-testid' || name === 'data-component' || name === 'data-qa' || name === 'data-type')
      names += ` ${value}`;
    if (all || KEPT_ATTRIBUTES.has(name)) attrs[name] = value;
  }
  if (tag === 'noscript') hidden = true;
  return { tag, attrs, names: wordsOf(names), children: [], up, mark: 0, hasBlocks: false, hasMedia: all, hidden };
}

/** Names that were split before: the elements of a page, and of an outlet's pages, share few. */
const split = new Map<string, string>();
const MAX_SPLIT = 20_000;

function wordsOf(names: string): string {
  const known = split.get(names);
  if (known !== undefined) return known;
  const words = splitNames(names);
  if (split.size >= MAX_SPLIT) split.clear();
  if (names.length < 500) split.set(names, words);
  return words;
}

/**
 * `authorBio__wrap` → `author bio wrap`: rules match words, however an outlet writes them. Names made by a build
 * (`AdDsWc`, `prose_2za-jw`) hold syllables that look like words and are none.
 */
function splitNames(names: string): string {
  if (!names) return '';
  const words: string[] = [];
  for (const name of names.split(/\s+/)) {
    const pieces = name.split(/[^A-Za-z0-9]+/).filter(Boolean);
    const made = pieces.some((p) => /[a-z]\d[a-z]|^\d+[a-z]|[a-z]+\d+[a-z]/i.test(p));
    for (const piece of pieces) {
      if (made && (piece.length <= 3 || /\d/.test(piece))) {
        if (/\d/.test(piece)) words.push(piece.toLowerCase());
        continue;
      }
      const parts = piece.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [piece];
      words.push(...(parts.every((p) => p.length > 2 || /\d/.test(p)) ? parts : [piece]).map((p) => p.toLowerCase()));
    }
  }
  return words.join(' ');
}
