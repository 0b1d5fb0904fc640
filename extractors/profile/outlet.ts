import { type Line, spotOf } from './digest.js';
import { isParagraph, type Learned, TAIL_CHARS } from './profile.js';

/** Fewest characters in the outlet's usual elements that are an article. */
const MIN_TAKEN = 400;

const sizeOf = (lines: Line[]): number => lines.reduce((sum, l) => sum + l.chars, 0);

/** Kept lines that other articles of the outlet have too, or that stand behind the text where those have none. */
export function outletBoilerplate<L extends Line>(kept: L[], profile: Learned): L[] {
  const boilerplate = new Set(profile.boilerplate.map((f) => f.spot));
  const tails = new Set(profile.tailPaths);
  const last = kept.findLastIndex((l) => l.prose);
  const marked = kept.filter(
    (l, i) =>
      boilerplate.has(spotOf(l)) || (last >= 0 && i > last && l.chars <= TAIL_CHARS && !l.prose && tails.has(l.path)),
  );
  // A page that shares most of its text with others is another version of one of them, not boilerplate.
  return sizeOf(marked) > sizeOf(kept) * 0.5 ? [] : marked;
}

/**
 * The paragraphs in the elements that hold the outlet's articles, where what was read lacks most of them and is no longer
 * than they are: something else of the page was taken. null when it was not.
 */
export function takenOver<L extends Line & { kept: boolean }>(lines: L[], profile: Learned): L[] | null {
  const paths = new Set(profile.bodyPaths);
  const all = lines.filter((l) => isParagraph(l) && paths.has(l.path));
  // Of a page that goes on with further articles, the first is the one that was asked for.
  const usual = all.filter((l) => l.article === all[0]?.article);
  const most = Math.max(MIN_TAKEN, sizeOf(lines.filter((l) => l.prose && l.kept)));
  const had = sizeOf(usual.filter((l) => l.kept));
  return sizeOf(usual) < most || had >= sizeOf(usual) * 0.5 ? null : usual;
}
