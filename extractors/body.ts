import type { ExtractRules } from '../config/sources.js';

export type Body = {
  /** The article's HTML, cleaned of furniture, not yet sanitised. */
  html: string;
  /** Plain text of the same, one block a line; no captions or credits. */
  text: string;
  /** What was taken out and why, for `sourcelink try`. */
  removed: { what: string; why: string }[];
  /** Which way found it: `rule`, `readability`, `json-ld`, `profile`. */
  by: string;
};

/** Finds the article in a page and cleans it. May change `document`: read metadata first. null when there is none. */
export function readBody(
  _document: Document,
  _page: { url: string; title: string; authors: string[]; rules: ExtractRules; jsonLdBody: string | null },
): Body | null {
  throw new Error('not built yet');
}
