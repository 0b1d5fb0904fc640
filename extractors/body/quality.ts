import { CONSENT, LOCKED, NOT_FOUND } from '../../text/words/gates.js';
import { countMatcher, startMatcher } from '../../text/words/matcher.js';
import type { Block } from '../blocks/blocks.js';
import { isProse } from '../blocks/prose.js';
import { kindOf } from '../blocks/select.js';
import type { Part } from '../blocks/tree.js';

/** Why a page is no article, for `EXTRACT_NOT_ARTICLE`. */
export type NotArticle = {
  kind: 'not-found' | 'consent' | 'locked' | 'listing' | 'several' | 'links' | 'front page';
  /** For a person. */
  reason: string;
};

const notFound = startMatcher(NOT_FOUND);
const consentWords = countMatcher(CONSENT);
const lockedWords = countMatcher(LOCKED);

/** Characters of a text that may still be a notice instead of an article. */
const SHORT = 1500;
/** Teasers from which a page without a text of its own is a list of articles. */
const TEASERS = 8;

/** Judges what was found on a page: null when nothing speaks against its being one article. */
export function judgeArticle(page: {
  url: string;
  title: string;
  blocks: Block[];
  found: Block[];
  kept: Set<Block>;
}): NotArticle | null {
  if (isFrontPage(page.url)) return { kind: 'front page', reason: 'its address is the front page of the site' };
  const kept = [...page.kept];
  const text = kept.map((b) => b.text).join('\n');
  const prose = kept.filter(isProse);
  const proseChars = prose.reduce((sum, b) => sum + b.text.length, 0);
  if (text.length < SHORT) {
    if (saysNotFound(page.title, kept)) return { kind: 'not-found', reason: 'it says that there is no such page' };
    const words = text.split(/\s+/).length;
    if (consentWords(text) >= Math.max(4, words / 25))
      return { kind: 'consent', reason: 'it asks for consent to cookies instead' };
    const locked = lockedWords(page.found.map((b) => b.text).join('\n'));
    if (text.length < 600 && locked > 0 && proseChars < 400)
      return { kind: 'locked', reason: 'it shows a login, a payment or a check for robots instead' };
  }
  const links = linkShare(kept);
  if (text.length > 0 && links > 0.6 && kept.length >= 5) {
    return { kind: 'links', reason: `${Math.round(links * 100)} % of its text are links` };
  }
  const teasers = teasersIn(page.blocks);
  if (teasers >= TEASERS && proseChars < 600 && prose.length < 4 && teasers > prose.length * 4)
    return { kind: 'listing', reason: `it lists ${teasers} articles and has no text of its own` };
  const others = articlesIn(prose);
  if (others >= 3) return { kind: 'several', reason: `it holds the texts of ${others} articles` };
  return null;
}

/** Addresses of withdrawn pages are often sent on to the front page. */
function isFrontPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { pathname, search } = new URL(url);
  return pathname === '/' && search === '';
}

/** A headline may begin like a notice (`404 jobs to go at the mill`); a notice says little more than that. */
function saysNotFound(title: string, kept: Block[]): boolean {
  const says = (text: string): boolean => {
    const said = notFound(text);
    return said !== null && said > text.length * 0.5;
  };
  const [first] = kept;
  return (
    says(title) ||
    (first !== undefined && kept.length < 6 && (says(first.text) || says(first.text.split(/[.!?]/, 1)[0] ?? '')))
  );
}

function linkShare(blocks: Block[]): number {
  const [linked, all] = blocks.reduce(([l, a], b) => [l + b.linked, a + b.text.length], [0, 0]);
  return all === 0 ? 0 : linked / all;
}

/** Headings that are links, and whole links of a headline's length in lists: each is the way to another article. */
function teasersIn(blocks: Block[]): number {
  return blocks.filter((b) => {
    if (b.linked < b.text.length * 0.9 || b.text.length < 25 || b.text.length > 200) return false;
    return kindOf(b) === 'heading' || (insideArticle(b.part) && b.links === 1);
  }).length;
}

function insideArticle(part: Part): boolean {
  for (let at: Part | null = part; at; at = at.up) if (at.tag === 'article') return true;
  return false;
}

/** `article` elements side by side whose headings link elsewhere and that each hold a text. */
function articlesIn(prose: Block[]): number {
  const chars = new Map<Part, number>();
  for (const block of prose) {
    for (let at: Part | null = block.part; at; at = at.up) {
      if (at.tag !== 'article') continue;
      chars.set(at, (chars.get(at) ?? 0) + block.text.length);
      break;
    }
  }
  const bySiblings = new Map<Part | null, number>();
  for (const [part, count] of chars) {
    if (count > 300 && headingLinks(part)) bySiblings.set(part.up, (bySiblings.get(part.up) ?? 0) + 1);
  }
  return Math.max(0, ...bySiblings.values());
}

function headingLinks(part: Part): boolean {
  return part.children.some((child) => {
    if (typeof child === 'string') return false;
    if (/^h[1-4]$/.test(child.tag))
      return child.children.some((c) => typeof c !== 'string' && c.tag === 'a' && 'href' in c.attrs);
    return !/^(?:p|ul|ol|table|figure)$/.test(child.tag) && headingLinks(child);
  });
}
