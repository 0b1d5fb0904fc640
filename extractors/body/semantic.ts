import { type Block, charsBelow } from '../blocks/blocks.js';
import { isProse } from '../blocks/prose.js';
import { verdictsFor } from '../blocks/select.js';
import type { Part } from '../blocks/tree.js';

const BODY_NAME =
  /(?:^| )(?:article|story|post|entry|news|blog|page|main|detail|artikel|articulo|articolo|materia|noticia|haber|text)s? (?:body|content|text|copy|main|detail|entry|inner|paragraphs?|maincontent|contents)(?= |$)|(?:^| )(?:articlebody|storybody|articletext|storytext|postbody|entrycontent|articlecontent|news_content|storycontent|rich text|richtext|body copy|bodycopy|cuerpo|haber metni|artikeltext|wysiwyg)(?= |$)/;

/** True for elements that say of themselves that they hold the article. */
export function isBody(part: Part): boolean {
  if (part.tag === 'article' || part.tag === 'main') return true;
  const { itemprop, role } = part.attrs;
  return (
    /(?:^|\s)(?:articleBody|reviewBody|text)(?:\s|$)/.test(itemprop ?? '') ||
    role === 'article' ||
    role === 'main' ||
    BODY_NAME.test(part.names)
  );
}

/**
 * The blocks of the element that calls itself the article's body, when it holds far more prose than what was found;
 * else null.
 */
export function semanticBlocks(blocks: Block[], found: Set<Block>): Set<Block> | null {
  const verdict = verdictsFor(blocks);
  const prose = blocks.filter((b) => !b.part.hidden && isProse(b) && verdict(b.part) === null);
  const size = (part: Iterable<Block>) => [...part].reduce((sum, b) => sum + b.text.length, 0);
  const had = size(prose.filter((b) => found.has(b)));
  if (had > Math.max(300, size(prose) * 0.1)) return null;
  const chars = charsBelow(prose);
  let best: Part | null = null;
  for (const [part, count] of chars) {
    if (!isBody(part) || part.hidden) continue;
    const most = best === null ? 0 : (chars.get(best) ?? 0);
    // A deeper element that holds nearly all of it says more exactly where the article is.
    if (count > most * 1.1 || (count > most * 0.9 && best !== null && part.mark > best.mark && below(part, best)))
      best = part;
  }
  if (best === null || (chars.get(best) ?? 0) < Math.max(400, had * 2)) return null;
  const root = best;
  return new Set(blocks.filter((b) => !b.part.hidden && below(b.part, root)));
}

export function below(part: Part, root: Part): boolean {
  for (let at: Part | null = part; at; at = at.up) if (at === root) return true;
  return false;
}
