import { randomUUID } from 'node:crypto';
import type { ArticleRow } from '../../ledger/articles.js';

/** An article as the ledger holds it, of invented text. */
export function articleRow(more: Partial<ArticleRow> = {}): ArticleRow {
  const id = more.id ?? randomUUID();
  return {
    id,
    candidateId: 1,
    sourceId: 'herald',
    urlKey: 'herald.example/a',
    canonicalUrl: 'https://herald.example/a',
    slug: `a-${id.slice(0, 8)}`,
    title: 'Harbour reopens after the storm',
    authors: ['Ada Byline'],
    agency: null,
    publishedAt: new Date('2026-03-01T08:00:00Z'),
    updatedAt: null,
    fetchedAt: new Date('2026-03-01T09:00:00Z'),
    firstSeenAt: new Date('2026-03-01T09:00:00Z'),
    language: 'en',
    excerpt: 'The harbour of Port Verity reopened on Sunday.',
    text: 'The harbour of Port Verity reopened on Sunday.\nSecond paragraph of the report.',
    html: '<p>The harbour of Port Verity reopened on Sunday.</p><p>Second paragraph of the report.</p>',
    image: { url: 'https://herald.example/a.jpg', alt: null, credit: null, width: null, height: null },
    tags: ['harbour'],
    section: null,
    wordCount: 12,
    rights: { level: 'excerpt', reason: 'the source allows excerpts', signals: [] },
    noindex: false,
    provenance: {},
    contentHash: 'hash',
    fingerprint: null,
    revision: 0,
    publishedHash: null,
    duplicateOf: null,
    duplicateWhy: null,
    related: [],
    categories: [],
    ...more,
  };
}
