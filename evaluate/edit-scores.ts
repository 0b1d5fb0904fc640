import type { Known, Text } from '../analysis/similarity/judge.js';
import { countShared } from '../analysis/similarity/shingles.js';

/** How often copies of one kind were linked, and rightly. `realCopies` were linked to a text of other origin that shares much: neither right nor wrong. */
export type EditScore = { edits: number; recall: number; precision: number; f1: number; realCopies: number };

/** A text made from others, by what was done to it. */
export type Made = { id: string; edit: string; of: readonly string[] };

/** A link between texts that share this much is a real copy, or two copies of one donor. */
export const REAL_COPY = 0.4;

/** Scores the links of made texts, each kind by itself and all of them. */
export function scoreEdits(
  edits: readonly Made[],
  links: ReadonlyMap<string, string | null>,
  texts: ReadonlyMap<string, Known>,
): Pick<EditScore, 'f1' | 'recall' | 'precision'> & { byEdit: Record<string, EditScore> } {
  const all = { edits: 0, found: 0, right: 0, wrong: 0, realCopies: 0 };
  const tally = new Map<string, typeof all>();
  for (const e of edits) {
    const t = tally.get(e.edit) ?? { edits: 0, found: 0, right: 0, wrong: 0, realCopies: 0 };
    tally.set(e.edit, t);
    t.edits++;
    const to = links.get(e.id) ?? null;
    if (to === null) continue;
    // One group: an original itself, or the text of which it is a copy.
    if (e.of.some((of) => to === of || to === texts.get(of)?.original.id)) {
      t.found++;
      t.right++;
    } else if (containment(texts.get(e.id), texts.get(to)) >= REAL_COPY) t.realCopies++;
    else t.wrong++;
  }
  const byEdit: Record<string, EditScore> = {};
  for (const [edit, t] of [...tally].sort()) {
    byEdit[edit] = { edits: t.edits, ...rates(t), realCopies: t.realCopies };
    for (const k of ['edits', 'found', 'right', 'wrong', 'realCopies'] as const) all[k] += t[k];
  }
  return { ...rates(all), byEdit };
}

function rates(t: { edits: number; found: number; right: number; wrong: number }) {
  const recall = t.edits === 0 ? 0 : t.found / t.edits;
  const precision = t.right + t.wrong === 0 ? 1 : t.right / (t.right + t.wrong);
  return { recall, precision, f1: recall + precision === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** Shared shingles as a share of the smaller text. */
export function containment(a: Text | undefined, b: Text | undefined): number {
  if (!a || !b) return 0;
  const smaller = Math.min(a.shingles.length, b.shingles.length);
  return smaller === 0 ? 0 : countShared(a.shingles, b.shingles) / smaller;
}
