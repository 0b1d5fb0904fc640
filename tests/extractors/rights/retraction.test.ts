import { describe, expect, it } from 'vitest';
import { extract } from '../../../extractors/extract.js';
import { articlePage, pageInput } from '../page-input.js';

const verdict = (html: string): string => {
  try {
    extract(pageInput(html));
    return 'article';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'error';
  }
};
const stub = (sentence: string, title = 'Council puts off vote'): string =>
  `<html><head><title>${title}</title></head><body><nav><a href="/">Home</a></nav><main><h1>${title}</h1><p>${sentence}</p></main></body></html>`;

describe('a retraction notice', () => {
  it.each([
    'This article has been removed.',
    'This story was retracted because its main source could not be verified.',
    'Editor’s note: This article has been withdrawn at the request of the agency.',
    'Dieser Artikel wurde gelöscht.',
    'Cet article a été retiré à la demande de son auteur.',
    'Este artículo ha sido retirado.',
    'Questo articolo è stato rimosso.',
    'Esta notícia foi removida.',
    'Dit artikel is verwijderd.',
    'Ten artykuł został usunięty.',
    'Эта статья удалена.',
    'この記事は削除されました。',
    '本文已被删除。',
    '이 기사는 삭제되었습니다.',
    'تم حذف هذا المقال',
  ])('is read where nothing else is left: %s', (sentence) => {
    expect(verdict(stub(sentence))).toBe('EXTRACT_RETRACTED');
  });

  it.each([
    [
      'structured data',
      articlePage({
        head: '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","creativeWorkStatus":"Retracted"}</script>',
      }),
    ],
    ['a label before the headline', articlePage({ title: 'RETRACTED: Council puts off vote on the northern quay' })],
    [
      'a note above a text that still stands',
      articlePage().replace('<p>The council', '<p>This article has been retracted.</p><p>The council'),
    ],
  ])('is read from %s', (_, html) => {
    expect(verdict(html)).toBe('EXTRACT_RETRACTED');
  });

  it.each([
    [
      'a report about a retraction',
      articlePage({ title: 'Retracted study on ferries is cited again' }).replace(
        '<p>The council',
        '<p>The article was retracted by the journal on Monday.</p><p>The council',
      ),
    ],
    [
      'a quotation further down',
      articlePage({ after: '<p>“This article has been removed”, the site of the paper said.</p>' }),
    ],
    [
      'a message about the reader’s list',
      articlePage({ before: '<p>This article has been removed from your reading list.</p>' }),
    ],
    [
      'a reader’s comment that is gone',
      articlePage({ after: '<section class="comments"><p>This comment has been removed.</p></section>' }),
    ],
  ])('is not %s', (_, html) => {
    expect(verdict(html)).toBe('article');
  });
});
