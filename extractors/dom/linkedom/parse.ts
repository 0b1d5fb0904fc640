import { Parser } from 'htmlparser2';
import { quickDocument } from './documents.js';
import { createFrame, type Frame } from './frame.js';
import { ELEMENT, END, emptyDocument, type Members, NEXT, PREV, VALUE } from './links.js';
import { tokens } from './members.js';
import { NewAttribute, NewComment, NewSvgElement, NewText } from './nodes.js';

/** Told of each piece of a page before it becomes a node; throws to end the parse. */
export type Watch = { opens(tag: string): void; attribute(): void; closes(): void; piece(): void };

export type ParseOptions = {
  watch?: Watch;
  /** Whether nodes are made and answer in our quick way (the default), or all by linkedom itself, to see that both agree. */
  patched?: boolean;
};

/** The page with exactly one `html`, `head` and `body`. */
export const parsePage = (markup: string, options: ParseOptions = {}): Document => build(markup, createFrame, options);

/** A piece of a page as it is: without `html`, `head` and `body` around it. */
export const parseFragment = (markup: string, options: ParseOptions = {}): Document =>
  build(markup, () => null, options);

/**
 * From htmlparser2 to linkedom's nodes as linkedom itself does it, while `watch` counts, so that a page is read once.
 */
function build(markup: string, frameOf: (document: Document) => Frame | null, options: ParseOptions): Document {
  const { watch, patched = true } = options;
  const document = patched ? quickDocument() : emptyDocument();
  const make = patched ? QUICK : PLAIN;
  const frame = frameOf(document);
  /** Elements that are open. A tag of the frame makes none: what it encloses belongs to what it stands in. */
  const open: (Element | null)[] = [];
  let svg: Element | null = null;
  const within = () => open.at(-1) ?? null;
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
        const at = within();
        if (frame?.opens(name, attributes)) {
          open.push(at);
          return;
        }
        const inSvg = svg !== null || name === 'svg';
        const element = inSvg ? make.svg(document, name, svg) : document.createElement(name);
        if (inSvg) svg ??= element;
        make.append(at ?? frame?.placeOf(name) ?? document, element);
        make.attributes(element, attributes);
        open.push(element);
      },
      oncomment(data) {
        watch?.piece();
        make.append(within() ?? frame?.placeOf('!--') ?? document, make.comment(document, data));
      },
      ontext(data) {
        watch?.piece();
        make.append(within() ?? frame?.placeOfText(data) ?? document, make.text(document, data));
      },
      onclosetag() {
        watch?.closes();
        if (open.pop() === svg && within() !== svg) svg = null;
      },
    },
    { lowerCaseAttributeNames: false },
  );
  parser.write(markup);
  parser.end();
  return document;
}

type Make = {
  svg(document: Document, name: string, outer: Element | null): Element;
  text(document: Document, data: string): Node;
  comment(document: Document, data: string): Node;
  /** Puts a node that is nowhere yet behind the last one in `parent`. */
  append(parent: Node, node: Node): void;
  /** Gives them to an element that has none yet. */
  attributes(element: Element, attributes: Record<string, string>): void;
};

/** By linkedom's public members alone. */
const PLAIN: Make = {
  svg(document, name, outer) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    return outer ? Object.assign(element, { ownerSVGElement: outer }) : element;
  },
  text: (document, data) => document.createTextNode(data),
  comment: (document, data) => document.createComment(data),
  append(parent, node) {
    parent.appendChild(node);
  },
  attributes(element, attributes) {
    // linkedom puts each attribute in front of the others.
    for (const [name, value] of Object.entries(attributes).reverse()) element.setAttribute(name, value);
  },
};

type Linked = Members & { [link: symbol]: Linked };

/** By linking nodes ourselves. */
const QUICK: Make = {
  svg(document, name, outer) {
    const element = new NewSvgElement(document, name);
    if (outer) element['ownerSVGElement'] = outer;
    return element as unknown as Element;
  },
  text: (document, data) => new NewText(document, data) as unknown as Node,
  comment: (document, data) => new NewComment(document, data) as unknown as Node,
  append(parent, node) {
    (node as unknown as Members)['parentNode'] = parent;
    const linked = node as unknown as Linked;
    link(parent as unknown as Linked, linked, node.nodeType === ELEMENT ? (linked[END] as Linked) : linked);
  },
  attributes(element, attributes) {
    for (const name in attributes) addAttribute(element, name, attributes[name] ?? '');
  },
};

/** Puts a node behind the last one in `parent`; `last` is where the node ends, itself but for elements. */
function link(parent: Linked, node: Linked, last: Linked): void {
  const end = parent[END] as Linked;
  const before = end[PREV] as Linked;
  before[NEXT] = node;
  node[PREV] = before;
  last[NEXT] = end;
  end[PREV] = last;
}

function addAttribute(element: Element, name: string, value: string): void {
  const attribute = new NewAttribute(element.ownerDocument, name) as Linked;
  attribute['ownerElement'] = element as unknown as Linked;
  link(element as unknown as Linked, attribute, attribute);
  (attribute as Members)[VALUE] = value;
  if (name !== 'class') return;
  if ('ownerSVGElement' in element) Object.assign(element, { className: value });
  else (attribute as Members)[VALUE] = tokens(value);
}
