import { setImmediate } from 'node:timers/promises';
import { Readability } from '@mozilla/readability';
import { messageOf } from '../config/errors.js';
import type { Settings } from '../config/settings.js';
import type { Source } from '../config/sources.js';
import type { PageInput } from '../extractors/article.js';
import { parseDocument } from '../extractors/dom/dom.js';
import { type PageParts, readParts } from '../extractors/extract.js';
import type { Profile } from '../extractors/profile/profile.js';
import { decode } from '../text/charset.js';
import { countWords } from '../text/excerpt.js';
import { NO_HINTS, sourceOfUrl } from '../workers/crawl/source-of-url.js';
import { inputOf } from '../workers/page-input.js';
import { bytesOf, type Half, type LabelledPage, type LabelledSet, openSets, type Truth } from './labelled-set.js';
import { profilesWithoutOwn } from './outlet-profiles.js';

export type ReadOptions = {
  half: Half;
  /** Give each page the profile learned from its outlet's other pages. */
  byOutlet: boolean;
  /** Whose rules, language and time zone are used on the pages of their hosts. */
  sources: readonly Source[];
  settings: Settings;
  /** What pages are taken to have been fetched at. */
  fetchedAt: Date;
  /** @throws its reason between two pages */
  signal?: AbortSignal | undefined;
  /** Called after each page. */
  onPage?: (done: number, total: number) => void;
};

/** What an extractor says of a page. `date` is ISO 8601 with the offset that the page wrote, or a day. */
export type Extracted = { articleBody: string; title: string | null; authors: string[]; date: string | null };

/** One page of a set as it was read, beside what plain Readability makes of it. */
export type ReadPage = {
  id: string;
  truth: Truth;
  ours: Extracted;
  plain: Extracted;
  /** Where each of our fields was found. */
  from: { title: string | null; authors: string | null; date: string | null };
  /** Why the quality gate would refuse it, in one word; its text is scored all the same. */
  refused: string | null;
};

export type ReadSet = { name: string; unlabelled: string[]; pages: ReadPage[]; cpuMsPerPage: number };

/** A page that could not be read, and by whom: `file` is before either. */
export type FailedPage = { set: string; id: string; by: 'file' | 'ours' | 'plain'; reason: string };

/**
 * Reads all pages of the sets at `dir`, each as the pipeline does and by plain Readability. A page that fails is scored
 * as an empty one.
 * @throws SourcelinkError when `dir` is no set
 */
export async function readSets(
  dir: string,
  options: ReadOptions,
): Promise<{ sets: ReadSet[]; failed: FailedPage[]; total: number }> {
  const sets = openSets(dir, options.half);
  const total = sets.reduce((sum, s) => sum + s.pages.length, 0);
  const failed: FailedPage[] = [];
  const read: ReadSet[] = [];
  let done = 0;
  for (const set of sets) {
    const profileOf = options.byOutlet ? await learnedFrom(set, options) : () => null;
    const pages: ReadPage[] = [];
    let cpu = 0;
    for (const page of set.pages) {
      const attempt = <T>(by: FailedPage['by'], run: () => T): T | null => {
        try {
          return run();
        } catch (error) {
          failed.push({ set: set.name, id: page.id, by, reason: messageOf(error) });
          return null;
        }
      };
      const bytes = attempt('file', () => bytesOf(page));
      const began = process.cpuUsage();
      const ours = bytes && attempt('ours', () => readPage(page, bytes, options, profileOf(page.id)));
      const { user, system } = process.cpuUsage(began);
      cpu += (user + system) / 1000;
      const plain = bytes && attempt('plain', () => plainReadability(page, bytes));
      pages.push({ id: page.id, truth: page.truth, ...(ours ?? NOTHING), plain: plain ?? NOTHING.ours });
      options.onPage?.(++done, total);
      // Reading never waits by itself: here a signal is heard.
      await setImmediate();
      options.signal?.throwIfAborted();
    }
    read.push({ name: set.name, unlabelled: set.unlabelled, pages, cpuMsPerPage: cpu / Math.max(1, pages.length) });
  }
  return { sets: read, failed, total };
}

/** What was read of each page, by its id; ids that several sets share stand as `set/id`. */
export function outputsOf(sets: readonly ReadSet[]): Record<string, Extracted> {
  const times = new Map<string, number>();
  for (const { pages } of sets) for (const { id } of pages) times.set(id, (times.get(id) ?? 0) + 1);
  const keyOf = (set: string, id: string) => ((times.get(id) ?? 0) > 1 ? `${set}/${id}` : id);
  return Object.fromEntries(sets.flatMap((s) => s.pages.map((p) => [keyOf(s.name, p.id), p.ours])));
}

const NOTHING: Omit<ReadPage, 'id' | 'truth' | 'plain'> = {
  ours: { articleBody: '', title: null, authors: [], date: null },
  from: { title: null, authors: null, date: null },
  refused: null,
};

async function learnedFrom(set: LabelledSet, options: ReadOptions): Promise<(id: string) => Profile | null> {
  const digests = [];
  for (const page of set.pages) {
    try {
      const { body } = partsOf(page, bytesOf(page), options, null);
      if (body) digests.push({ id: page.id, url: page.truth.url, digest: body.digest });
    } catch {
      // A page that cannot be read teaches nothing; it is reported when its turn comes.
    }
    await setImmediate();
    options.signal?.throwIfAborted();
  }
  return profilesWithoutOwn(digests);
}

function partsOf(page: LabelledPage, bytes: Uint8Array, options: ReadOptions, profile: Profile | null): PageParts {
  return readParts(inputFor(page, bytes, options, profile));
}

function inputFor(
  { truth }: LabelledPage,
  bytes: Uint8Array,
  options: ReadOptions,
  profile: Profile | null,
): PageInput {
  const { settings, sources, fetchedAt } = options;
  const headers = { 'content-type': contentType(truth) };
  return inputOf(
    settings,
    sourceOfUrl(sources, truth.url),
    { url: truth.url, bytes, headers, fetchedAt },
    NO_HINTS,
    profile,
  );
}

const contentType = (truth: Truth): string => `text/html; charset=${truth.charset ?? 'utf-8'}`;

function readPage(page: LabelledPage, bytes: Uint8Array, options: ReadOptions, profile: Profile | null) {
  const { meta, title, body, text } = partsOf(page, bytes, options, profile);
  return {
    ours: { articleBody: text, title: title?.text ?? null, authors: meta.authors, date: meta.publishedDay },
    from: {
      title: title?.from ?? null,
      authors: meta.provenance['authors'] ?? null,
      date: meta.provenance['publishedAt'] ?? null,
    },
    refused: refusalOf({ title, body, text }, options.settings.extract.minWords),
  };
}

function refusalOf({ title, body, text }: Pick<PageParts, 'title' | 'body' | 'text'>, minWords: number): string | null {
  if (title === null) return 'no-title';
  if (body === null || countWords(text, null) < minWords) return 'too-short';
  return body.notArticle?.kind ?? null;
}

function plainReadability({ truth }: LabelledPage, bytes: Uint8Array): Extracted {
  const { html } = decode(bytes, contentType(truth), null);
  const read = new Readability(parseDocument(html)).parse();
  return {
    articleBody: read?.textContent ?? '',
    title: read?.title ?? null,
    authors: read?.byline ? [read.byline] : [],
    date: read?.publishedTime ?? null,
  };
}
