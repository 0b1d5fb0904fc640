import {
  block,
  common,
  countOf,
  inlineText,
  joined,
  loose,
  type Piece,
  paragraph,
  paragraphs,
  runs,
  trimmed,
} from './markup.js';

/** What writes the parts of a structure: allow-list.ts. */
export type Walk = {
  node(node: ChildNode, phrasing: boolean): Piece[];
  children(parent: Element, phrasing: boolean): Piece[];
};

/** `ul` or `ol`: what is no item gets one of its own. */
export function list(walk: Walk, element: Element, name: 'ul' | 'ol'): Piece[] {
  const inner = items(walk, element, { li: 'li' }, 'li').join('');
  const start = name === 'ol' ? countOf(element, 'start', 2) : '';
  return inner ? [block(`<${name}${start}${common(element)}>${inner}</${name}>`)] : [];
}

/** `dl` of terms and descriptions. */
export function definitions(walk: Walk, element: Element): Piece[] {
  const inner = items(walk, element, { dt: 'dt', dd: 'dd' }, 'dd').join('');
  return inner ? [block(`<dl${common(element)}>${inner}</dl>`)] : [];
}

function items(walk: Walk, parent: Element, own: Record<string, string>, other: string): string[] {
  return Array.from(parent.childNodes).flatMap((node) => {
    const element = node.nodeType === 1 ? (node as Element) : null;
    if (element?.localName === 'div') return items(walk, element, own, other);
    const name = own[element?.localName ?? ''];
    const pieces = element && name ? walk.children(element, name === 'dt') : walk.node(node, false);
    const inner = loose(pieces);
    if (inner === '') return [];
    return [`<${name ?? other}${element && name ? common(element) : ''}>${inner}</${name ?? other}>`];
  });
}

/** A figure with what it shows first and its caption last; nothing when there is nothing but a caption. */
export function figure(walk: Walk, element: Element): Piece[] {
  const captions = new Set(element.querySelectorAll('figcaption'));
  const shown = runs(contentOf(walk, element, captions)).map((run) => {
    const html = run.block ? run.html : paragraph(run.html);
    return html.replace(/^<figure>|<\/figure>$/g, '');
  });
  if (shown.length === 0) return [];
  const caption = Array.from(captions).flatMap((c) => [...walk.children(c, true), inlineText(' ')]);
  const under = caption.some((p) => p.shows) ? `<figcaption>${trimmed(joined(caption))}</figcaption>` : '';
  // A figure inside, with a caption of its own, keeps its place but not its frame.
  const inner = shown.join('').replace(/<\/?figure[^>]*>/g, '');
  return [block(`<figure${common(element)}>${inner}${under}</figure>`)];
}

function contentOf(walk: Walk, element: Element, captions: Set<Element>): Piece[] {
  return Array.from(element.childNodes).flatMap((node) => {
    const child = node.nodeType === 1 ? (node as Element) : null;
    if (child && captions.has(child)) return [];
    return child?.querySelector('figcaption') ? contentOf(walk, child, captions) : walk.node(node, false);
  });
}

/** A table with its rows in sections, as browsers build it; what stands between its rows goes before it. */
export function table(walk: Walk, element: Element): Piece[] {
  const strays: Piece[] = [];
  const sections: string[] = [];
  let [caption, bare] = ['', ''];
  const closeBare = () => {
    if (bare) sections.push(`<tbody>${bare}</tbody>`);
    bare = '';
  };
  for (const node of Array.from(element.childNodes)) {
    const child = node.nodeType === 1 ? (node as Element) : null;
    const name = child?.localName ?? '';
    if (child && name === 'tr') bare += row(walk, child);
    else if (child && /^(?:thead|tbody|tfoot)$/.test(name)) {
      closeBare();
      const rows = Array.from(child.children, (r) => row(walk, r)).join('');
      if (rows) sections.push(`<${name}>${rows}</${name}>`);
    } else if (child && name === 'caption') {
      const pieces = walk.children(child, true);
      if (pieces.some((p) => p.shows)) caption = `<caption>${trimmed(joined(pieces))}</caption>`;
    } else strays.push(...walk.node(node, false));
  }
  closeBare();
  const before = paragraphs(strays).map(block);
  const shows = sections.some((s) => /<img |>[^<\s]/.test(s.replaceAll('&nbsp;', ' ')));
  return shows ? [...before, block(`<table${common(element)}>${caption}${sections.join('')}</table>`)] : before;
}

function row(walk: Walk, element: Element): string {
  if (element.localName !== 'tr') return '';
  const cells = Array.from(element.children, (cell) => {
    const own = cell.localName === 'td' || cell.localName === 'th';
    const name = cell.localName === 'th' ? 'th' : 'td';
    const inner = loose(own ? walk.children(cell, false) : walk.node(cell, false));
    return `<${name}${countOf(cell, 'colspan', 2)}${countOf(cell, 'rowspan', 2)}${common(cell)}>${inner}</${name}>`;
  });
  return cells.length === 0 ? '' : `<tr>${cells.join('')}</tr>`;
}
