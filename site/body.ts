import { Parser } from 'htmlparser2';

/** Elements that an article's body may contain, with their attributes. Other elements lose their tags but keep their text. */
const ALLOWED: Record<string, readonly string[]> = {
  p: [],
  h2: [],
  h3: [],
  h4: [],
  h5: [],
  h6: [],
  ul: [],
  ol: ['start'],
  li: [],
  dl: [],
  dt: [],
  dd: [],
  blockquote: [],
  pre: [],
  code: [],
  em: [],
  i: [],
  strong: [],
  b: [],
  u: [],
  s: [],
  sub: [],
  sup: [],
  q: [],
  cite: [],
  abbr: ['title'],
  time: ['datetime'],
  a: ['href'],
  figure: [],
  figcaption: [],
  img: ['src', 'alt', 'width', 'height'],
  table: [],
  caption: [],
  thead: [],
  tbody: [],
  tfoot: [],
  tr: [],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan', 'scope'],
  br: [],
  hr: [],
};
const VOID = new Set(['img', 'br', 'hr']);
/** Elements whose text is not for readers. */
const SILENT = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'object',
  'embed',
  'svg',
  'math',
  'title',
]);
const NUMERIC = new Set(['width', 'height', 'colspan', 'rowspan', 'start']);

type BodyOptions = {
  /** The address from which the browser fetches a picture; null leaves the picture out. */
  image: (url: string) => string | null;
  /** The original. A body without a link to it gets one at the end. */
  sourceUrl: string;
};

/**
 * The contract's HTML, reduced to what this site shows. The contract promises sanitised HTML, but if it ever broke that
 * promise, a site that trusted it would run a stranger's script. All tags are closed in order, so the page stays intact.
 */
export function safeBody(html: string, options: BodyOptions): string {
  let out = '';
  let silent = 0;
  let attributed = false;
  const open: string[] = [];
  const parser = new Parser({
    onopentag(given, attributes) {
      if (SILENT.has(given)) silent++;
      if (silent > 0) return;
      const name = given === 'h1' ? 'h2' : given;
      if (!Object.hasOwn(ALLOWED, name)) return;
      const written = attributesOf(name, attributes, options);
      if (written === null) return;
      if (name === 'a' && webUrlOf(attributes['href'] ?? '') === webUrlOf(options.sourceUrl)) attributed = true;
      out += `<${name}${written}>`;
      if (!VOID.has(name)) open.push(name);
    },
    ontext(text) {
      if (silent === 0) out += escapeText(text);
    },
    onclosetag(given) {
      if (SILENT.has(given)) silent = Math.max(0, silent - 1);
      const name = given === 'h1' ? 'h2' : given;
      if (VOID.has(name) || !open.includes(name)) return;
      while (open.length > 0) {
        const last = open.pop();
        out += `</${last}>`;
        if (last === name) return;
      }
    },
  });
  parser.end(html);
  out += open
    .reverse()
    .map((name) => `</${name}>`)
    .join('');
  if (attributed) return out;
  return `${out}<p><a href="${escapeText(options.sourceUrl)}" rel="noopener external">Source link</a></p>`;
}

/** The attributes to write; null when the element is useless without a missing one. */
function attributesOf(name: string, given: Record<string, string>, options: BodyOptions): string | null {
  if (name === 'img') return imageAttributes(given, options);
  let written = '';
  for (const key of ALLOWED[name] ?? []) {
    const value = given[key];
    if (value === undefined) continue;
    if (NUMERIC.has(key) && !/^\d{1,5}$/.test(value)) continue;
    if (key === 'href') {
      const url = webUrlOf(value);
      if (url !== null) written += ` href="${escapeText(url)}" rel="noopener external"`;
    } else written += ` ${key}="${escapeText(value)}"`;
  }
  return written;
}

function imageAttributes(given: Record<string, string>, options: BodyOptions): string | null {
  const url = webUrlOf(given['src'] ?? '');
  const shown = url === null ? null : options.image(url);
  if (shown === null) return null;
  const size = ['width', 'height']
    .filter((key) => /^[1-9]\d{0,4}$/.test(given[key] ?? ''))
    .map((key) => ` ${key}="${given[key]}"`);
  return ` src="${escapeText(shown)}" alt="${escapeText(given['alt'] ?? '')}"${size.join('')} loading="lazy" decoding="async"`;
}

/** The address if it is an absolute http(s) URL, else null. */
export function webUrlOf(text: string): string | null {
  if (!/^https?:\/\//i.test(text.trim())) return null;
  return URL.canParse(text.trim()) ? new URL(text.trim()).href : null;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Escapes text and quoted attribute values. */
export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
