import { z } from 'zod';
import { Stories, type StoryOptions } from '../analysis/stories/clusters.js';
import { readRows } from './read-set.js';

const Row = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string(),
  timestamp: z.number(),
  story: z.string(),
});

export type StoriesReport = {
  headlines: number;
  stories: number;
  found: number;
  precision: number;
  recall: number;
  /** B-cubed. */
  f1: number;
  headlinesPerMinute: number;
};

export type StoryItem = { id: string; story: string };

/**
 * Scores grouping on a folder with `headlines.jsonl.gz`, in the order of the file.
 * @throws CONFIG_INVALID
 */
export function evaluateStories(
  dir: string,
  options: Partial<StoryOptions> = {},
): { report: StoriesReport; items: StoryItem[] } {
  const rows = readRows(dir, 'headlines', Row);
  const began = performance.now();
  const stories = new Stories(options);
  const placed = new Map<string, string>();
  for (const { id, title, url, timestamp } of rows) {
    const { story, merged, divided } = stories.place({ id, title, url, lede: null, at: timestamp });
    placed.set(id, story);
    if (merged.length > 0)
      for (const [other, of] of placed) if (merged.includes(of)) placed.set(other, divided?.from ?? story);
    for (const left of divided?.ids ?? []) placed.set(left, divided?.into ?? story);
  }
  const items = rows.map(({ id }) => ({ id, story: placed.get(id) ?? id }));
  const minutes = (performance.now() - began) / 60_000;
  const truth = rows.map((r) => r.story);
  const found = items.map((i) => i.story);
  return {
    report: {
      headlines: rows.length,
      stories: new Set(truth).size,
      found: new Set(found).size,
      ...bCubed(truth, found),
      headlinesPerMinute: Math.round(rows.length / minutes),
    },
    items,
  };
}

/** B-cubed precision, recall and F1 of a grouping (Bagga and Baldwin 1998). */
export function bCubed(
  truth: readonly string[],
  found: readonly string[],
): { precision: number; recall: number; f1: number } {
  const count = (keys: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const k of keys) counts.set(k, (counts.get(k) ?? 0) + 1);
    return counts;
  };
  const pairs = truth.map((t, i) => JSON.stringify([t, found[i]]));
  const [byTruth, byFound, both] = [count(truth), count(found), count(pairs)];
  let precision = 0;
  let recall = 0;
  truth.forEach((t, i) => {
    const together = both.get(pairs[i] ?? '') ?? 0;
    precision += together / (byFound.get(found[i] ?? '') ?? 1);
    recall += together / (byTruth.get(t) ?? 1);
  });
  precision /= truth.length;
  recall /= truth.length;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
