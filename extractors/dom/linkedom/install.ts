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
  NewAttribute,
  override,
  PREV,
  START,
  TEXT,
  tokens,
  VALUE,
} from './nodes.js';
import { attributeOf, type ListNode, once, select, testOf } from './select.js';

/**
 * linkedom without the work that an extractor never needs: beside its nodes (linkedom-nodes.ts), each `class` attribute
 * becomes a token list, each `tagName` is upper-cased anew, and plain tag lists go through css-select. Applied once, when
 * this file is loaded, to HTML documents only; what each member answers stays the same, which
 * tests/conformance/readability.test.ts holds to jsdom. A page costs a third of the CPU time.
 */

const upperCased = once((name) => name.toUpperCase());

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
    return attributeOf(this as unknown as ListNode, 'class') ?? '';
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

/** The attribute in front of the others, where linkedom puts it. */
function prependAttribute(element: ListNode, name: string, value: string): void {
  const attribute = new NewAttribute((element as unknown as Element).ownerDocument, name) as unknown as ListNode;
  Object.assign(attribute, { ownerElement: element, [VALUE]: value });
  const next = element[NEXT] as ListNode;
  attribute[PREV] = element;
  attribute[NEXT] = next;
  next[PREV] = attribute;
  element[NEXT] = attribute;
}

const slowSetAttribute = (html as unknown as Element).setAttribute;
override(html, {
  setAttribute(this: ListNode, name: string, value: unknown): void {
    const known = name === 'class' || attributeOf(this, name) !== null;
    if (known) slowSetAttribute.call(this as never, name, String(value));
    else prependAttribute(this, String(name), String(value));
  },
});

for (const prototype of [html, documents]) {
  const { querySelector, querySelectorAll } = prototype as unknown as Document;
  override(prototype, {
    getElementsByTagName(this: ListNode, tagName: string): NodeList {
      const found = new NodeList() as unknown as ListNode[];
      for (let node = this[NEXT]; node !== undefined && node !== this[END]; node = node[NEXT])
        if (node.nodeType === ELEMENT && (node.localName === tagName || upperCased(node.localName) === tagName))
          found.push(node);
      return found as unknown as NodeList;
    },
    querySelectorAll(this: ListNode, selectors: string): NodeList {
      const test = testOf(selectors);
      if (test === null) return querySelectorAll.call(this as never, selectors) as unknown as NodeList;
      const found = new NodeList() as unknown as ListNode[];
      select(this, test, found);
      return found as unknown as NodeList;
    },
    querySelector(this: ListNode, selectors: string): Element | null {
      const test = testOf(selectors);
      if (test === null) return querySelector.call(this as never, selectors);
      const found: ListNode[] = [];
      select(this, test, found, 1);
      return (found[0] as unknown as Element | undefined) ?? null;
    },
  });
}

/** As `\s` and `trim` see it; characters beyond ASCII are many in some languages, and spaces among them few. */
function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code > 8 && code < 14);
  if (code < 0x2000) return code === 0xa0 || code === 0x1680;
  return code <= 0x200a || (code <= 0x2029 && code >= 0x2028) || [0x202f, 0x205f, 0x3000, 0xfeff].includes(code);
}

/** Characters of an element's text when white space around it is cut and each run of it inside counts as one. */
export function textLength(element: Element): number {
  let length = 0;
  let spaced = false;
  const start = element as unknown as ListNode;
  for (let node = start[NEXT]; node !== undefined && node !== start[END]; node = node[NEXT]) {
    if (node.nodeType !== TEXT && node.nodeType !== CDATA) continue;
    const value = node[VALUE] as unknown as string;
    for (let i = 0; i < value.length; i++) {
      if (isSpace(value.charCodeAt(i))) spaced = true;
      else {
        length += spaced && length > 0 ? 2 : 1;
        spaced = false;
      }
    }
  }
  return length;
}
