import { createHash } from 'node:crypto';
import type { ArticleMessage, ContractArticle } from '../../contract/contract.js';

/** The same id for the same name, so that a test can name its articles. */
export function idOf(name: string): string {
  const h = createHash('sha256').update(name).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** An article of invented text as downstream receives it. */
export function article(name: string, more: Partial<ContractArticle> = {}): ContractArticle {
  const url = `https://herald.example/news/${name}`;
  return {
    id: idOf(name),
    slug: `${name}-${idOf(name).slice(0, 8)}`,
    title: `Harbour of Port Verity reopens: ${name}`,
    excerpt: 'The harbour of Port Verity reopened on Sunday after three days of storm.',
    html: `<p>The harbour of Port Verity reopened on Sunday after three days of storm.</p><p>Ada Byline, The Herald — <a href="${url}" rel="noopener external">Source link</a></p>`,
    authors: ['Ada Byline'],
    language: 'en',
    publishedAt: '2026-03-01T08:00:00.000Z',
    updatedAt: null,
    fetchedAt: '2026-03-01T09:00:00.000Z',
    readingMinutes: 3,
    wordCount: 640,
    image: null,
    categories: [{ path: 'world/harbours', label: 'Harbours', confidence: 0.9, by: 'model' }],
    tags: ['Port Verity'],
    story: null,
    source: { id: 'herald', name: 'The Herald', homepage: 'https://herald.example/' },
    attribution: {
      label: 'Source link',
      url,
      author: 'Ada Byline',
      publisher: 'The Herald',
      publishedAt: '2026-03-01T08:00:00.000Z',
    },
    rights: { level: 'excerpt', reason: 'the source allows excerpts' },
    canonicalUrl: url,
    noindex: false,
    ...more,
  };
}

export function published(name: string, more: Partial<ContractArticle> = {}): ArticleMessage {
  const a = article(name, more);
  return { type: 'article.published', version: 1, id: a.id, revision: 1, sentAt: a.fetchedAt, article: a };
}

export function updated(name: string, revision: number, more: Partial<ContractArticle> = {}): ArticleMessage {
  const a = article(name, more);
  return { type: 'article.updated', version: 1, id: a.id, revision, sentAt: '2026-03-01T12:00:00.000Z', article: a };
}

export function retracted(name: string, revision: number, reason = 'the publisher withdrew it'): ArticleMessage {
  const { id, canonicalUrl, source } = article(name);
  return {
    type: 'article.retracted',
    version: 1,
    id,
    revision,
    sentAt: '2026-03-01T13:00:00.000Z',
    article: { id, canonicalUrl, source },
    reason,
  };
}
