import type { Block } from '../blocks/blocks.js';
import { MARK } from '../blocks/tree.js';

/** Takes out what the operator's `extract.remove` names; says what. A selector that no parser understands takes out nothing. */
export function removeByRule(document: Document, selectors: string[]): { what: string; why: string }[] {
  const removed: { what: string; why: string }[] = [];
  for (const selector of selectors) {
    for (const element of select(document, selector)) {
      removed.push({
        what: (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 160),
        why: `operator rule ${selector}`,
      });
      element.remove();
    }
  }
  return removed;
}

/** The visible blocks in the elements that the operator's `extract.body` names; null when there are none. */
export function ruledBlocks(document: Document, blocks: Block[], selector: string | undefined): Block[] | null {
  if (!selector) return null;
  const marks = new Set(select(document, selector).map((element) => Number(element.getAttribute(MARK))));
  if (marks.size === 0) return null;
  const found = blocks.filter((block) => {
    for (let at: Block['part'] | null = block.part; at; at = at.up) if (marks.has(at.mark)) return true;
    return false;
  });
  return found.length > 0 ? found : null;
}

function select(document: Document, selector: string): Element[] {
  try {
    return [...document.querySelectorAll(selector)];
  } catch {
    return [];
  }
}
