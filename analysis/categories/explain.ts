import type { Category } from '../../config/categories.js';
import { Background } from './background.js';
import { type Classifiable, fieldsOf } from './fields.js';
import { createScorer } from './keywords.js';

/** Words shown for a category, the weightiest. */
const MOST = 6;

/**
 * Which words of an article speak for each category, by the operator's own words; `recent` are other articles, which tell what words are
 * common. A path that the tree does not have any more gets none.
 */
export function explainFiling(
  categories: readonly Category[],
  article: Classifiable,
  paths: readonly string[],
  recent: readonly Classifiable[],
): Map<string, string[]> {
  const background = new Background();
  for (const a of recent) background.add(fieldsOf(a).flatMap((f) => f.words));
  const scorer = createScorer(categories, background);
  const fields = fieldsOf(article);
  return new Map(
    paths.map((path) => {
      const at = categories.findIndex((c) => c.path === path);
      return [
        path,
        at < 0
          ? []
          : scorer
              .evidence(fields, at)
              .slice(0, MOST)
              .map((e) => e.words),
      ];
    }),
  );
}
