/** A short text near the headline: where bylines and datelines stand. */
export type Snippet = {
  text: string;
  /** Class and id as written. */
  names: string;
  /** `datetime` or `content` attribute. */
  datetime: string | null;
  isTime: boolean;
  links: { text: string; href: string }[];
};

const SKIPPED = new Set(
  'script style svg nav aside footer form select button noscript iframe template figure figcaption picture'.split(' '),
);
const OTHERS = /related|sidebar|recommend|popular|teaser|promo|latest|trending|recirc|carousel|comment/i;
const BEFORE = 60;
const AFTER = 170;
const MAX_TEXT = 220;

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** Short texts around the headline in document order: those shortly before it, then those after it. */
export function headlineArea(document: Document, title: string): Snippet[] {
  const heading = headingOf(document, title);
  if (heading === null) return [];
  let root: Element = heading;
  for (let up = 0; up < 6 && root.parentElement && root.parentElement.localName !== 'html'; up++)
    root = root.parentElement;
  const before: Snippet[] = [];
  const after: Snippet[] = [];
  let passed = false;
  let seen = 0;
  const walk = (element: Element): void => {
    if (element === heading) {
      passed = true;
      return;
    }
    if (passed && ++seen > AFTER) return;
    const { localName: tag } = element;
    if (SKIPPED.has(tag)) return;
    const names = `${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`;
    if (tag !== 'article' && tag !== 'main' && tag !== 'body' && OTHERS.test(names) && !element.contains(heading))
      return;
    if (passed) after.push(...snippetsOf(element, tag, names));
    else if (before.length < 400) before.push(...snippetsOf(element, tag, names));
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) walk(child);
  };
  walk(root);
  return [...before.slice(-BEFORE), ...after];
}

function headingOf(document: Document, title: string): Element | null {
  const wanted = plain(title);
  const headings = [...document.getElementsByTagName('h1')];
  const exact = headings.find((h) => plain(h.textContent ?? '') === wanted);
  if (exact) return exact;
  if (headings.length > 0) {
    return headings.find((h) => wanted !== '' && plain(h.textContent ?? '').includes(wanted)) ?? headings[0] ?? null;
  }
  return (
    [...document.getElementsByTagName('h2')].slice(0, 20).find((h) => plain(h.textContent ?? '') === wanted) ?? null
  );
}

/** An element's text when it is short and it, or an inline child, holds text of its own; each line where it breaks its lines. */
function snippetsOf(element: Element, tag: string, names: string): Snippet[] {
  let own = false;
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 3 && node.nodeValue?.trim()) {
      own = true;
      break;
    }
  }
  const isTime = tag === 'time' || tag === 'abbr';
  const named = /byline|author|date|time|publish|meta|writer|autor|auteur/i.test(names);
  if (!own && !isTime && !named) return [];
  const whole = textOf(element);
  const text = whole.replaceAll(BREAK, ' ').replace(/\s+/g, ' ').trim();
  if (text.length > MAX_TEXT || (text.length < 2 && !isTime)) return [];
  const links: Snippet['links'] = [];
  const anchors = tag === 'a' ? [element] : element.getElementsByTagName('a');
  for (const a of anchors) {
    const said = (a.textContent ?? '').replace(/\s+/g, ' ').trim();
    if (said && links.length < 12) links.push({ text: said, href: a.getAttribute('href') ?? '' });
  }
  const rest = {
    names,
    datetime: element.getAttribute('datetime') ?? element.getAttribute('content'),
    isTime,
    links,
  };
  const lines = whole.split(BREAK).map((line) => line.replace(/\s+/g, ' ').trim());
  const some = lines.filter((line) => line.length > 1);
  return own && some.length > 1 ? some.map((line) => ({ text: line, ...rest })) : [{ text, ...rest }];
}

/** Where `textOf` found a br: a control character, which is white space to nothing else. */
const BREAK = '\u001f';

/** Text without scripts and styles, elements apart from each other. */
function textOf(element: Element): string {
  let text = '';
  for (let node = element.firstChild; node && text.length < 2000; node = node.nextSibling) {
    if (node.nodeType === 3) text += node.nodeValue ?? '';
    else if ((node as Element).localName === 'br') text += ` ${BREAK} `;
    else if (node.nodeType === 1 && !SKIPPED.has((node as Element).localName)) {
      const inner = textOf(node as Element);
      text += /^(?:span|a|b|strong|em|i)$/.test((node as Element).localName) ? inner : ` ${inner} `;
    }
  }
  return text;
}
