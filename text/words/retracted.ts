import type { ByLanguage } from './phrases.js';

const each = (subjects: string[], said: string[]): string[] => subjects.flatMap((s) => said.map((v) => `${s} ${v}`));

/** How an outlet begins to say that it took an article back. */
export const RETRACTED: ByLanguage = {
  en: [
    ...each(
      ['this article', 'this story', 'this report', 'this news item', 'this page'],
      [
        ...['has been', 'was', 'is'].flatMap((be) =>
          ['retracted', 'withdrawn', 'removed', 'taken down', 'deleted', 'unpublished'].map((v) => `${be} ${v}`),
        ),
        'has since been retracted',
        'has since been removed',
      ],
    ),
    ...each(
      ['we have retracted', 'we have withdrawn', 'we have removed'],
      ['this article', 'this story', 'this report'],
    ),
  ],
  de: each(
    ['dieser artikel', 'dieser beitrag', 'dieser text', 'diese meldung'],
    ['wurde zurückgezogen', 'wurde gelöscht', 'wurde entfernt', 'wurde depubliziert', 'ist zurückgezogen worden'],
  ),
  fr: [
    ...each(['cet article', 'ce contenu'], ['a été retiré', 'a été supprimé', 'a été dépublié']),
    ...each(['cette page', 'cette dépêche'], ['a été retirée', 'a été supprimée', 'a été annulée']),
  ],
  es: [
    ...each(
      ['este artículo', 'este contenido'],
      ['ha sido retirado', 'ha sido eliminado', 'fue retirado', 'fue eliminado'],
    ),
    ...each(
      ['esta noticia', 'esta página', 'esta nota'],
      ['ha sido retirada', 'ha sido eliminada', 'fue retirada', 'fue eliminada'],
    ),
  ],
  it: [
    ...each(['questo articolo', 'questo contenuto'], ['è stato rimosso', 'è stato ritirato', 'è stato cancellato']),
    ...each(['questa notizia', 'questa pagina'], ['è stata rimossa', 'è stata ritirata', 'è stata cancellata']),
  ],
  pt: [
    ...each(
      ['este artigo', 'este conteúdo', 'este texto'],
      ['foi removido', 'foi retirado', 'foi apagado', 'foi eliminado'],
    ),
    ...each(
      ['esta notícia', 'esta página', 'esta reportagem'],
      ['foi removida', 'foi retirada', 'foi apagada', 'foi eliminada'],
    ),
  ],
  nl: each(
    ['dit artikel', 'dit bericht', 'dit verhaal'],
    ['is verwijderd', 'is ingetrokken', 'is teruggetrokken', 'is offline gehaald'],
  ),
  pl: each(['ten artykuł'], ['został usunięty', 'został wycofany', 'został skasowany']),
  tr: [
    'bu haber kaldırıldı',
    'bu haber yayından kaldırıldı',
    'bu haber yayından kaldırılmıştır',
    'bu haber geri çekildi',
    'bu içerik kaldırıldı',
  ],
  ru: each(
    ['эта статья', 'эта публикация'],
    ['удалена', 'была удалена', 'отозвана', 'была отозвана', 'снята с публикации'],
  ),
  uk: each(['цю статтю', 'цей матеріал'], ['видалено', 'було видалено', 'відкликано', 'знято з публікації']),
  ar: ['تم حذف هذا المقال', 'تم سحب هذا المقال', 'تمت إزالة هذا المقال', 'تم حذف هذا الخبر', 'تم سحب هذا الخبر'],
  he: ['כתבה זו הוסרה', 'ידיעה זו הוסרה', 'כתבה זו נמחקה'],
  hi: [
    'यह लेख हटा दिया गया',
    'यह खबर हटा दी गई',
    'यह लेख वापस ले लिया गया',
    'इस लेख को हटा दिया गया',
    'इस खबर को हटा दिया गया',
  ],
  ja: ['この記事は削除', 'この記事は取り下げ', 'この記事は撤回', 'この記事を取り消し', 'この記事を削除しました'],
  zh: [
    '本文已被删除',
    '本文已删除',
    '本文已撤回',
    '此文章已被删除',
    '该文章已被删除',
    '这篇文章已被删除',
    '该文已撤回',
    '本文已被刪除',
    '本文已撤回',
    '此文章已被刪除',
  ],
  ko: ['이 기사는 삭제', '이 기사는 취소', '본 기사는 삭제', '해당 기사는 삭제', '삭제된 기사입니다'],
};

/** A headline that begins with one of these and a mark was put over an article that is taken back. */
export const LABELS: ByLanguage = {
  en: [
    'retracted',
    'article retracted',
    'story retracted',
    'story withdrawn',
    'article withdrawn',
    'article removed',
    'story removed',
  ],
  de: ['zurückgezogen', 'artikel zurückgezogen', 'artikel gelöscht', 'artikel entfernt'],
  fr: ['article retiré', 'article supprimé', 'dépêche annulée'],
  es: ['artículo retirado', 'noticia retirada', 'artículo eliminado'],
  it: ['articolo ritirato', 'articolo rimosso'],
  pt: ['artigo removido', 'notícia removida', 'texto removido'],
  nl: ['ingetrokken', 'artikel ingetrokken', 'artikel verwijderd'],
  pl: ['artykuł usunięty', 'artykuł wycofany'],
  tr: ['haber kaldırıldı'],
  ru: ['статья удалена', 'статья отозвана'],
  uk: ['статтю видалено', 'статтю відкликано'],
};

/** What a reader's own lists say: theirs is the article that was removed. */
export const OWN_LIST =
  /\b(?:your|my|saved|bookmarks?|favou?rites?|reading list|watchlist|merkliste|lesezeichen|favoriten|vos|votre|favoris|tus?|sus|favoritos|preferiti|seus|lijst|favorieten)\b|お気に入り|收藏|избранн/iu;
