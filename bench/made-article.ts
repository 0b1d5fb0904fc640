import type { ContractArticle } from '../contract/contract.js';

/** A made article of some 300 words, as readers get it. */
export function article(): Omit<ContractArticle, 'id'> {
  const text = Array.from(
    { length: 30 },
    (_, i) => `The council met for the ${i}th time today and spoke of the harbour.`,
  ).join(' ');
  const at = '2026-03-02T11:00:00.000Z';
  const url = 'https://bench.example/made';
  const publisher = { id: 'bench', name: 'The Bench', homepage: 'https://bench.example/' };
  return {
    slug: 'made',
    title: 'Made',
    excerpt: text.slice(0, 200),
    text,
    authors: ['A. Writer'],
    language: 'en',
    html: `<p>${text}</p><p>The Bench — <a href="${url}" rel="noopener external">Source link</a></p>`,
    publishedAt: at,
    updatedAt: null,
    fetchedAt: at,
    readingMinutes: 1,
    wordCount: 300,
    image: null,
    categories: [{ path: 'world', label: 'World', confidence: 1, by: 'pin' }],
    tags: [],
    story: null,
    source: publisher,
    canonicalUrl: url,
    noindex: true,
    attribution: { label: 'Source link', url, author: 'A. Writer', publisher: publisher.name, publishedAt: at },
    rights: { level: 'full', reason: 'made' },
  };
}
