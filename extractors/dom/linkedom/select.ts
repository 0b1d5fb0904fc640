import { attributeOf, ELEMENT, END, type ListNode, NEXT } from './links.js';

/** Whether an element, whose name in lower case is `tag`, is one that is looked for. */
export type Test = (element: ListNode, tag: string) => boolean;

/** What `make` gives for each name, made once; pages invent names, so those that are too many are not kept. */
export function once<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const value = known.get(name);
    if (value !== undefined) return value;
    const made = make(name);
    if (known.size < 1000) known.set(name, made);
    return made;
  };
}

const lowerCased = once((name) => name.toLowerCase());

/** Adds to `found` the elements below `start` that pass, in document order, `most` at most; none inside a template. */
export function select(start: ListNode, passes: Test, found: ListNode[], most = Number.POSITIVE_INFINITY): void {
  const end = start[END];
  for (let node = start[NEXT]; node !== undefined && node !== end; ) {
    if (node.nodeType === ELEMENT) {
      const tag = lowerCased(node.localName);
      if (passes(node, tag) && found.push(node) >= most) return;
      node = tag === 'template' ? node[END] : node[NEXT];
    } else node = node[NEXT];
  }
}

/** Attributes whose values may be asked for, and whether CSS takes them in any case, as it does with some of HTML's. */
const ANY_CASE: Record<string, boolean> = { class: false, id: false, itemprop: false, rel: true, type: true };
const PART = /^\s*([a-z][a-z0-9]*)?(?:\[([a-z-]+)(?:([~*]?=)"([\w-]+)"( i)?)?\])?\s*$/i;
const AROUND: Record<string, [string, string]> = { '=': ['^', '$'], '~=': ['(?:^|\\s)', '(?:\\s|$)'], '*=': ['', ''] };

/**
 * The test that selectors of the form `tag`, `tag[attribute]` and `[attribute="word"]` (also `~=`, `*=` and `i`) or lists of
 * these stand for: what extraction asks of every page. css-select, which linkedom takes, calls a dozen functions for each
 * element. null for selectors that say more.
 */
export const testOf = once((selectors: string): Test | null => {
  const parts = selectors.split(',').map((part) => PART.exec(part));
  if (parts.every((p) => p?.[1] !== undefined && p[2] === undefined)) {
    const tags = new Set(parts.map((p) => p?.[1]?.toLowerCase()));
    return (_, tag) => tags.has(tag);
  }
  const tests = parts.map(testOfPart).filter((test) => test !== null);
  return tests.length < parts.length ? null : (element, tag) => tests.some((test) => test(element, tag));
});

function testOfPart(part: RegExpExecArray | null): Test | null {
  const [, wanted = '', attribute, operator, word = '', i] = part ?? [];
  const isTag = wanted.toLowerCase();
  if (attribute === undefined) return isTag === '' ? null : (_, tag) => tag === isTag;
  const passes = valueTest(attribute.toLowerCase(), operator, word, i !== undefined);
  return passes && ((element, tag) => (isTag === '' || tag === isTag) && passes(attributeOf(element, attribute)));
}

function valueTest(name: string, operator: string | undefined, word: string, i: boolean) {
  if (operator === undefined) return (value: string | null) => value !== null;
  const anyCase = ANY_CASE[name];
  if (anyCase === undefined) return null;
  const pattern = new RegExp((AROUND[operator] ?? []).join(word), anyCase || i ? 'i' : '');
  return (value: string | null) => value !== null && pattern.test(value);
}
