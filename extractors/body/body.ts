import type { ExtractRules } from '../../config/sources.js';
import { escapeQuoted } from '../../text/escape.js';
import { type Block, readBlocks } from '../blocks/blocks.js';
import type { Reason } from '../blocks/boilerplate.js';
import { isProse } from '../blocks/prose.js';
import { linkLists, lonelyHeadings, selectBlocks, verdictsFor } from '../blocks/select.js';
import { readTree } from '../blocks/tree.js';
import { digestOf, lineOf, type PageDigest, type Signals } from '../profile/digest.js';
import { outletBoilerplate, takenOver } from '../profile/outlet.js';
import type { Profile } from '../profile/profile.js';
import { step, type Trace } from '../trace.js';
import { AGREES, recoverByWitness, strangers, witnessOf } from './agreement.js';
import { readabilityBlocks } from './container.js';
import { lostProse, told, toldOf } from './loss.js';
import { outsiders } from './outsiders.js';
import { judgeArticle, type NotArticle } from './quality.js';
import { recoverBlocks } from './recover.js';
import { renderHtml } from './render.js';
import { removeByRule, ruledBlocks } from './rules.js';
import { semanticBlocks } from './semantic.js';

export type Body = {
  /** The article's HTML, cleaned of boilerplate, not yet sanitised. */
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
  /** Which signals gave the metadata, for the outlet's profile. */
  signals?: Signals;
  /** What the outlet's other pages taught. */
  profile?: Profile | null;
  /** Where each step is recorded, when a person asked for it. */
  trace?: Trace | null;
};

const NO_SIGNALS: Signals = { title: null, authors: null, publishedAt: null };
const OUTLET: Reason = 'boilerplate of the outlet';

/** Finds the article in a page and cleans it. May change `document`: read metadata first. null when there is none. */
export function readBody(document: Document, page: Page): Body | null {
  const { trace } = page;
  const ruledOut = step(
    trace,
    'operator’s `remove`',
    () => removeByRule(document, page.rules.remove),
    (took) => ({ took }),
  );
  const blocks = step(
    trace,
    'read the blocks',
    () => readBlocks(readTree(document.body)),
    (all) => ({ note: `${all.length} blocks, ${all.filter(isProse).length} of prose` }),
  );
  const plain = readPlain(document, blocks, page);
  const digest = digestOf(
    { url: page.url, signals: page.signals ?? NO_SIGNALS },
    { blocks, found: new Set(plain.found), kept: plain.kept, vouched: plain.vouched },
  );
  // What the operator names is the operator's: nothing that was learned changes it.
  const learned = page.profile && plain.by !== 'rule' ? page.profile : null;
  const reading = learned ? readByProfile(blocks, plain, learned, page) : plain;
  const { found, by, dropped, verdict, kept } = reading;
  if (trace) trace.lost = lostProse(blocks, kept, dropped);
  if (kept.size === 0) return bodyOfJsonLd(page, digest);
  const notArticle = step(
    trace,
    'judge the page',
    () => (by === 'rule' ? null : judgeArticle({ url: page.url, title: page.title, blocks, found, kept })),
    (why) => ({ note: why?.reason ?? 'an article' }),
  );
  return {
    html: step(trace, 'write the HTML', () => renderHtml(blocks, { kept, dropped, verdict })),
    text: [...kept].map((b) => b.text).join('\n'),
    removed: [...ruledOut, ...[...dropped].map(([block, why]) => told(block, why))],
    by,
    notArticle,
    digest,
  };
}

type Reading = {
  by: string;
  /** What was looked at as text of the article, in reading order. */
  found: Block[];
  dropped: Map<Block, Reason>;
  kept: Set<Block>;
  verdict: (part: Block['part']) => Reason | null;
  /** Which blocks the publisher's own plain text has; null when there is none, or it does not agree. */
  vouched: ((block: Block) => boolean) | null;
};

/** By the page alone: the operator's rule, else Readability's choice or the element that calls itself the body. */
function readPlain(document: Document, blocks: Block[], page: Page): Reading {
  const { trace } = page;
  const ruled = ruledBlocks(document, blocks, page.rules.body);
  if (ruled) {
    const { dropped, verdict } = step(
      trace,
      'operator’s `body`',
      () => selectBlocks(ruled, page),
      (selection) => ({ note: `${ruled.length} blocks`, took: toldOf(selection.dropped) }),
    );
    const kept = new Set(ruled.filter((b) => !dropped.has(b)));
    return { by: 'rule', found: ruled, dropped, kept, verdict, vouched: null };
  }
  const voted = step(
    trace,
    'Readability',
    () => readabilityBlocks(document, blocks),
    (read) => ({ note: `${read.size} blocks` }),
  );
  const semantic = step(
    trace,
    'element that calls itself the body',
    () => semanticBlocks(blocks, voted),
    (read) => ({ note: read === null ? 'not needed' : `${read.size} blocks in place of these` }),
  );
  return complete(semantic ? 'semantic' : 'readability', blocks, semantic ?? voted, page);
}

/** The same with what the outlet taught: its usual elements where the page's own reading missed them, without its boilerplate. */
function readByProfile(blocks: Block[], plain: Reading, profile: Profile, page: Page): Reading {
  const looked = new Set(plain.found);
  const lines = blocks
    .filter((b) => !b.part.hidden && (looked.has(b) || isProse(b)))
    .map((block) => ({ ...lineOf(block), block, kept: plain.kept.has(block) }));
  const taken = takenOver(lines, profile);
  const read = taken ? complete('profile', blocks, new Set(taken.map((l) => l.block)), page) : plain;
  const { found, dropped, kept } = read;
  const boilerplate = step(
    page.trace,
    'outlet’s profile',
    () =>
      outletBoilerplate(
        [...kept].map((block) => ({ ...lineOf(block), block })),
        profile,
      ),
    (lines) => ({
      note: taken ? 'found the text' : null,
      took: lines.map(({ block }) => told(block, OUTLET)),
    }),
  );
  for (const { block } of boilerplate) {
    dropped.set(block, OUTLET);
    kept.delete(block);
  }
  if (boilerplate.length > 0) {
    lonelyHeadings(found, dropped);
    for (const block of dropped.keys()) kept.delete(block);
  }
  return read;
}

/** What was read with the text that it left behind. */
function complete(by: string, blocks: Block[], read: Set<Block>, page: Page): Reading {
  const { trace } = page;
  const verdict = verdictsFor(read);
  const more = step(
    trace,
    'recover what was missed',
    () => recoverBlocks(blocks, read, verdict, page),
    (all) => ({ recovered: all.map(({ block, from }) => told(block, from)) }),
  );
  const standfirst = new Set(more.filter((r) => r.from === 'standfirst').map((r) => r.block));
  const recovered = new Set(more.map((r) => r.block));
  const witness = witnessOf(page.jsonLdBody, read);
  const vouchedFor = step(
    trace,
    'recover by JSON-LD’s text',
    () => (witness ? recoverByWitness(blocks, read, witness) : []),
    (all) => ({
      note: witness ? `agrees by ${Math.round(witness.coverage * 100)} %` : 'none given',
      recovered: all.filter((b) => !recovered.has(b)).map((b) => told(b, 'json-ld')),
    }),
  );
  for (const block of vouchedFor) recovered.add(block);
  const found = blocks.filter((b) => read.has(b) || recovered.has(b));
  const { dropped } = step(
    trace,
    'boilerplate',
    () => selectBlocks(found, page, verdict),
    (selection) => ({ took: toldOf(selection.dropped) }),
  );
  const left = (): Block[] => found.filter((b) => !dropped.has(b));
  const outside = step(
    trace,
    'outside the body',
    () => outsiders(left(), standfirst),
    (pairs) => ({ took: toldOf(pairs) }),
  );
  for (const [block, why] of outside) dropped.set(block, why);
  // What stood before them is the end of the article now.
  if (outside.length > 0) {
    const before = trace ? new Set(dropped.keys()) : null;
    step(
      trace,
      'new end of the article',
      () => {
        linkLists(found, dropped);
        lonelyHeadings(found, dropped);
      },
      () => ({ took: toldOf([...dropped].filter(([block]) => !before?.has(block))) }),
    );
  }
  const foreign = step(
    trace,
    'lines that JSON-LD’s text lacks',
    () => (witness ? strangers(left(), witness) : []),
    (all) => ({ took: all.map((b) => told(b, 'label')) }),
  );
  for (const block of foreign) dropped.set(block, 'label');
  const vouched = witness && witness.coverage >= AGREES ? witness.holds : null;
  return { by, found, dropped, kept: new Set(left()), verdict, vouched };
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
    html: lines.map((l) => `<p>${escapeQuoted(l)}</p>`).join(''),
    text,
    removed: [],
    by: 'json-ld',
    notArticle: null,
    digest,
  };
}
