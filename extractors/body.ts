import type { ExtractRules } from '../config/sources.js';
import { readBlocks } from './body/blocks.js';
import { readabilityBlocks } from './body/container.js';
import { recoverBlocks } from './body/recover.js';
import { renderHtml } from './body/render.js';
import { selectBlocks, verdictsFor } from './body/select.js';
import { semanticBlocks } from './body/semantic.js';
import { readTree } from './body/tree.js';

export type Body = {
  /** The article's HTML, cleaned of furniture, not yet sanitised. */
  html: string;
  /** Plain text of the same, one block a line; no captions or credits. */
  text: string;
  /** What was taken out and why, for `sourcelink try`. */
  removed: { what: string; why: string }[];
  /** Which way found it: `rule`, `readability`, `semantic`, `json-ld`, `profile`. */
  by: string;
};

/** Finds the article in a page and cleans it. May change `document`: read metadata first. null when there is none. */
export function readBody(
  document: Document,
  page: { url: string; title: string; authors: string[]; rules: ExtractRules; jsonLdBody: string | null },
): Body | null {
  const tree = readTree(document.body);
  const blocks = readBlocks(tree);
  const voted = readabilityBlocks(document, blocks);
  const semantic = semanticBlocks(blocks, voted);
  const read = semantic ?? voted;
  const verdict = verdictsFor(read);
  const recovered = new Set(recoverBlocks(blocks, read, verdict, page).map((r) => r.block));
  const found = blocks.filter((b) => read.has(b) || recovered.has(b));
  const { dropped } = selectBlocks(found, page, verdict);
  const kept = new Set(found.filter((b) => !dropped.has(b)));
  if (kept.size === 0) return null;
  return {
    html: renderHtml(blocks, { kept, dropped, verdict }),
    text: [...kept].map((b) => b.text).join('\n'),
    removed: [...dropped].map(([block, why]) => ({ what: block.text.slice(0, 160), why })),
    by: semantic ? 'semantic' : 'readability',
  };
}
