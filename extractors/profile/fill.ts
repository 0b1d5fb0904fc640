import type { PageDigest } from './digest.js';
import { isParagraph, type Learned } from './profile.js';

/** How full the pages of an outlet are: shares of the pages, and of their text. */
export type Fill = {
  pages: number;
  /** Share of the pages that name authors, and a date, by themselves. */
  authors: number;
  dated: number;
  /** Median length of the text, in characters. */
  chars: number;
  /** Share of the paragraphs that stand in the profile's usual elements. */
  usual: number;
};

export function fillOf(pages: PageDigest[], profile: Pick<Learned, 'bodyPaths'>): Fill {
  const paths = new Set(profile.bodyPaths);
  const share = (of: PageDigest[]): number => (pages.length === 0 ? 0 : of.length / pages.length);
  let [all, usual] = [0, 0];
  const lengths: number[] = [];
  for (const { lines } of pages) {
    let length = 0;
    for (const l of lines) {
      if (!l.kept) continue;
      length += l.chars;
      if (!isParagraph(l)) continue;
      all += l.chars;
      if (paths.has(l.path)) usual += l.chars;
    }
    lengths.push(length);
  }
  return {
    pages: pages.length,
    authors: share(pages.filter((p) => p.signals.authors !== null)),
    dated: share(pages.filter((p) => p.signals.publishedAt !== null)),
    chars: lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0,
    usual: all === 0 ? 0 : usual / all,
  };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What fell away between the pages that a profile was learned from and newer ones, in words; null when nothing did. */
export function fallenAway(before: Fill, after: Fill): string | null {
  const lost: string[] = [];
  if (before.usual >= 0.6 && after.usual < before.usual * 0.4)
    lost.push(`${percent(after.usual)} of the text stands in the usual elements, it was ${percent(before.usual)}`);
  for (const [name, a, b] of [
    ['authors', before.authors, after.authors],
    ['a date', before.dated, after.dated],
  ] as const)
    if (a >= 0.8 && b <= 0.2) lost.push(`${percent(b)} of the pages name ${name}, it was ${percent(a)}`);
  if (after.chars < before.chars * 0.25)
    lost.push(`the text is ${after.chars} characters long, it was ${before.chars} (medians)`);
  return lost.length === 0 ? null : lost.join('; ');
}
