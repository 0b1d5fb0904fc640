import type { ArticleMessage, ContractArticle } from '../../../contract/contract.js';
import { urnOf } from './feed.js';

const STANDARD = {
  name: 'ninjs',
  version: '3.1',
  schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#',
};

/** A message as a news object of IPTC ninjs 3.1; a retracted article is one that is `canceled`. */
export function renderNinjs(message: ArticleMessage): Record<string, unknown> {
  const head = {
    uri: urnOf(message.id),
    type: 'text',
    standard: STANDARD,
    version: String(message.revision),
    versionCreated: message.sentAt,
  };
  if (message.type === 'article.retracted') {
    const { canonicalUrl, source } = message.article;
    return {
      ...head,
      pubStatus: 'canceled',
      edNote: message.reason,
      infoSources: [publisherOf(source)],
      altIds: [{ role: 'canonical', value: canonicalUrl }],
    };
  }
  const a = message.article;
  return {
    ...head,
    pubStatus: 'usable',
    representationType: a.rights.level === 'full' ? 'full' : 'partial',
    ...(a.publishedAt ? { contentCreated: a.publishedAt } : {}),
    ...(a.language ? { language: a.language } : {}),
    title: a.title,
    headlines: [{ role: 'main', value: a.title }],
    slugline: a.slug,
    by: a.attribution.author ?? a.attribution.publisher,
    copyrightHolder: a.attribution.publisher,
    usageTerms: `${a.rights.level}: ${a.rights.reason} Source link: ${a.attribution.url}`,
    rightsInfo: { linkedRights: a.attribution.url },
    descriptions: a.excerpt === '' ? [] : [{ role: 'summary', contentType: 'text/plain', value: a.excerpt }],
    bodies: bodiesOf(a),
    people: a.authors.map((name) => ({ name, rel: 'author' })),
    infoSources: [publisherOf(a.source)],
    subjects: subjectsOf(a),
    altIds: [
      { role: 'canonical', value: a.canonicalUrl },
      { role: 'slug', value: a.slug },
    ],
    associations: [...pictureOf(a), ...coverageOf(a)],
  };
}

const publisherOf = (source: { id: string; name: string; homepage: string }) => ({
  name: source.name,
  role: 'publisher',
  uri: source.homepage,
  literal: source.id,
});

function bodiesOf(a: ContractArticle) {
  return [
    { role: 'main', contentType: 'text/html', value: a.html },
    ...(a.text === undefined
      ? []
      : [{ role: 'main', contentType: 'text/plain', wordCount: a.wordCount, charCount: a.text.length, value: a.text }]),
  ];
}

function subjectsOf(a: ContractArticle) {
  return [
    ...a.categories.map((c) => ({
      name: c.label,
      rel: 'category',
      literal: c.path,
      creator: c.by,
      confidence: Math.round(c.confidence * 100),
    })),
    ...a.tags.map((name) => ({ name, rel: 'keyword' })),
  ];
}

function pictureOf(a: ContractArticle) {
  if (!a.image) return [];
  const { url, alt, credit, width, height } = a.image;
  return [
    {
      name: 'featured',
      rel: 'featured',
      uri: url,
      type: 'picture',
      ...(alt ? { descriptions: [{ role: 'caption', contentType: 'text/plain', value: alt }] } : {}),
      ...(credit ? { by: credit } : {}),
      renditions: [{ name: 'original', href: url, ...(width ? { width } : {}), ...(height ? { height } : {}) }],
    },
  ];
}

/** Other reports of the same event. */
function coverageOf(a: ContractArticle) {
  return (a.story?.coverage ?? []).map((c) => ({
    name: c.source,
    rel: 'coverage',
    uri: c.url,
    type: 'text',
    headlines: [{ role: 'main', value: c.title }],
  }));
}
