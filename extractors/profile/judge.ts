import { type DigestLine, type PageDigest, TELLING } from './digest.js';
import { type Fill, fillOf } from './fill.js';
import { outletBoilerplate, takenOver } from './outlet.js';
import { differentArticles, type Learned, learnFrom } from './profile.js';

/** What a profile does to the outlet's own pages, each read with what the others taught. Counts of lines and characters. */
export type Figures = {
  /** Different articles that were read both ways. */
  pages: number;
  removed: Count;
  added: Count;
  /** Of what was removed, what the publisher's own plain text of the article has. */
  lost: Count;
  /**
   * Agreement with the publishers' own plain text (JSON-LD), as F1 by characters, of the pages that have one; null when
   * none has.
   */
  agreement: { pages: number; without: number; with: number } | null;
  fill: Fill;
};

export type Count = { pages: number; lines: number; chars: number };

/** What was learned, and whether it is used. */
export type Judged = { profile: Learned; wins: boolean; reason: string; figures: Figures };

/** Fewest different articles, so that each can be read with what at least two others taught. */
export const MIN_JUDGED = 3;
/** So many times at most is learned from a part of the pages: up to here each page is left out by itself. */
const MAX_FOLDS = 10;
/** Share of the paragraphs that must stand in the usual elements, so that these may stand in for a failed reading. */
const USUAL = 0.8;

/**
 * Learns an outlet from its pages and compares, page by page, what is read without the profile and with what the other
 * pages taught. It is used where it takes something out or adds something and loses nothing, or where it knows so surely
 * where the articles stand that it can help out. null when the pages are too few.
 */
export function learnAndJudge(pages: PageDigest[]): Judged | null {
  const different = differentArticles(pages);
  const profile = different.length < MIN_JUDGED ? null : learnFrom(different);
  if (profile === null) return null;
  const figures = compare(different, profile);
  const { removed, added, lost, agreement, fill } = figures;
  const verdict = (wins: boolean, reason: string): Judged => ({ profile, wins, reason, figures });
  if (lost.lines > 0)
    return verdict(false, `it would lose ${words(lost)} of the articles' own on ${of(lost, figures)} pages`);
  if (agreement && agreement.with < agreement.without - 0.001)
    return verdict(
      false,
      `it agrees less with the publisher's own plain text (${agreement.with.toFixed(3)}) than reading without it (${agreement.without.toFixed(3)})`,
    );
  const does = [
    ...(removed.lines > 0 ? [`takes out ${words(removed)} on ${of(removed, figures)} pages`] : []),
    ...(added.lines > 0 ? [`adds ${words(added)} on ${of(added, figures)} pages`] : []),
  ];
  if (does.length > 0) return verdict(true, `it ${does.join(' and ')}, and loses nothing`);
  if (profile.bodyPaths.length > 0 && fill.usual >= USUAL)
    return verdict(true, 'it changes none of the kept pages, and stands by for pages whose text is not found');
  return verdict(false, 'it changes nothing, and no element holds most paragraphs of most articles');
}

const words = (c: Count): string => `${c.lines} ${c.lines === 1 ? 'line' : 'lines'} (${c.chars} characters)`;
const of = (c: Count, figures: Figures): string => `${c.pages} of ${figures.pages}`;

function compare(pages: PageDigest[], all: Learned): Figures {
  const removed: DigestLine[][] = [];
  const added: DigestLine[][] = [];
  const lost: DigestLine[][] = [];
  const agreed: { without: number; with: number }[] = [];
  const folds = Math.min(pages.length, MAX_FOLDS);
  const taught = Array.from({ length: folds }, (_, fold) => learnFrom(pages.filter((_, i) => i % folds !== fold)));
  for (const [i, page] of pages.entries()) {
    const others = taught[i % folds];
    const profile = others ? within(others, all) : null;
    const before = page.lines.filter((l) => l.kept);
    const taken = profile && takenOver(page.lines, profile);
    const found = taken ?? before;
    const boilerplate = new Set(profile ? outletBoilerplate(found, profile) : []);
    const after = new Set(found.filter((l) => !boilerplate.has(l)));
    const gone = before.filter((l) => !after.has(l));
    removed.push(gone);
    added.push([...after].filter((l) => !l.kept));
    lost.push(gone.filter((l) => l.vouched));
    if (page.witnessed) agreed.push({ without: agreement(page, before), with: agreement(page, [...after]) });
  }
  const mean = (key: 'without' | 'with'): number => agreed.reduce((sum, a) => sum + a[key], 0) / agreed.length;
  return {
    pages: pages.length,
    removed: count(removed),
    added: count(added),
    lost: count(lost),
    agreement: agreed.length === 0 ? null : { pages: agreed.length, without: mean('without'), with: mean('with') },
    fill: fillOf(pages, all),
  };
}

/** What the others taught without what all of them together took back. */
function within(others: Learned, all: Learned): Learned {
  const boilerplate = new Set(all.boilerplate.map((f) => f.spot));
  return {
    ...others,
    boilerplate: others.boilerplate.filter((f) => boilerplate.has(f.spot)),
    tailPaths: others.tailPaths.filter((path) => all.tailPaths.includes(path)),
    bodyPaths: others.bodyPaths.filter((path) => all.bodyPaths.includes(path)),
  };
}

const sizeOf = (lines: DigestLine[]): number => lines.reduce((sum, l) => sum + l.chars, 0);

function count(perPage: DigestLine[][]): Count {
  const lines = perPage.flat();
  return { pages: perPage.filter((p) => p.length > 0).length, lines: lines.length, chars: sizeOf(lines) };
}

/** F1 of what was read against what the publisher's own plain text has of the page. */
function agreement(page: PageDigest, read: DigestLine[]): number {
  const both = sizeOf(read.filter((l) => l.vouched));
  const telling = read.filter((l) => l.chars >= TELLING);
  const [mine, theirs] = [sizeOf(telling), sizeOf(page.lines.filter((l) => l.vouched))];
  return mine + theirs === 0 ? 1 : (2 * both) / (mine + theirs);
}
