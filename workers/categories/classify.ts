import type { Category } from '../../config/categories.js';
import type { CategoryRef } from '../contract.js';
import { subjectWords } from './terms.js';

export type Classifiable = {
  title: string;
  text: string;
  url: string;
  section: string | null;
  tags: string[];
  language: string | null;
};

/** Files an article under the operator's categories, best first. */
export type Classifier = { classify(article: Classifiable): CategoryRef[] };

export function createClassifier(
  categories: Category[],
  options: { threshold: number; fallback: string | null },
): Classifier {
  const words = categories.map(
    (c) => new Set(subjectWords([c.label, c.description, ...c.keywords, ...c.examples].join(' . '))),
  );
  return {
    classify(article) {
      const said = subjectWords(`${article.title} ${article.title} ${article.text}`);
      const scored = categories
        .map((c, i) => ({ c, n: said.filter((w) => words[i]?.has(w)).length / Math.max(1, said.length) }))
        .sort((a, b) => b.n - a.n);
      const found = scored
        .filter((s) => s.n >= options.threshold)
        .map(({ c, n }): CategoryRef => ({ path: c.path, label: c.label, confidence: n, by: 'keywords' }));
      const fallback = categories.find((c) => c.path === options.fallback);
      if (found.length > 0 || !fallback) return found;
      return [{ path: fallback.path, label: fallback.label, confidence: 0, by: 'fallback' }];
    },
  };
}
