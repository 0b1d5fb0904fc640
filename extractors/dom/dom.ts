import { type ParseOptions, parsePage } from './linkedom/parse.js';

/**
 * The whole page as a DOM with exactly one `html`, `head` and `body`: linkedom, which jsdom is the reference for. A `watch`
 * is told of each piece and may end the parse by throwing.
 */
export function parseDocument(html: string, options: ParseOptions = {}): Document {
  // NUL is dropped by HTML's own tree construction.
  const document = parsePage(html.includes('\0') ? html.replaceAll('\0', '') : html, options);
  settle(Array.from(document.querySelectorAll('template')));
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

function unwrap(wrapper: Element): void {
  const parent = wrapper.parentNode;
  if (parent === null) return;
  while (wrapper.firstChild) parent.insertBefore(wrapper.firstChild, wrapper);
  wrapper.remove();
}
