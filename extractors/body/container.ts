import type { Block } from '../blocks/blocks.js';
import { MARK } from '../blocks/tree.js';
import { readability } from './readability.js';

/** The blocks that Readability keeps of a marked document; empty when it finds no article. Changes `document`. */
export function readabilityBlocks(document: Document, blocks: Block[]): Set<Block> {
  const marks = new Set<number>();
  const texts = new Set<string>();
  const collect = (element: Element): void => {
    const mark = element.getAttribute(MARK);
    if (mark) marks.add(Number(mark));
    // Readability wraps loose text into paragraphs of its own and lets them replace their element, mark and all.
    else if (element.localName === 'p') texts.add(keyOf(element.textContent ?? ''));
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) collect(child);
  };
  const article = readability<Node>(document, { keepClasses: true, serializer: (node) => node });
  if (article?.content) collect(article.content as Element);
  return new Set(blocks.filter((b) => marks.has(b.part.mark) || (texts.size > 0 && texts.has(keyOf(b.text)))));
}

/** Text without white space: enough of it to tell paragraphs apart. */
const keyOf = (text: string): string => text.slice(0, 600).replace(/\s+/g, '').slice(0, 200);
