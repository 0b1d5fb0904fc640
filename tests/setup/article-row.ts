import { randomUUID } from 'node:crypto';
import type { ArticleRow } from '../../ledger/articles.js';

/** An article as the ledger holds it, of invented text. */
export function articleRow(more: Partial<ArticleRow> = {}): ArticleRow {
  const id = more.id ?? randomUUID();
  return {
    id,
    candidate_id: 1,
    source_id: 'herald',
    url_key: 'herald.example/a',
    canonical_url: 'https://herald.example/a',
    slug: `a-${id.slice(0, 8)}`,
    title: 'Harbour reopens after the storm',
    authors: ['Ada Byline'],
    agency: null,
    published_at: new Date('2026-03-01T08:00:00Z'),
    updated_at: null,
    fetched_at: new Date('2026-03-01T09:00:00Z'),
    first_seen_at: new Date('2026-03-01T09:00:00Z'),
    language: 'en',
    excerpt: 'The harbour of Port Verity reopened on Sunday.',
    text: 'The harbour of Port Verity reopened on Sunday.\nSecond paragraph of the report.',
    html: '<p>The harbour of Port Verity reopened on Sunday.</p><p>Second paragraph of the report.</p>',
    image: { url: 'https://herald.example/a.jpg', alt: null, credit: null, width: null, height: null },
    tags: ['harbour'],
    section: null,
    word_count: 12,
    rights: { level: 'excerpt', reason: 'the source allows excerpts', signals: [] },
    noindex: false,
    provenance: {},
    content_hash: 'hash',
    fingerprint: null,
    revision: 0,
    published_hash: null,
    duplicate_of: null,
    duplicate_why: null,
    related: [],
    categories: [],
    ...more,
  };
}
