import { NodeList } from 'linkedom';
import {
  ATTRIBUTE,
  attributeOf,
  CDATA,
  CLASS_LIST,
  documents,
  ELEMENT,
  END,
  END_OF_ELEMENT,
  html,
  type ListNode,
  NEXT,
  PREV,
  START,
  TEXT,
  VALUE,
} from './links.js';
import { NewAttribute } from './nodes.js';
import { once, select, testOf } from './select.js';

/**
 * What HTML elements and documents answer without the work that an extractor never needs: in linkedom each `class`
 * attribute becomes a token list, each `tagName` is upper-cased anew, and plain tag lists go through css-select. What each
 * member answers stays the same.
 */

const upperCased = once((name) => name.toUpperCase());

type Classy = {
  classList: { clear(): void; add(...tokens: string[]): void };
  ownerDocument: Document;
  getAttributeNode(name: string): { value: string } | null;
  setAttributeNode(attribute: object): void;
  [link: symbol]: unknown;
};

/** What a DOMTokenList would make of a `class` attribute: each token once, one space between. */
export function tokens(value: string): string {
  return /\s/.test(value) ? [...new Set(value.split(/\s+/).filter(Boolean))].join(' ') : value;
}

const names = {
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
};

/** The texts of an element, one behind the other. */
function innerText(element: ListNode): string {
  let content = '';
  const end = element[END];
  for (let node = element[NEXT]; node !== undefined && node !== end; node = node[NEXT]) {
    if (node.nodeType === TEXT || node.nodeType === CDATA) content += node[VALUE] as unknown as string;
  }
  return content;
}

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

const { setAttribute } = html as unknown as Element;
const attributes = {
  setAttribute(this: ListNode, name: string, value: unknown): void {
    const known = name === 'class' || attributeOf(this, name) !== null;
    if (known) setAttribute.call(this as never, name, String(value));
    else prependAttribute(this, String(name), String(value));
  },
};

/** How elements are found below what answers so far by `querySelector` and `querySelectorAll`. */
function searches({ querySelector, querySelectorAll }: Pick<Document, 'querySelector' | 'querySelectorAll'>) {
  return {
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
  };
}

/** An accessor of linkedom's elements that reads by `get` and writes as before. */
function readBy(name: string, get: (element: ListNode) => string): PropertyDescriptor {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(html), name);
  return {
    ...own,
    get(this: ListNode) {
      return get(this);
    },
  };
}

/** Members of HTML elements, and of HTML documents. */
export const ofElements: PropertyDescriptorMap = {
  ...Object.getOwnPropertyDescriptors(names),
  ...Object.getOwnPropertyDescriptors(attributes),
  ...Object.getOwnPropertyDescriptors(searches(html as unknown as Element)),
  textContent: readBy('textContent', innerText),
  innerHTML: readBy('innerHTML', innerMarkup),
};
export const ofDocuments: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(searches(documents));
