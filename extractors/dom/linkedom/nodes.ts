import {
  ATTRIBUTE,
  CHANGED,
  CLASS_LIST,
  COMMENT,
  DATASET,
  ELEMENT,
  END,
  END_OF_ELEMENT,
  type Members,
  NEXT,
  PREV,
  PRIVATE,
  START,
  STYLE,
  samples,
  TEXT,
  VALUE,
} from './links.js';

/**
 * linkedom's nodes without its constructors: each node of linkedom runs through seven of them and into a WeakMap of event
 * listeners, which is most of the time of a parse. The objects made here have the same fields; they only cannot take event
 * listeners, which no extractor wants, as no script ever runs in these documents.
 */

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
export type ElementMaker = Maker<[ownerDocument: unknown, localName: string]>;

/** Lets `maker` make objects of the given prototype. */
function standIn<A extends unknown[]>(maker: object, prototype: object): Maker<A> {
  (maker as { prototype: unknown }).prototype = prototype;
  return maker as Maker<A>;
}

/** `base` with members of ours in front; linkedom's own prototype stays as it is. */
export function derived(base: object, members: object): object {
  return Object.create(base, Object.getOwnPropertyDescriptors(members));
}

const attributes = derived(Object.getPrototypeOf(samples.attribute), {
  cloneNode(this: Members) {
    const copy = new NewAttribute(this['ownerDocument'], String(this['name']));
    copy[VALUE] = this[VALUE];
    return copy;
  },
});

export const NewText: ElementMaker = standIn(TextNode, Object.getPrototypeOf(samples.text));
export const NewComment: ElementMaker = standIn(CommentNode, Object.getPrototypeOf(samples.comment));
export const NewSvgElement: ElementMaker = standIn(SvgElement, Object.getPrototypeOf(samples.svg));
export const NewAttribute: ElementMaker = standIn(AttributeNode, attributes);
const NewEnd: Maker<[Members, unknown]> = standIn(EndNode, Object.getPrototypeOf(samples.element[END]));

/** A constructor of elements with the given prototype. */
export function elementMaker(prototype: object): ElementMaker {
  return standIn(function NewElement(this: Members, ownerDocument: unknown, localName: string) {
    fillElement(this, ownerDocument, localName);
  }, prototype);
}

export function sameFields(made: Members, like: Members): boolean {
  const [a, b] = [Reflect.ownKeys(made), Reflect.ownKeys(like)];
  return a.length === b.length && a.every((key) => b.includes(key));
}

if (
  !sameFields(new NewText(null, ''), samples.text) ||
  !sameFields(new NewComment(null, ''), samples.comment) ||
  !sameFields(new NewSvgElement(null, 'svg'), samples.svg) ||
  !sameFields(new NewAttribute(null, 'id'), samples.attribute) ||
  !sameFields(new NewEnd(samples.element, null), samples.element[END] as Members)
) {
  throw new Error(
    'this version of linkedom gives its nodes other fields; extractors/dom/linkedom/nodes.ts must follow',
  );
}
