import { Parser } from 'htmlparser2';

/** Their content is no text of the page. */
const SILENT = new Set(['script', 'style', 'noscript', 'template', 'svg', 'math', 'select']);
/** Inline markup: what stands on both sides of it is one word. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);

/** Where reading ends: the parser's own work grows with the square of the depth. */
const STOP_DEPTH = 1000;

/** What a reader would see of a piece of HTML, in one line: tags gone, entities read, white space folded. */
export function textOf(html: string): string {
  if (!/[<&]/.test(html)) return fold(html);
  let text = '';
  let silent = 0;
  let swallowed = '';
  let depth = 0;
  const parser = new Parser(
    {
      onopentagname(name) {
        if (++depth > STOP_DEPTH) parser.pause();
        if (SILENT.has(name)) silent++;
        else if (!INLINE.has(name)) text += ' ';
      },
      ontext(piece) {
        if (silent === 0) text += piece;
        else swallowed += piece;
      },
      onclosetag(name, implied) {
        depth--;
        if (SILENT.has(name)) {
          silent = Math.max(0, silent - 1);
          // One that is never closed is a slip, and took the rest of the text with it.
          if (implied && name !== 'script' && name !== 'style') text += swallowed;
          swallowed = '';
        } else if (!INLINE.has(name) && !implied) text += ' ';
      },
    },
    { decodeEntities: true, recognizeSelfClosing: true },
  );
  parser.end(html);
  return fold(text);
}

/** Folds white space, and drops what cannot be seen: control characters, soft hyphens, direction marks, zero-width spaces. */
export function fold(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The first image of a piece of HTML that is large enough to be one: not a counter, spacer or emoticon. */
export function firstImage(html: string): string | null {
  if (!/<img\b/i.test(html)) return null;
  let found: string | null = null;
  let depth = 0;
  const parser = new Parser({
    onclosetag() {
      depth--;
    },
    onopentag(name, attributes) {
      if (++depth > STOP_DEPTH) parser.pause();
      if (name !== 'img' || found !== null) return;
      const src = attributes['src'] || attributes['data-src'];
      const tiny = [attributes['width'], attributes['height']].some(
        (n) => n !== undefined && Number.parseInt(n, 10) < 40,
      );
      if (src && !tiny && !src.startsWith('data:')) found = src;
    },
  });
  parser.end(html);
  return found;
}

/** What entities stand for, as far as they were met: a parser for each of a million would hold everything up. */
const meanings = new Map<string, string>();
const MAX_MEANINGS = 5000;

/** The text with its entities read but its angle brackets kept. */
export function unescapeEntities(text: string): string {
  return text.replace(/&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/gi, (entity) => {
    const known = meanings.get(entity);
    if (known !== undefined) return known;
    let out = '';
    const parser = new Parser({ ontext: (piece) => (out += piece) });
    parser.end(entity);
    if (meanings.size >= MAX_MEANINGS) meanings.clear();
    meanings.set(entity, out);
    return out;
  });
}
