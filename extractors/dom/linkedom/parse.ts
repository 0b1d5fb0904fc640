import { Parser } from 'htmlparser2';
import { DOMParser } from 'linkedom';
// Documents that this file makes are never without it.
import './install.js';
import {
  END,
  type Members,
  NEXT,
  NewAttribute,
  NewComment,
  NewSvgElement,
  NewText,
  PREV,
  tokens,
  VALUE,
} from './nodes.js';

/** Told of each piece of a page before it becomes a node; throws to end the parse. */
export type Watch = { opens(tag: string): void; attribute(): void; closes(): void; piece(): void };

type Node = Members & { [link: symbol]: Node };

/** Puts a node behind the last one in `parent`; `last` is where the node ends, itself but for elements. */
function append(parent: Node, node: Node, last: Node): void {
  const end = parent[END] as Node;
  const before = end[PREV] as Node;
  before[NEXT] = node;
  node[PREV] = before;
  last[NEXT] = end;
  end[PREV] = last;
}

function addChild(parent: Node, node: Node, last: Node): void {
  node['parentNode'] = parent;
  append(parent, node, last);
}

function addAttribute(element: Node, ownerDocument: unknown, name: string, value: string): void {
  const attribute = new NewAttribute(ownerDocument, name) as Node;
  attribute['ownerElement'] = element;
  append(element, attribute, attribute);
  (attribute as Members)[VALUE] = value;
  if (name !== 'class') return;
  if ('ownerSVGElement' in element) element['className'] = value;
  else (attribute as Members)[VALUE] = tokens(value);
}

/**
 * From htmlparser2 to linkedom's nodes as linkedom itself does it, while `watch` counts, so that a page is read once. The
 * tree is what htmlparser2 makes of the page: it may lack `html`, `head` or `body`.
 */
export function parseLoose(markup: string, watch?: Watch): Document {
  const document = new DOMParser().parseFromString('', 'text/html') as unknown as Document;
  let at = document as unknown as Node;
  let svg: Node | null = null;
  const parser = new Parser(
    {
      onprocessinginstruction(name, data) {
        watch?.piece();
        // linkedom's is a setter, which reads the name and the identifiers.
        if (name.toLowerCase() === '!doctype') Object.assign(document, { doctype: data.slice(name.length).trim() });
      },
      onopentagname(name) {
        watch?.opens(name);
      },
      onattribute() {
        watch?.attribute();
      },
      onopentag(name, attributes) {
        const inSvg = svg !== null || name === 'svg';
        const element = (inSvg ? new NewSvgElement(document, name) : document.createElement(name)) as unknown as Node;
        if (svg !== null) element['ownerSVGElement'] = svg;
        else if (inSvg) svg = element;
        addChild(at, element, element[END] as Node);
        for (const attribute in attributes) addAttribute(element, document, attribute, attributes[attribute] ?? '');
        at = element;
      },
      oncomment(data) {
        watch?.piece();
        const comment = new NewComment(document, data) as Node;
        addChild(at, comment, comment);
      },
      ontext(data) {
        watch?.piece();
        const text = new NewText(document, data) as Node;
        addChild(at, text, text);
      },
      onclosetag() {
        watch?.closes();
        if (at === svg) svg = null;
        at = at['parentNode'] as Node;
      },
    },
    { lowerCaseAttributeNames: false },
  );
  parser.write(markup);
  parser.end();
  return document;
}
