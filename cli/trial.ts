import type { Config } from '../config/load.js';
import type { Source } from '../config/sources.js';
import type { FetchedPage } from '../crawlers/fetch/page.js';
import type { Article } from '../extractors/extract.js';
import type { ArticleMessage, CategoryRef, ContractArticle } from '../workers/contract.js';
import type { Terminal } from './terminal.js';
import type { ProfileEffect } from './try-profile.js';
import { count, moment } from './wording.js';

/** What was read of one page, and by which configuration. */
export type Trial = {
  config: Config;
  source: Source;
  page: FetchedPage;
  article: Article;
  profile: ProfileEffect;
  html: boolean;
};

const MOST_REMOVED = 12;

/** Shows what would be published of a page, and what decided it. */
export async function showTrial(terminal: Terminal, trial: Trial): Promise<void> {
  const { article: a, source, page } = trial;
  const { message, published } = await messageFor(trial);
  const left = await refusalOf(trial);
  terminal.result({
    ...message,
    why: {
      source: source.id,
      page: { url: page.url, via: page.via, bytes: page.bytes.byteLength },
      provenance: a.provenance,
      signals: a.rights.signals,
      removed: a.removed,
      agency: a.agency,
      section: a.section,
      profile: trial.profile,
      leftOut: left,
    },
  });
  if (terminal.json) return;
  const cameFrom = (field: string): string => {
    const by = a.provenance[field];
    return by ? terminal.style('dim', `  ← ${by}`) : '';
  };
  const date = (field: 'publishedAt' | 'updatedAt'): string =>
    a[field] === null ? terminal.style('yellow', 'unknown') : `${moment(a[field])}${cameFrom(field)}`;
  terminal.facts([
    ['title', `${terminal.style('bold', a.title)}${cameFrom('title')}`],
    ['Source link', `${a.canonicalUrl}${cameFrom('canonicalUrl')}`],
    ['source', `${source.name} (${source.id})`],
    ['authors', `${a.authors.join(', ') || terminal.style('yellow', 'none named')}${cameFrom('authors')}`],
    ['agency', a.agency && `${a.agency}${cameFrom('agency')}`],
    ['published', date('publishedAt')],
    ['updated', a.updatedAt && date('updatedAt')],
    ['language', a.language && `${a.language}${cameFrom('language')}`],
    ['profile', trial.profile.says],
    ['words', `${a.wordCount}${cameFrom('text')}`],
    ['image', a.image && `${a.image.url}${cameFrom('image')}`],
    ['section', a.section],
    ['tags', a.tags.join(', ')],
    ['rights', `${terminal.style('bold', a.rights.level)}: ${a.rights.reason}`],
    ['signals', a.rights.signals.map((s) => `${s.name} ${s.value}: ${s.says}`).join('\n')],
    ['noindex', published.noindex ? 'yes' : 'no'],
    ['categories', categoryLines(terminal, published.categories)],
    ['page', `${count(page.bytes.byteLength, 'byte')}, by ${page.via === 'browser' ? 'the browser' : 'plain HTTP'}`],
  ]);
  if (left) terminal.print(terminal.style('yellow', `\nIt would be left out: ${left.reason}.`));
  terminal.print(`\n${terminal.style('bold', `As published (${a.rights.level})`)}`);
  terminal.print(terminal.wrapped(published.text ?? (published.excerpt || 'Only title and link.')));
  terminal.print(terminal.style('dim', `— ${source.name}, Source link ${published.attribution.url}`));
  if (a.removed.length > 0) terminal.print(`\n${terminal.style('bold', 'Taken out of the text')}`);
  for (const r of a.removed.slice(0, MOST_REMOVED))
    terminal.item(`${r.why}: ${r.what.replace(/\s+/g, ' ').slice(0, 120)}`);
  if (a.removed.length > MOST_REMOVED) terminal.item(`and ${a.removed.length - MOST_REMOVED} more (--json has all)`);
  if (trial.html) terminal.print(`\n${terminal.style('bold', 'HTML')}\n${published.html}`);
}

function categoryLines(terminal: Terminal, all: CategoryRef[]): string {
  if (all.length === 0) return terminal.style('yellow', 'none fits');
  return all.map((c) => `${c.path} ${c.confidence.toFixed(2)} (${c.by})`).join('\n');
}

/** The first message of the article, as a worker would write it. */
async function messageFor({
  article,
  source,
  config,
}: Trial): Promise<{ message: ArticleMessage; published: ContractArticle }> {
  const [{ toContent }, { contractArticle, messageOf }, { createClassifier }, { categoriesOf }] = await Promise.all([
    import('../workers/extract.js'),
    import('../workers/message.js'),
    import('../workers/categories/classify.js'),
    import('../workers/categorize.js'),
  ]);
  const now = new Date();
  const row = {
    ...toContent(article, { id: 0, source_id: source.id }, { fetchedAt: now }, now),
    ...{ revision: 0, published_hash: null, fingerprint: null, duplicate_of: null, duplicate_why: null, related: [] },
    categories: [],
  };
  const classifier = createClassifier(config.categories, config.settings.categorize);
  const filed = { ...row, categories: categoriesOf({ classifier, categories: config.categories }, source, row) };
  const { excerptWords } = config.settings.publish;
  const published = contractArticle(filed, source, { excerptWords });
  return { message: messageOf(filed, published, now), published };
}

/** Whether the source's own filters leave the page out. */
async function refusalOf({ source, page }: Trial): Promise<{ code: string; reason: string } | null> {
  const { toCandidates } = await import('../workers/candidates.js');
  const found = {
    ...{ url: page.url, guid: null, title: null, authors: [], publishedAt: null, updatedAt: null },
    ...{ summary: null, image: null, language: null, tags: [], via: page.url },
  };
  return toCandidates(source, [found], new Date())[0]?.rejected ?? null;
}
