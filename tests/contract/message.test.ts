import { describe, expect, it } from 'vitest';
import { ArticleMessage, ContractArticle } from '../../contract/contract.js';
import { contractArticle, messageOf, slugOf } from '../../contract/message.js';
import type { ArticleRow } from '../../ledger/articles.js';
import { articleRow } from '../setup/article-row.js';

const SOURCE = { id: 'herald', name: 'The Herald', url: 'https://herald.example/' };
const of = (more: Partial<ArticleRow> = {}, source = SOURCE) =>
  contractArticle(articleRow(more), source, { excerptWords: 20 });
const rights = (level: 'full' | 'excerpt' | 'link') => ({ level, reason: 'said so', signals: [] });

describe('message', () => {
  it.each(['full', 'excerpt', 'link'] as const)('ends the html of level %s with the Source link', (level) => {
    const a = of({ rights: rights(level) });
    expect(ContractArticle.parse(a)).toEqual(a);
    expect(a.html).toMatch(
      /<p>Ada Byline, The Herald, <time datetime="2026-03-01T08:00:00.000Z">2026-03-01<\/time> — <a href="https:\/\/herald\.example\/a" rel="noopener external">Source link<\/a><\/p>$/,
    );
    expect(a.attribution).toMatchObject({ label: 'Source link', publisher: 'The Herald' });
  });

  it('gives no more of the article than its rights allow', () => {
    const [full, excerpt, link] = (['full', 'excerpt', 'link'] as const).map((l) => of({ rights: rights(l) }));
    expect(full?.text).toContain('Second paragraph');
    expect(full?.noindex).toBe(true);
    expect(excerpt?.text).toBeUndefined();
    expect(excerpt?.html).not.toContain('Second paragraph');
    expect(excerpt?.image).not.toBeNull();
    expect(link).toMatchObject({ excerpt: '', image: null });
    expect(link?.html.startsWith('<p>Ada Byline')).toBe(true);
  });

  it.each([
    ['a source without a name', {}, { ...SOURCE, name: ' ' }],
    ['a source without a home page', {}, { ...SOURCE, url: '' }],
    ['an article without a URL', { canonicalUrl: '' }, SOURCE],
    ['an article whose URL is no web address', { canonicalUrl: 'javascript:alert(1)' }, SOURCE],
  ])('publishes nothing of %s', (_, more, source) => {
    expect(() => of(more, source)).toThrow(expect.objectContaining({ code: 'PUBLISH_NO_ATTRIBUTION' }));
  });

  it('escapes what it writes into html', () => {
    const a = of({ authors: ['<script>alert(1)</script>'], canonicalUrl: 'https://herald.example/a?b="c"&d=<e>' });
    expect(a.html).not.toContain('<script>');
    expect(a.html).not.toContain('"c"');
  });

  it('is published the first time, updated from then on, with the same id', () => {
    const first = articleRow();
    const article = of();
    const at = new Date('2026-03-02T00:00:00Z');
    const a = messageOf(first, article, at);
    const b = messageOf({ ...first, revision: 1, publishedHash: 'before' }, article, at);
    expect([a.type, a.revision, b.type, b.revision]).toEqual(['article.published', 1, 'article.updated', 2]);
    // One that was taken back is published anew, by the number that follows.
    const again = messageOf({ ...first, revision: 2, publishedHash: null }, article, at);
    expect([again.type, again.revision]).toEqual(['article.published', 3]);
    expect(b.id).toBe(a.id);
    expect(ArticleMessage.parse(a)).toEqual(a);
  });

  it('says null, never now, for dates that are not known', () => {
    const a = of({ publishedAt: null, updatedAt: null });
    expect([a.publishedAt, a.updatedAt, a.attribution.publishedAt]).toEqual([null, null, null]);
    expect(a.html).not.toContain('<time');
  });

  it('keeps the excerpt within what operator and page allow', () => {
    const text = 'One two three. Four five six. Seven eight nine ten eleven twelve.';
    const limited = (maxCharacters: number | null, excerptWords = 20) =>
      contractArticle(articleRow({ excerpt: text, rights: { ...rights('excerpt'), maxCharacters } }), SOURCE, {
        excerptWords,
      }).excerpt;
    expect([limited(null), limited(null, 7), limited(30), limited(9), limited(3)]).toEqual([
      text,
      'One two three. Four five six.',
      'One two three. Four five six.',
      'One two …',
      '',
    ]);
  });

  it('makes slugs that are readable and unique', () => {
    expect(slugOf('Élan vital: A “Story”!', '0f8fad5b-d9cb')).toBe('elan-vital-a-story-0f8fad5b');
    expect(slugOf('???', '0f8fad5b-d9cb')).toBe('article-0f8fad5b');
    expect(slugOf('word '.repeat(40), '0f8fad5b-d9cb').length).toBeLessThan(85);
  });
});
