import { DOMParser, HTMLElement } from 'linkedom';

/**
 * linkedom's nodes without its constructors: each node of linkedom runs through seven of them and into a WeakMap of event
 * listeners, which is most of the time of a parse. The objects made here have the same prototypes and fields; they only
 * cannot take event listeners, which no extractor wants, as no script ever runs in these documents.
 */

export type Members = Record<PropertyKey, unknown>;

export const ELEMENT = 1;
export const ATTRIBUTE = 2;
export const TEXT = 3;
export const CDATA = 4;
const COMMENT = 8;
export const END_OF_ELEMENT = -1;

/** Prototypes of all HTML elements and of HTML documents. */
export const html = HTMLElement.prototype as unknown as Members;
const sample = new DOMParser().parseFromString('<!doctype html><p id="x">y</p>', 'text/html') as unknown as Document;
export const documents = Object.getPrototypeOf(sample) as Document & Members;
const [sampleElement, sampleText, sampleAttribute, sampleComment, sampleSvg] = [
  sample.createElement('p') as unknown as Members,
  sample.createTextNode('y') as unknown as Members,
  sample.createAttribute('id') as unknown as Members,
  sample.createComment('z') as unknown as Members,
  sample.createElementNS('http://www.w3.org/2000/svg', 'svg') as unknown as Members,
];

// linkedom keeps nodes in one list, linked by symbols that it does not export.
export const END = symbolOf(sampleElement, 'end');
export const NEXT = symbolOf(sampleElement, 'next');
export const PREV = symbolOf(sampleElement, 'prev');
const PRIVATE = symbolOf(sampleElement, 'private');
export const CLASS_LIST = symbolOf(sampleElement, 'classList');
const DATASET = symbolOf(sampleElement, 'dataset');
const STYLE = symbolOf(sampleElement, 'style');
export const START = symbolOf(sampleElement[END] as Members, 'start');
export const VALUE = symbolOf(sampleText, 'value');
const CHANGED = symbolOf(sampleAttribute, 'changed');

function symbolOf(node: Members, description: string): symbol {
  const found = Object.getOwnPropertySymbols(node).find((s) => s.description === description);
  if (found === undefined) throw new Error(`this version of linkedom keeps no "${description}" on its nodes`);
  return found;
}

/** What a DOMTokenList would make of a `class` attribute: each token once, one space between. */
export function tokens(value: string): string {
  return /\s/.test(value) ? [...new Set(value.split(/\s+/).filter(Boolean))].join(' ') : value;
}

/** Puts members, accessors included, in place of a prototype's own. */
export function override(prototype: object, members: object): void {
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(members));
}

/** Fields in the order and with the values that linkedom's constructors give them. */
function fillNode(node: Members, ownerDocument: unknown, localName: string, nodeType: number): void {
  node['ownerDocument'] = ownerDocument;
  node['localName'] = localName;
  node['nodeType'] = nodeType;
  node['parentNode'] = null;
}

function TextNode(this: Members, ownerDocument: unknown, data: string) {
  fillNode(this, ownerDocument, '#text', TEXT);
  this[NEXT] = null;
  this[PREV] = null;
  this[VALUE] = data;
}

function CommentNode(this: Members, ownerDocument: unknown, data: string) {
  fillNode(this, ownerDocument, '#comment', COMMENT);
  this[NEXT] = null;
  this[PREV] = null;
  this[VALUE] = data;
}

function AttributeNode(this: Members, ownerDocument: unknown, name: string) {
  fillNode(this, ownerDocument, name, ATTRIBUTE);
  this['ownerElement'] = null;
  this['name'] = name;
  this[NEXT] = null;
  this[PREV] = null;
  this[VALUE] = '';
  this[CHANGED] = false;
}

function EndNode(this: Members, element: Members, ownerDocument: unknown) {
  this['nodeType'] = END_OF_ELEMENT;
  this['ownerDocument'] = ownerDocument;
  this['parentNode'] = null;
  this[NEXT] = null;
  this[PREV] = element;
  this[START] = element;
}

function fillElement(element: Members, ownerDocument: unknown, localName: string): void {
  fillNode(element, ownerDocument, localName, ELEMENT);
  element[NEXT] = null;
  element[PREV] = null;
  element[PRIVATE] = null;
  element[NEXT] = element[END] = new NewEnd(element, ownerDocument);
  element[CLASS_LIST] = null;
  element[DATASET] = null;
  element[STYLE] = null;
}

function SvgElement(this: Members, ownerDocument: unknown, localName: string) {
  fillElement(this, ownerDocument, localName);
  this['ownerSVGElement'] = null;
}

type Maker<A extends unknown[]> = new (...args: A) => Members;

/** Lets `maker` make what `like` is an instance of. */
function standIn<A extends unknown[]>(maker: object, like: Members): Maker<A> {
  (maker as { prototype: unknown }).prototype = Object.getPrototypeOf(like);
  return maker as Maker<A>;
}

export const NewText = standIn<[unknown, string]>(TextNode, sampleText);
export const NewComment = standIn<[unknown, string]>(CommentNode, sampleComment);
export const NewSvgElement = standIn<[unknown, string]>(SvgElement, sampleSvg);
export const NewAttribute = standIn<[unknown, string]>(AttributeNode, sampleAttribute);
const NewEnd = standIn<[Members, unknown]>(EndNode, sampleElement[END] as Members);
const slowElement = documents.createElement as (this: unknown, name: string, options?: unknown) => Members;
const makers = new Map<string, Maker<[unknown, string]> | null>();

function sameFields(made: Members, like: Members): boolean {
  const [a, b] = [Reflect.ownKeys(made), Reflect.ownKeys(like)];
  return a.length === b.length && a.every((key) => b.includes(key));
}

/** The quick constructor for a tag; null for the few elements (`template`, `canvas`, …) that keep more on themselves. */
function makerFor(name: string): Maker<[unknown, string]> | null {
  const known = makers.get(name);
  if (known !== undefined) return known;
  const like = slowElement.call(sample, name);
  function NewElement(this: Members, ownerDocument: unknown, localName: string) {
    fillElement(this, ownerDocument, localName);
  }
  const plain = Object.getPrototypeOf(like) === html ? NewPlain : standIn<[unknown, string]>(NewElement, like);
  const maker = sameFields(new plain(sample, name), like) ? plain : null;
  if (makers.size < 1000) makers.set(name, maker);
  return maker;
}

function PlainElement(this: Members, ownerDocument: unknown, localName: string) {
  fillElement(this, ownerDocument, localName);
}
const NewPlain = standIn<[unknown, string]>(PlainElement, { __proto__: html });

if (
  !sameFields(new NewText(sample, ''), sampleText) ||
  !sameFields(new NewComment(sample, ''), sampleComment) ||
  !sameFields(new NewSvgElement(sample, 'svg'), sampleSvg) ||
  !sameFields(new NewAttribute(sample, 'id'), sampleAttribute) ||
  !sameFields(new NewEnd(sampleElement, sample), sampleElement[END] as Members)
) {
  throw new Error(
    'this version of linkedom gives its nodes other fields; extractors/dom/linkedom/nodes.ts must follow',
  );
}

override(documents, {
  createElement(name: string, options?: unknown) {
    const maker = options === undefined ? makerFor(name) : null;
    return maker ? new maker(this, name) : slowElement.call(this, name, options);
  },
  createTextNode(data: unknown) {
    return new NewText(this, String(data));
  },
  createAttribute(name: string) {
    return new NewAttribute(this, String(name));
  },
});

override(Object.getPrototypeOf(sampleAttribute), {
  cloneNode(this: Members) {
    const copy = new NewAttribute(this['ownerDocument'], String(this['name']));
    copy[VALUE] = this[VALUE];
    return copy;
  },
});
