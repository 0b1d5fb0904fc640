import { diffArrays } from 'diff';

/** A run of words that both texts have, or only the older, or only the newer. */
export type Run = { kind: 'same' | 'gone' | 'new'; text: string };

/** Steps beyond which two texts count as wholly rewritten, instead of being compared for minutes. */
const MAX_EDITS = 1000;

/** What changed between two texts, word by word, in order. White space does not count. */
export function wordDiff(before: string, after: string): Run[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const runs = diffArrays(a, b, { maxEditLength: MAX_EDITS });
  const all: Run[] = runs
    ? runs.map((r) => ({ kind: r.added ? 'new' : r.removed ? 'gone' : 'same', text: r.value.join(' ') }))
    : [
        { kind: 'gone', text: a.join(' ') },
        { kind: 'new', text: b.join(' ') },
      ];
  return all.filter((r) => r.text !== '');
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);
