import { type Chrome, labelOf, to } from './chrome.js';
import type { FullArticle } from './store/article.js';
import { keyOf } from './words.js';

/** schema.org `NewsArticle`. It states that the page is based on (`isBasedOn`) the original, and names its publisher. */
export function articleFacts(chrome: Chrome, a: FullArticle): object {
  const page = `${chrome.publicUrl}${to.article(a.slug)}`;
  const publisher = { '@type': 'NewsMediaOrganization', name: a.source.name, url: a.source.homepage };
  const authors = a.authors.map((name) => ({
    '@type': 'Person',
    name,
    url: `${chrome.publicUrl}${to.author(keyOf(name))}`,
  }));
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: a.title,
    ...(a.excerpt === '' ? {} : { description: a.excerpt }),
    url: page,
    mainEntityOfPage: page,
    isBasedOn: { '@type': 'NewsArticle', url: a.attribution.url, headline: a.title, publisher },
    ...(a.publishedAt === null ? {} : { datePublished: a.publishedAt }),
    ...(a.updatedAt === null ? {} : { dateModified: a.updatedAt }),
    author: authors.length > 0 ? authors : publisher,
    publisher,
    sdPublisher: { '@type': 'Organization', name: chrome.name, url: chrome.publicUrl },
    ...(a.image === null ? {} : { image: a.image.url }),
    ...(a.language === null ? {} : { inLanguage: a.language }),
    ...(a.categories[0] ? { articleSection: labelOf(chrome, a.categories[0]) } : {}),
    ...(a.tags.length > 0 ? { keywords: a.tags } : {}),
    wordCount: a.wordCount,
  };
}
