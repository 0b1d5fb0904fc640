import { explainFiling } from '../analysis/categories/explain.js';
import type { Category } from '../config/categories.js';
import { recentTexts } from '../ledger/corrections.js';
import type { DuplicateWhy } from '../ledger/duplicates.js';
import type { ArticleDetail } from '../ledger/read/views.js';
import { relatedPassages, type Sharing, type StoryWhy, storyWhy } from '../ledger/read/why.js';
import type { Db } from '../ledger/schema.js';
import { classifiable } from '../workers/categorize/categorize.js';
import type { Terminal } from './terminal.js';
import { count, moment } from './wording.js';

/** Explains the decisions about an article: which article it copies, its story, and the reasons for its categories. */
export type Reasons = {
  copy: DuplicateWhy | null;
  related: Sharing[];
  story: StoryWhy | null;
  categories: { path: string; by: string; words: string[] }[];
};

const RECENT = 300;

export async function reasonsOf(db: Db, detail: ArticleDetail, categories: Category[]): Promise<Reasons> {
  const { article } = detail;
  if (article === null) return { copy: null, related: [], story: null, categories: [] };
  const recent = (await recentTexts(db, RECENT)).map(classifiable);
  const paths = article.categories.map((c) => c.path);
  const words = explainFiling(categories, classifiable(article), paths, recent);
  return {
    copy: article.duplicateWhy as DuplicateWhy | null,
    related: await relatedPassages(db, article),
    story: await storyWhy(db, article),
    categories: article.categories.map(({ path, by }) => ({ path, by, words: words.get(path) ?? [] })),
  };
}

export function showWhy(terminal: Terminal, { article: a, candidate: c, pages }: ArticleDetail, r: Reasons): void {
  terminal.print(`\n${terminal.style('bold', 'Why')}`);
  terminal.facts([
    ['discovered by', c.hints.via],
    ['pages', pages.map((p) => `${moment(p.fetchedAt)} ${p.via}, ${p.bytes} bytes, ${p.url}`).join('\n')],
    ['checks', c.unchangedLooks > 0 ? `${count(c.unchangedLooks, 'later check')} found no change` : null],
    ...Object.entries(a?.provenance ?? {}),
    ...(a?.rights.signals ?? []).map((s): [string, string] => ['rights', `${s.name} ${s.value}: ${s.says}`]),
    ['copy', r.copy && copyLine(r.copy)],
    ['related', r.related.map(relatedLine).join('\n')],
    ['story', r.story && storyLine(r.story)],
    ...r.categories.map((k): [string, string] => ['category', categoryLine(k)]),
  ]);
}

const HOW = {
  url: 'its canonical link names it',
  exact: 'the texts are the same',
  near: 'they share a passage',
  person: 'decided by a person',
};

function copyLine(w: DuplicateWhy): string {
  const share = w.score > 0 ? `; ${percent(w.score)} of the shorter text is the same` : '';
  const others = w.comparedWith ? `, compared with another copy of it (${w.comparedWith.slice(0, 8)})` : '';
  const passage = w.passage === '' ? '' : `\n“${w.passage}”`;
  return `of "${w.original.title}" (${w.original.source}, ${w.original.id.slice(0, 8)}): ${HOW[w.by]}${share}${others}${passage}`;
}

function relatedLine(s: Sharing): string {
  const passage = s.passage === '' ? '' : `: “${s.passage}”`;
  return `${percent(s.score)} "${s.title}" (${s.source}, ${s.id.slice(0, 8)})${passage}`;
}

function storyLine(s: StoryWhy): string {
  const head = `"${s.headline}" (${s.id.slice(0, 8)})`;
  if (s.others === 0) return `${head}: it is the only article`;
  const words = s.words.length > 0 ? `; in common: ${s.words.join(', ')}` : '';
  return `${head}, with ${count(s.others, 'other article')}${words}${s.pinned ? '; a person corrected it' : ''}`;
}

const BY: Record<string, string> = {
  pin: 'pinned to its source',
  person: 'filed by a person',
  fallback: 'fallback: no category reached the threshold',
  model: 'by the model learned from corrections',
  keywords: 'by keywords',
};

function categoryLine(k: Reasons['categories'][number]): string {
  const words = k.words.length > 0 ? `: ${k.words.join(', ')}` : '';
  return `${k.path}: ${BY[k.by] ?? k.by}${words}`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
