import type { Block } from './blocks.js';
import { endsSentence } from './lines.js';

/** True for a block that reads like a paragraph of prose. */
export function isProse(block: Block): boolean {
  const { text, linked } = block;
  return (
    text.length >= 60 &&
    linked < text.length * 0.35 &&
    (endsSentence(text) || text.length > 200) &&
    /\s|[\p{sc=Han}\p{sc=Hiragana}]/u.test(text)
  );
}
