import type { Classifier } from '../../analysis/categories/classify.js';
import type { NewEntry, WrittenEntry } from '../../config/sources-text.js';
import type { Interval } from '../../config/values.js';
import type { Discovered } from '../../crawlers/discover/discover.js';
import type { Article } from '../../extractors/article.js';
import type { Publisher } from '../../extractors/metadata/publisher.js';
import { idFor, nameFor } from './naming.js';
import { intervalFor } from './rhythm.js';
import type { Sampled } from './sample.js';
import { timezoneOf } from './timezone.js';

/** What is known of an outlet that nobody has configured yet. */
export type Looked = {
  /** Its home page, after moves for good. */
  url: string;
  seen: Discovered;
  home: Publisher | null;
  sampled: Sampled[];
  /** What the sampled pages say of the outlet. */
  pages: Publisher[];
};

/** What the operator said on the command line. */
export type Chosen = { id?: string; name?: string; category?: string; republish?: string; every?: string };

export type Proposal = NewEntry & {
  /** How many of the articles the classifier put where, most first. */
  categories: { value: string; articles: number }[];
  /** Null when too few dates are known. */
  perDay: number | null;
  /** ISO 8601 of its newest article, null when no date is known. */
  newest: string | null;
};

/** Shares of the articles that must agree. */
const SAME_LANGUAGE = 0.7;
const SAME_CATEGORY = 0.9;
const ASKS_FOR_LESS = 0.5;
/** Articles without which one category says nothing of the outlet. */
const ENOUGH = 5;

/** The entry that fits an outlet, with the reason of each field beside it. */
export function propose(
  looked: Looked,
  context: { taken: ReadonlySet<string>; defaultEvery: Interval | null; chosen: Chosen; classifier: Classifier },
): Proposal {
  const { url, seen, home, sampled, pages } = looked;
  const { chosen } = context;
  const articles = sampled.flatMap((s) => s.article ?? []);
  const host = new URL(url).hostname;
  const name = nameFor(url, home, pages);
  const language = languageOf(articles);
  const rights = rightsOf(articles, host);
  const stamps = [...(home ? [home] : []), ...pages].flatMap((p) => p.stamps);
  const zone = timezoneOf(host, home?.locale ?? pages[0]?.locale ?? null, language, stamps);
  const dates = datesOf(looked);
  const rhythm = intervalFor(dates);
  const categories = tally(articles.flatMap((a) => categoryOf(a, context.classifier) ?? []));
  const [first] = categories;
  const isOne = first !== undefined && first.articles >= Math.max(ENOUGH, SAME_CATEGORY * articles.length);

  const entry: WrittenEntry = { id: chosen.id ?? idFor(url, context.taken), name: chosen.name ?? name.name, url };
  const comments: Record<string, string> = {};
  const add = (field: string, value: unknown, reason: string): void => {
    entry[field] = value;
    if (reason !== '') comments[field] = reason;
  };
  if (chosen.name === undefined) comments['name'] = name.reason;
  const { feeds, sitemaps } = placesOf(seen);
  if (feeds.length > 0) add('feeds', feeds, '');
  if (sitemaps.length > 0) add('sitemaps', sitemaps, '');
  if (feeds.length + sitemaps.length === 0) comments['url'] = seen.how;
  add('republish', chosen.republish ?? rights.level, chosen.republish ? '' : rights.reason);
  if (language !== null) add('language', language, '');
  if (zone !== null) add('timezone', zone.timezone, zone.reason);
  if (chosen.every !== undefined) add('every', chosen.every, '');
  else if (rhythm !== null && !fits(rhythm.everyMs, context.defaultEvery))
    add('every', rhythm.every, `it publishes ${rate(rhythm.perDay)}`);
  if (chosen.category !== undefined) add('category', chosen.category, '');
  else if (isOne && first) add('category', first.value, `${first.articles} of ${articles.length} articles`);
  const newest = dates.sort().at(-1) ?? null;
  return { entry, comments, categories, perDay: rhythm?.perDay ?? null, newest };
}

/** Whether a source that says nothing is visited so often; one that follows the outlet's rhythm always is. */
const fits = (everyMs: number, usual: Interval | null): boolean =>
  usual !== null && (usual.minMs < usual.maxMs || usual.maxMs === everyMs);

/** When its articles were published: as its lists say, else as the pages that were read say. */
function datesOf({ seen, sampled }: Looked): string[] {
  const read = new Map(sampled.map((s) => [s.url, s.article?.publishedAt ?? null]));
  return seen.found.flatMap((f) => f.publishedAt ?? read.get(f.url) ?? f.updatedAt ?? []);
}

/** How often an outlet publishes, as people say it. */
export function rate(perDay: number): string {
  const [often, unit] = perDay >= 1 ? [perDay, 'day'] : perDay >= 1 / 7 ? [perDay * 7, 'week'] : [perDay * 30, 'month'];
  return `about ${Math.max(1, Math.round(often))} a ${unit}`;
}

/** Lists that answered. The parts of a sitemap index change, so the index stands for them. */
function placesOf(seen: Discovered): { feeds: string[]; sitemaps: string[] } {
  const parts = new Set(seen.tried.filter((t) => t.within !== null).map((t) => t.url));
  const good = seen.endpoints.filter((e) => e.error === null);
  return {
    feeds: good.filter((e) => e.kind === 'feed').map((e) => e.url),
    sitemaps: good.filter((e) => e.kind === 'sitemap' && !parts.has(e.url)).map((e) => e.url),
  };
}

function languageOf(articles: Article[]): string | null {
  const bases = tally(articles.flatMap((a) => (a.language === null ? [] : (a.language.split('-')[0] ?? []))));
  const [first] = bases;
  return first && first.articles >= SAME_LANGUAGE * articles.length ? first.value : null;
}

/**
 * Never more than the beginning of the text: that all of it may be shown stands in an outlet's terms, which a person reads.
 * Less where most of its pages ask for less.
 */
function rightsOf(articles: Article[], host: string): { level: string; reason: string } {
  const links = articles.filter((a) => a.rights.level === 'link');
  if (links.length > 0 && links.length >= ASKS_FOR_LESS * articles.length)
    return { level: 'link', reason: `${links.length} of ${articles.length} pages ask that no text be shown` };
  const licence = articles.flatMap((a) => a.rights.signals).find((s) => /license/.test(s.name));
  if (licence) return { level: 'excerpt', reason: `full only if the licence allows it: ${licence.value}` };
  if (/\.(?:gov|mil)$/.test(host))
    return {
      level: 'excerpt',
      reason: 'full if its texts are in the public domain, as those of the US government are',
    };
  return { level: 'excerpt', reason: 'full only if its terms allow it' };
}

function categoryOf(article: Article, classifier: Classifier): string | null {
  const { title, text, canonicalUrl: url, section, tags, language } = article;
  const [best] = classifier.classify({ title, text, url, section, tags, language });
  return best && best.by !== 'fallback' ? best.path : null;
}

/** How often each stands there, most first. */
function tally(names: string[]): { value: string; articles: number }[] {
  const counts = new Map<string, number>();
  for (const n of names) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].map(([value, articles]) => ({ value, articles })).sort((a, b) => b.articles - a.articles);
}
