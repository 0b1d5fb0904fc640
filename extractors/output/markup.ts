/** A stretch of an article's HTML: a block, or inline content with word of whether it shows anything. */
export type Piece = { block: boolean; html: string; shows: boolean };

export function block(html: string): Piece {
  return { block: true, html, shows: true };
}

export function inlineText(raw: string): Piece {
  // Zero-width characters show nothing either.
  return { block: false, html: text(raw), shows: /[^\s\u200b-\u200f\u2060]/.test(plain(raw)) };
}

/** Neighbouring inline pieces together; each block alone. */
export function groups(pieces: Piece[]): Piece[][] {
  const all: Piece[][] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.[0] && !last[0].block && !piece.block) last.push(piece);
    else all.push([piece]);
  }
  return all;
}

/** As groups, joined; inline runs that show nothing are left out. */
export function runs(pieces: Piece[]): Piece[] {
  return groups(pieces)
    .filter((group) => group.some((p) => p.shows))
    .map((group) => ({ block: group[0]?.block ?? false, html: joined(group), shows: true }));
}

export function joined(pieces: Piece[]): string {
  return pieces.map((p) => p.html).join('');
}

const PICTURES_ONLY = /^(?:(?:<a [^>]*>\s*)?<img [^>]*>(?:\s*<\/a>)?\s*)+$/;

/** Inline content as a paragraph; as a figure where it is nothing but pictures. */
export function paragraph(html: string, attributes = ''): string {
  const inner = trimmed(html);
  return PICTURES_ONLY.test(inner) ? `<figure>${inner}</figure>` : `<p${attributes}>${inner}</p>`;
}

/** Runs of inline content become paragraphs. */
export function paragraphs(pieces: Piece[]): string[] {
  return runs(pieces).map((run) => (run.block ? run.html : paragraph(run.html)));
}

/** Inline content alone stays bare, as in list items and cells; else all of it goes in paragraphs. */
export function loose(pieces: Piece[]): string {
  const all = runs(pieces);
  return all.length === 1 && all[0] && !all[0].block ? trimmed(all[0].html) : paragraphs(pieces).join('');
}

export function trimmed(html: string): string {
  return html.replace(/^(?:\s|&nbsp;|<br>)+/, '').replace(/(?<!\s|&nbsp;|<br>)(?:\s|&nbsp;|<br>)+$/, '');
}

/** Without what no document may hold, and without the two marks that sanitize.ts sets. */
export function plain(raw: string): string {
  return raw
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '\u00a0': '&nbsp;', '<': '&lt;', '>': '&gt;' };

/** Escaped as WHATWG HTML serialises text. */
export function text(raw: string): string {
  return plain(raw).replace(/[&\u00a0<>]/g, (c) => ESCAPES[c] ?? c);
}

export function attributeText(raw: string): string {
  return text(raw).replace(/"/g, '&quot;');
}

/** ` name="value"` when the element has it, on one line and no longer than a person reads; else ''. */
export function optional(name: 'title' | 'datetime', element: Element): string {
  const value = plain(element.getAttribute(name) ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
  return value === '' ? '' : ` ${name}="${attributeText(value)}"`;
}

/** Language and direction, which any element may have. */
export function common(element: Element): string {
  const lang = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.exec(element.getAttribute('lang')?.trim() ?? '')?.[0];
  const dir = /^(?:ltr|rtl|auto)$/i.exec(element.getAttribute('dir')?.trim() ?? '')?.[0];
  return (lang ? ` lang="${lang}"` : '') + (dir ? ` dir="${dir.toLowerCase()}"` : '');
}

/** A number that an attribute gives, when it is one between `least` and 999. */
export function countOf(element: Element, name: string, least: number): string {
  const digits = /^\d{1,3}$/.exec(element.getAttribute(name)?.trim() ?? '')?.[0];
  return digits !== undefined && Number(digits) >= least ? ` ${name}="${Number(digits)}"` : '';
}
