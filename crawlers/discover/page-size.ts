import { Parser } from 'htmlparser2';

/** Of a page that lists articles; real ones stay far below. Its tree is made where everything else runs, not in a thread. */
const MAX_PIECES = 60_000;
const MAX_TEXTS = 200_000;
const MAX_DEPTH = 1500;
const MAX_ATTRIBUTES = 500;
/** Each link is weighed by all that stands around it, and a visit may do so thrice. */
const MAX_LINKS = 10_000;
/** Links that are open at a time: each is asked for the text of all that it holds. */
const MAX_OPEN_LINKS = 100;
/** Of one element's classes, each of which becomes an entry of a list. */
const MAX_CLASS_CHARACTERS = 20_000;
const PIECE_CHARACTERS = 65_536;

/**
 * The beginning of a page that is small enough to become a tree.
 * @returns what there is too much of, in words; null when that is the whole page
 */
export function readable(html: string): { html: string; truncated: string | null } {
  let [pieces, texts, links, openLinks, attributes] = [0, 0, 0, 0, 0];
  const open: string[] = [];
  let truncated: string | null = null;
  let end = 0;
  const stop = (what: string): void => {
    if (truncated !== null) return;
    truncated = `${what}; the rest is not read`;
    end = parser.startIndex;
    parser.pause();
  };
  const count = (): void => {
    if (++pieces > MAX_PIECES) stop(`has more than ${MAX_PIECES.toLocaleString('en')} elements and comments`);
  };
  const parser = new Parser({
    onopentagname(name) {
      attributes = 0;
      if (name === 'a' && ++openLinks > MAX_OPEN_LINKS) stop(`nests links more than ${MAX_OPEN_LINKS} deep`);
      if (name === 'a' && ++links > MAX_LINKS) stop(`has more than ${MAX_LINKS.toLocaleString('en')} links`);
      count();
      if (open.push(name) > MAX_DEPTH) stop(`nests elements more than ${MAX_DEPTH.toLocaleString('en')} deep`);
    },
    onattribute(name, value) {
      if (name === 'class' && value.length > MAX_CLASS_CHARACTERS)
        stop(`has an element whose classes have more than ${MAX_CLASS_CHARACTERS.toLocaleString('en')} characters`);
      if (++attributes > MAX_ATTRIBUTES) stop(`has an element with more than ${MAX_ATTRIBUTES} attributes`);
    },
    onclosetag(name, implied) {
      // linkedom makes the tree with a parser that does not end a link where the next one begins.
      if (implied && name === 'a') return;
      for (let last = open.pop(); last !== undefined; last = open.pop()) {
        if (last === 'a') openLinks--;
        if (last === name) break;
      }
    },
    ontext() {
      if (++texts > MAX_TEXTS) stop(`has more than ${MAX_TEXTS.toLocaleString('en')} pieces of text`);
    },
    oncomment: count,
    onprocessinginstruction: count,
  });
  // In pieces, so that counting can end before the page does.
  for (let i = 0; i < html.length && truncated === null; i += PIECE_CHARACTERS)
    parser.write(html.slice(i, i + PIECE_CHARACTERS));
  return { html: truncated === null ? html : html.slice(0, end), truncated };
}
