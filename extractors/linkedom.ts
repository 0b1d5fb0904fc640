import { NodeList } from 'linkedom';
import {
  ATTRIBUTE,
  CDATA,
  CLASS_LIST,
  documents,
  ELEMENT,
  END,
  END_OF_ELEMENT,
  html,
  NEXT,
  override,
  START,
  TEXT,
  tokens,
  VALUE,
} from './linkedom-nodes.js';

/**
 * linkedom without the work that an extractor never needs: beside its nodes (linkedom-nodes.ts), each `class` attribute
 * becomes a token list, each `tagName` is upper-cased anew, and plain tag lists go through css-select. Applied once, when
 * this file is loaded, to HTML documents only; what each member answers stays the same, which
 * tests/conformance/readability.test.ts holds to jsdom. A page costs a third of the CPU time.
 */

type ListNode = { nodeType: number; localName: string; name: string; [link: symbol]: ListNode };

const upper = new Map<string, string>();

/** Pages invent tag names; those that are too many to remember are upper-cased each time. */
function upperCased(name: string): string {
  const known = upper.get(name);
  if (known !== undefined) return known;
  const value = name.toUpperCase();
  if (upper.size < 1000) upper.set(name, value);
  return value;
}

type Classy = {
  classList: { clear(): void; add(...tokens: string[]): void };
  ownerDocument: Document;
  getAttributeNode(name: string): { value: string } | null;
  setAttributeNode(attribute: object): void;
  [link: symbol]: unknown;
};

override(html, {
  get tagName() {
    return upperCased((this as unknown as ListNode).localName);
  },
  get nodeName() {
    return upperCased((this as unknown as ListNode).localName);
  },
  get className() {
    return attributeOf(this as unknown as Element, 'class') ?? '';
  },
  set className(value: string) {
    const self = this as unknown as Classy;
    if (self[CLASS_LIST]) {
      self.classList.clear();
      self.classList.add(...String(value).split(/\s+/));
      return;
    }
    const attribute = self.getAttributeNode('class');
    if (attribute) attribute.value = tokens(String(value));
    else {
      const created = self.ownerDocument.createAttribute('class');
      created.value = tokens(String(value));
      self.setAttributeNode(created);
    }
  },
});

const ownText = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(html), 'textContent') ?? {};
Object.defineProperty(html, 'textContent', {
  ...ownText,
  get(this: ListNode): string {
    let content = '';
    const end = this[END];
    for (let node = this[NEXT]; node !== undefined && node !== end; node = node[NEXT]) {
      if (node.nodeType === TEXT || node.nodeType === CDATA) content += node[VALUE] as unknown as string;
    }
    return content;
  },
});

const VOID = /^(?:area|base|br|col|embed|hr|img|input|keygen|link|menuitem|meta|param|source|track|wbr)$/i;
const asElement = Object.getPrototypeOf(html) as { toString: unknown };

/** Markup of what an element holds, as linkedom writes it. */
function innerMarkup(element: ListNode): string {
  let markup = '';
  let inTag = false;
  let node = element[NEXT];
  while (node?.nodeType === ATTRIBUTE) node = node[NEXT];
  for (const end = element[END]; node !== undefined && node !== end; node = node[NEXT]) {
    if (node.nodeType === ATTRIBUTE) markup += attributeMarkup(node);
    else if (node.nodeType === END_OF_ELEMENT) {
      const start = node[START] as ListNode;
      if (!inTag) markup += `</${start.localName}>`;
      else if ('ownerSVGElement' in start) markup += ' />';
      else markup += VOID.test(start.localName) ? '>' : `></${start.localName}>`;
      inTag = false;
    } else {
      if (inTag) markup += '>';
      inTag = node.nodeType === ELEMENT && node.toString === asElement.toString;
      markup += inTag ? `<${node.localName}` : node.toString();
      // Scripts, styles and their like write themselves whole.
      if (node.nodeType === ELEMENT && !inTag) node = node[END] as ListNode;
    }
  }
  return markup;
}

function attributeMarkup(attribute: ListNode): string {
  const value = attribute[VALUE] as unknown as string;
  if (value !== '') return ` ${attribute.name}="${value.includes('"') ? value.replaceAll('"', '&quot;') : value}"`;
  const empty = attribute.toString();
  return empty === 'id' || empty === 'class' || empty === 'style' ? '' : ` ${empty}`;
}

Object.defineProperty(html, 'innerHTML', {
  ...Object.getOwnPropertyDescriptor(Object.getPrototypeOf(html), 'innerHTML'),
  get(this: ListNode): string {
    return innerMarkup(this);
  },
});

/** Elements below `start` in document order that pass; a template's content is no part of the document. */
function below(start: ListNode, skipTemplates: boolean, passes: (name: string) => boolean): NodeList {
  const found = new NodeList() as unknown as ListNode[];
  const end = start[END];
  for (let node = start[NEXT]; node !== undefined && node !== end; ) {
    if (node.nodeType === ELEMENT) {
      if (passes(node.localName)) found.push(node);
      node = skipTemplates && node.localName === 'template' ? node[END] : node[NEXT];
    } else node = node[NEXT];
  }
  return found as unknown as NodeList;
}

const PLAIN_TAGS = /^[a-z][a-z0-9]*(?:,[a-z][a-z0-9]*)*$/i;
/** Names as they stand in the tree are lower case but for what scripts and SVG made; so the exact one is tried first. */
const named = (wanted: string[]) => (name: string) => wanted.includes(name) || wanted.includes(name.toLowerCase());

for (const prototype of [html, documents]) {
  const bySelector = (prototype as unknown as Document).querySelectorAll;
  override(prototype, {
    getElementsByTagName(this: ListNode, tagName: string): NodeList {
      return below(this, false, (name) => name === tagName || upperCased(name) === tagName);
    },
    querySelectorAll(this: ListNode, selectors: string): NodeList {
      if (!PLAIN_TAGS.test(selectors)) return bySelector.call(this as never, selectors) as unknown as NodeList;
      return below(this, true, named(selectors.toLowerCase().split(',')));
    },
  });
}

/** The value of the attribute, or null; without the detour over a class list or case rules. */
export function attributeOf(node: Element, name: string): string | null {
  for (let next = (node as unknown as ListNode)[NEXT]; next?.nodeType === ATTRIBUTE; next = next[NEXT]) {
    if (next.name === name) return next[VALUE] as unknown as string;
  }
  return null;
}
