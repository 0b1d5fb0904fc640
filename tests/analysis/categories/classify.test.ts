import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Classifiable, createClassifier, type Example } from '../../../analysis/categories/classify.js';
import { sectionsOf } from '../../../analysis/categories/fields.js';
import { CategoriesFile, flattenCategories } from '../../../config/categories.js';

const CATEGORIES = flattenCategories([
  {
    id: 'nature',
    label: 'Nature',
    keywords: ['wildlife', 'forest'],
    children: [
      { id: 'sea', label: 'Sea', description: 'Coast and ships.', keywords: ['harbour', 'ferry', 'fishing fleet'] },
      {
        id: 'fields',
        label: 'Fields',
        keywords: ['harvest', 'barley', 'tractor'],
        examples: ['Orchards bloom weeks too early'],
      },
    ],
  },
  { id: 'courts', label: 'Courts', keywords: ['judge', 'verdict', 'appeal'] },
]);

function article(text: string, more: Partial<Classifiable> = {}): Classifiable {
  return { title: '', text, url: 'https://herald.example/2026/x', section: null, tags: [], language: 'en', ...more };
}

describe('classifier', () => {
  const classifier = createClassifier(CATEGORIES, { threshold: 0.3, fallback: null });
  const first = (a: Classifiable): string | undefined => classifier.classify(a)[0]?.path;

  it('follows keywords and phrases, singular or plural', () => {
    expect(first(article('Two ferries collided near the harbours.'))).toBe('nature/sea');
    expect(first(article('The fishing fleet stays in port.'))).toBe('nature/sea');
    expect(first(article('The judges gave their verdict.'))).toBe('courts');
  });

  it('follows likeness to an example headline where no keyword is said', () => {
    expect(first(article('In the south the orchards bloom early.'))).toBe('nature/fields');
  });

  it('reads section, tags and the folders of the URL', () => {
    expect(first(article('Nothing telling.', { section: 'Courts' }))).toBe('courts');
    expect(first(article('Nothing telling.', { tags: ['barley'] }))).toBe('nature/fields');
    expect(first(article('Nothing telling.', { url: 'https://herald.example/news/courts/2026/03/x' }))).toBe('courts');
    expect(sectionsOf('https://herald.example/us-news/2026/03/a-title')).toEqual(['us news']);
  });

  it('counts a title more than the text', () => {
    expect(first(article('The harvest is late.', { title: 'Judge hears appeal' }))).toBe('courts');
  });

  it('gives several categories where several fit, their confidence adding up to no more than one', () => {
    const refs = classifier.classify(article('The judge heard the appeal of the ferry company over the harbour.'));
    expect(refs.map((r) => r.path).sort()).toEqual(['courts', 'nature/sea']);
    expect(refs.reduce((sum, r) => sum + r.confidence, 0)).toBeLessThanOrEqual(1.001);
    expect(refs.every((r) => r.by === 'keywords')).toBe(true);
  });

  it('prefers a child to its parent', () => {
    expect(first(article('Wildlife returns to barley fields after the harvest.'))).toBe('nature/fields');
    expect(first(article('Wildlife in the forest.'))).toBe('nature');
  });

  it('says nothing when nothing fits, or names the fallback', () => {
    expect(classifier.classify(article('Zzz.'))).toEqual([]);
    const unsorted = createClassifier(CATEGORIES, { threshold: 0.3, fallback: 'nature' });
    expect(unsorted.classify(article('Zzz.'))).toEqual([
      { path: 'nature', label: 'Nature', confidence: 0, by: 'fallback' },
    ]);
  });

  it('works without any category', () => {
    expect(createClassifier([], { threshold: 0.3, fallback: null }).classify(article('x'))).toEqual([]);
  });

  it('uses a category from the moment it is configured, in any language', () => {
    const more = flattenCategories([{ id: 'wetter', label: 'Wetter', keywords: ['Sturm', 'Hochwasser', '台风'] }]);
    const c = createClassifier([...CATEGORIES, ...more], { threshold: 0.3, fallback: null });
    expect(c.classify(article('Der Sturm brachte Hochwasser an die Küste.'))[0]?.path).toBe('wetter');
    expect(c.classify(article('台风登陆，学校停课。'))[0]?.path).toBe('wetter');
  });

  it('lets words that stand everywhere weigh little', () => {
    const c = createClassifier(CATEGORIES, { threshold: 0, fallback: null });
    const both = article('The judge came by ferry.');
    for (let i = 0; i < 300; i++) c.observe(article(`The judge said so in case ${i}.`));
    expect(c.classify(both)[0]?.path).toBe('nature/sea');
  });

  it('learns from corrections: a few are headlines, many are the ground of a model that must prove itself', () => {
    const few: Example[] = [{ ...article('x', { title: 'Regatta draws crowds to the bay' }), path: 'nature/sea' }];
    const taught = createClassifier(CATEGORIES, { threshold: 0.3, fallback: null, examples: few });
    expect(taught.classify(article('Crowds at the bay for the regatta'))[0]?.path).toBe('nature/sea');
    expect(taught.comparison()).toBeNull();
    const many = Array.from({ length: 120 }, (_, i): Example => {
      const sea = i % 2 === 0;
      const text = sea
        ? `Sailors and tides, number ${i}, with pilots.`
        : `Lawyers and clerks, number ${i}, with gowns.`;
      return { ...article(text, { title: sea ? 'Tides' : 'Gowns' }), path: sea ? 'nature/sea' : 'courts' };
    });
    taught.teach(many);
    expect(taught.comparison()).toMatchObject({ wins: true, model: 1 });
    expect(taught.classify(article('Clerks in gowns met the lawyers.'))[0]).toMatchObject({
      path: 'courts',
      by: 'model',
    });
    expect(taught.rank(article('barley harvest')).map((r) => r.path)).toContain('nature/fields');
  });
});

describe('config/categories.yaml', () => {
  const file = join(import.meta.dirname, '../../../config/categories.yaml');
  const categories = flattenCategories(CategoriesFile.parse(parse(readFileSync(file, 'utf8'))).categories);

  it('is a valid tree in which every node has a description, keywords, five headlines and an IPTC code', () => {
    expect(categories.length).toBe(18);
    for (const c of categories) {
      expect(c.description, c.path).not.toBe('');
      expect(c.keywords.length, c.path).toBeGreaterThanOrEqual(15);
      expect(c.examples.length, c.path).toBe(5);
      expect(c.iptc, c.path).toMatch(/^medtop:\d{8}$/);
    }
  });

  it('files a headline of each where it belongs when told only of the others', () => {
    let right = 0;
    for (const c of categories) {
      const others = categories.map((o) => (o.path === c.path ? { ...o, examples: o.examples.slice(1) } : o));
      const ranker = createClassifier(others, { threshold: 0, fallback: null });
      const ranked = ranker.rank(article('', { title: c.examples[0] ?? '' }));
      if (ranked.slice(0, 3).some((r) => r.path === c.path)) right++;
    }
    expect(right).toBeGreaterThanOrEqual(14);
  });
});
