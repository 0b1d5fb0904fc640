import { parseLoose, type Watch } from './linkedom/parse.js';

/** Elements that may stand in `head`; the first other one opens the body (WHATWG HTML, "in head"). */
const HEAD = new Set(
  ['base', 'basefont', 'bgsound', 'link', 'meta', 'noscript', 'script', 'style', 'template', 'title'].concat(
    'noframes',
  ),
);

/**
 * The whole page as a DOM with exactly one `html`, `head` and `body`: linkedom, which jsdom is the reference for. `watch`
 * is told of each piece and may end the parse by throwing.
 */
export function parseDocument(html: string, watch?: Watch): Document {
  // NUL is dropped by HTML's own tree construction.
  const document = parseLoose(html.includes('\0') ? html.replaceAll('\0', '') : html, watch);
  let frame = document.querySelectorAll('template,html,head,body');
  const templates = Array.from(frame).filter((e) => e.localName === 'template');
  if (templates.length > 0) {
    settle(templates);
    frame = document.querySelectorAll('html,head,body');
  }
  shape(document, Array.from(frame));
  return document;
}

/**
 * linkedom keeps a template's content among the page's own text. Browsers show it only as a declarative shadow root, in
 * whose place it then stands here.
 */
function settle(templates: Element[]): void {
  for (const template of templates.reverse()) {
    if (template.hasAttribute('shadowrootmode')) unwrap(template);
    else template.remove();
  }
}

/** htmlparser2 builds no implied `html`, `head` and `body` and does not close a head that content has ended. */
function shape(document: Document, frame: Element[]): void {
  const named = (tag: string) => frame.filter((e) => e.localName === tag);
  const [root, ...strayRoots] = named('html');
  const html = root ?? document.createElement('html');
  if (html.parentNode !== document) html.remove();
  const [firstHead, ...strayHeads] = named('head');
  const [firstBody, ...strayBodies] = named('body');
  if (root?.parentNode === document && strayRoots.length + strayHeads.length + strayBodies.length === 0) {
    if (firstHead?.parentNode === root && firstBody?.parentNode === root && isOrderly(document, root, firstHead))
      return;
  }
  rebuild(document, html, firstHead, firstBody, [...strayRoots, ...strayHeads, ...strayBodies]);
}

/** Whether nothing but `html` stands in the document, nothing but head and body in it, and no content in the head. */
function isOrderly(document: Document, html: Element, head: Element): boolean {
  const single = (node: ChildNode) => node.nodeType !== 1 || node === html;
  const blank = (node: ChildNode) => node.nodeType !== 3 || !node.textContent?.trim();
  return (
    Array.from(document.childNodes).every((n) => single(n) && blank(n)) &&
    html.children.length === 2 &&
    html.firstElementChild === head &&
    Array.from(html.childNodes).every(blank) &&
    Array.from(head.childNodes).every(blank) &&
    Array.from(head.children).every((e) => HEAD.has(e.localName))
  );
}

function rebuild(
  document: Document,
  html: Element,
  firstHead: Element | undefined,
  firstBody: Element | undefined,
  strays: Element[],
): void {
  const head = document.createElement('head');
  const body = document.createElement('body');
  for (const [from, to] of [
    [firstHead, head],
    [firstBody, body],
  ] as const) {
    for (const { name, value } of Array.from(from?.attributes ?? [])) to.setAttribute(name, value);
  }
  // Content in document order, with the wrappers themselves taken out.
  for (const wrapper of [...strays, firstHead, firstBody]) if (wrapper) unwrap(wrapper);
  const content = Array.from(document.childNodes).flatMap((n) => (n === html ? Array.from(html.childNodes) : [n]));
  if (html.parentNode !== document) content.push(...Array.from(html.childNodes));
  let inHead = true;
  for (const node of content) {
    if (node.nodeType === 10) continue;
    inHead &&= node.nodeType === 8 || (node.nodeType === 3 ? !node.textContent?.trim() : isElementOf(HEAD, node));
    (inHead ? head : body).appendChild(node);
  }
  html.replaceChildren(head, body);
  if (html.parentNode !== document) document.appendChild(html);
}

function isElementOf(names: Set<string>, node: ChildNode): boolean {
  return node.nodeType === 1 && names.has((node as Element).localName);
}

function unwrap(wrapper: Element): void {
  const parent = wrapper.parentNode;
  if (parent === null) return;
  while (wrapper.firstChild) parent.insertBefore(wrapper.firstChild, wrapper);
  wrapper.remove();
}
