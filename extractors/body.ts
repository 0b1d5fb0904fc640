import type { ExtractRules } from '../config/sources.js';
import { recoverByWitness, strangers, type Witness, witnessOf } from './body/agreement.js';
import { type Block, readBlocks } from './body/blocks.js';
import { readabilityBlocks } from './body/container.js';
import type { Reason } from './body/furniture.js';
import { blocksOfProfile, outletFurniture } from './body/outlet.js';
import { outsiders } from './body/outsiders.js';
import { recoverBlocks } from './body/recover.js';
import { escapeHtml, renderHtml } from './body/render.js';
import { removeByRule, ruledBlocks } from './body/rules.js';
import { selectBlocks, verdictsFor } from './body/select.js';
import { semanticBlocks } from './body/semantic.js';
import { readTree } from './body/tree.js';
import { digestBlocks, type PageDigest, type Profile } from './profile.js';
import { judgeArticle, type NotArticle } from './quality.js';

export type Body = {
  /** The article's HTML, cleaned of furniture, not yet sanitised. */
  html: string;
  /** Plain text of the same, one block a line; no captions or credits. */
  text: string;
  /** What was taken out and why, for `sourcelink try`. */
  removed: { what: string; why: string }[];
  /** Which way found it: `rule`, `readability`, `semantic`, `json-ld`, `profile`. */
  by: string;
  /** Why the page is no article, when it is none. */
  notArticle: NotArticle | null;
  /** What to remember of this page for the outlet's profile. */
  digest: PageDigest;
};

type Page = {
  url: string;
  title: string;
  authors: string[];
  rules: ExtractRules;
  jsonLdBody: string | null;
  /** What the outlet's other pages taught. */
  profile?: Profile | null;
};

/** Finds the article in a page and cleans it. May change `document`: read metadata first. null when there is none. */
export function readBody(document: Document, page: Page): Body | null {
  const ruledOut = removeByRule(document, page.rules.remove);
  const tree = readTree(document.body);
  const blocks = readBlocks(tree);
  const { found, by, witness, verdict, standfirst } = findBlocks(document, blocks, page);
  const { dropped } = selectBlocks(found, page, verdict);
  const left = (): Block[] => found.filter((b) => !dropped.has(b));
  if (by !== 'rule') for (const [block, why] of outsiders(left(), standfirst)) dropped.set(block, why);
  if (witness) for (const block of strangers(left(), witness)) dropped.set(block, 'label');
  if (page.profile) for (const [block, why] of outletFurniture(found, dropped, page.profile)) dropped.set(block, why);
  const kept = new Set(left());
  if (kept.size === 0) return bodyOfJsonLd(page, digestBlocks(page.url, blocks, kept));
  return {
    html: renderHtml(blocks, { kept, dropped, verdict }),
    text: [...kept].map((b) => b.text).join('\n'),
    removed: [...ruledOut, ...[...dropped].map(([block, why]) => ({ what: block.text.slice(0, 160), why }))],
    by,
    notArticle: by === 'rule' ? null : judgeArticle({ url: page.url, title: page.title, blocks, found, kept }),
    digest: digestBlocks(page.url, blocks, kept),
  };
}

type Found = {
  found: Block[];
  by: string;
  witness: Witness | null;
  verdict: ReturnType<typeof verdictsFor>;
  /** Recovered from between the headline and the text. */
  standfirst: Set<Block>;
};

/** The operator's rule, else Readability's choice or the element that calls itself the body, with what those left behind. */
function findBlocks(document: Document, blocks: Block[], page: Page): Found {
  const ruled = ruledBlocks(document, blocks, page.rules.body);
  if (ruled) return { found: ruled, by: 'rule', witness: null, verdict: verdictsFor(ruled), standfirst: new Set() };
  const voted = readabilityBlocks(document, blocks);
  const semantic = semanticBlocks(blocks, voted);
  const taught = page.profile ? blocksOfProfile(blocks, semantic ?? voted, page.profile) : null;
  const read = taught ?? semantic ?? voted;
  const verdict: (part: Block['part']) => Reason | null = verdictsFor(read);
  const more = recoverBlocks(blocks, read, verdict, page);
  const standfirst = new Set(more.filter((r) => r.from === 'standfirst').map((r) => r.block));
  const recovered = new Set(more.map((r) => r.block));
  const witness = witnessOf(page.jsonLdBody, read);
  if (witness) for (const block of recoverByWitness(blocks, read, witness)) recovered.add(block);
  const found = blocks.filter((b) => read.has(b) || recovered.has(b));
  return { found, by: taught ? 'profile' : semantic ? 'semantic' : 'readability', witness, verdict, standfirst };
}

/** A page that draws its text by script may still tell it to machines. */
function bodyOfJsonLd(page: Page, digest: PageDigest): Body | null {
  const lines = (page.jsonLdBody ?? '')
    .replace(/<\/(?:p|div|li|h\d)>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .split(/\n+/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
  const text = lines.join('\n');
  if (text.length < 300) return null;
  return {
    html: lines.map((l) => `<p>${escapeHtml(l)}</p>`).join(''),
    text,
    removed: [],
    by: 'json-ld',
    notArticle: null,
    digest,
  };
}
