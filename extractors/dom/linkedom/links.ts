import { DOMParser, HTMLElement } from 'linkedom';

/**
 * What linkedom keeps on its nodes and does not export: an element, its attributes, its texts, its children and its end
 * are one list, linked by symbols. Everything in this folder reads or writes that list.
 */

export type Members = Record<PropertyKey, unknown>;

/** A node as linkedom links it. */
export type ListNode = { nodeType: number; localName: string; name: string; [link: symbol]: ListNode };

export const ELEMENT = 1;
export const ATTRIBUTE = 2;
export const TEXT = 3;
export const CDATA = 4;
export const COMMENT = 8;
export const END_OF_ELEMENT = -1;

/** linkedom's own prototypes of HTML elements and of HTML documents; never changed. */
export const html = HTMLElement.prototype as unknown as Members;
export const sample = emptyDocument();
export const documents = Object.getPrototypeOf(sample) as Document & Members;
export const samples = {
  element: sample.createElement('p') as unknown as Members,
  text: sample.createTextNode('y') as unknown as Members,
  attribute: sample.createAttribute('id') as unknown as Members,
  comment: sample.createComment('z') as unknown as Members,
  svg: sample.createElementNS('http://www.w3.org/2000/svg', 'svg') as unknown as Members,
};

export const END = symbolOf(samples.element, 'end');
export const NEXT = symbolOf(samples.element, 'next');
export const PREV = symbolOf(samples.element, 'prev');
export const PRIVATE = symbolOf(samples.element, 'private');
export const CLASS_LIST = symbolOf(samples.element, 'classList');
export const DATASET = symbolOf(samples.element, 'dataset');
export const STYLE = symbolOf(samples.element, 'style');
export const START = symbolOf(samples.element[END] as Members, 'start');
export const VALUE = symbolOf(samples.text, 'value');
export const CHANGED = symbolOf(samples.attribute, 'changed');

/** An HTML document of linkedom's that holds nothing. */
export function emptyDocument(): Document {
  return new DOMParser().parseFromString('', 'text/html') as unknown as Document;
}

/** @throws when this version of linkedom does without the symbol, so that an upgrade fails at its first start */
function symbolOf(node: Members, description: string): symbol {
  const found = Object.getOwnPropertySymbols(node).find((s) => s.description === description);
  if (found === undefined) throw new Error(`this version of linkedom keeps no "${description}" on its nodes`);
  return found;
}

/** The value of the attribute, or null; without the detour over a class list or case rules. */
export function attributeOf(node: Element | ListNode, name: string): string | null {
  for (let next = (node as ListNode)[NEXT]; next?.nodeType === ATTRIBUTE; next = next[NEXT]) {
    if (next.name === name) return next[VALUE] as unknown as string;
  }
  return null;
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
