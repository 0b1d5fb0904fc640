import { createHash, randomUUID } from 'node:crypto';
import { createClassifier } from '../../analysis/categories/classify.js';
import type { Category } from '../../config/categories.js';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, type Source, SourceEntry } from '../../config/sources.js';
import { saveArticle } from '../../ledger/articles.js';
import { type Ledger, openLedger } from '../../ledger/db/connect.js';
import type { Db } from '../../ledger/schema.js';
import type { Context } from '../../workers/context.js';
import { createMeter } from '../../workers/metrics/meter.js';
import type { Backend } from './backends.js';

export function outlet(id: string, name: string, more: Record<string, unknown> = {}): Source {
  return resolveSource(SourceEntry.parse({ id, name, url: `https://${id}.example/`, ...more }));
}

/** A ledger and what the desk's stages need of a context; jobs are written down instead of sent. */
export type Desk = {
  ctx: Context;
  db: Db;
  jobs: { queue: string; data: unknown }[];
  /** An article that was extracted and waits at a stage. */
  put(a: Draft): Promise<{ id: string; candidateId: number }>;
  outcome(
    candidateId: number,
  ): Promise<{ stage: string; outcome: string | null; duplicateOf: string | null; reason: string | null }>;
  ledger: Ledger;
};

export type Draft = {
  source: string;
  text: string;
  url?: string;
  canonical?: string;
  title?: string;
  agency?: string;
  publishedAt?: string;
  stage?: 'dedupe' | 'categorize';
};

const unused = (what: string): never => {
  throw new Error(`the desk's stages have no ${what}`);
};

export async function openDesk(
  backend: Backend,
  sources: Source[],
  options: { categories?: Category[]; settings?: Record<string, unknown>; now?: () => Date } = {},
): Promise<Desk> {
  const log = createLogger('silent');
  const ledger = await openLedger({ ...backend, log });
  const settings = Settings.parse(options.settings ?? {});
  const jobs: Desk['jobs'] = [];
  const sink = { name: 'articles' } as unknown as Parameters<Context['sinks']['set']>[1];
  const ctx: Context = {
    db: ledger.db,
    queues: {
      kind: 'postgres',
      add: async (queue: string, data: unknown) => void jobs.push({ queue, data }),
    } as unknown as Context['queues'],
    settings,
    sources: new Map(sources.map((s) => [s.id, s])),
    categories: options.categories ?? [],
    sinks: new Map([['articles', sink]]),
    channels: new Map(),
    owner: randomUUID(),
    log,
    meter: createMeter(),
    signal: new AbortController().signal,
    client: { fetch: () => unused('network') } as unknown as Context['client'],
    browser: null,
    extractor: { extract: () => unused('extractor') } as unknown as Context['extractor'],
    classifier: createClassifier(options.categories ?? [], settings.categorize),
    now: options.now ?? (() => new Date('2026-03-02T12:00:00Z')),
  };
  return { ctx, db: ledger.db, jobs, ledger, put: (a) => put(ledger.db, a), outcome: (id) => outcome(ledger.db, id) };
}

let count = 0;

async function put(db: Db, a: Draft): Promise<{ id: string; candidateId: number }> {
  const url = a.url ?? `https://${a.source}.example/${++count}`;
  const key = (u: string): string => u.replace('https://', '');
  const old = await db
    .selectFrom('sourcelink.candidate')
    .select('id')
    .where('sourceId', '=', a.source)
    .where('urlKey', '=', key(url))
    .executeTakeFirst();
  const candidateId = old?.id ?? (await candidate(db, a.source, url, key(url)));
  const title = a.title ?? `Report number ${candidateId}`;
  const canonical = a.canonical ?? url;
  const id = await saveArticle(db, {
    id: randomUUID(),
    candidateId: candidateId,
    sourceId: a.source,
    urlKey: key(canonical),
    canonicalUrl: canonical,
    slug: `report-${candidateId}`,
    title,
    authors: [],
    agency: a.agency ?? null,
    publishedAt: a.publishedAt === undefined ? null : new Date(a.publishedAt),
    updatedAt: null,
    fetchedAt: new Date('2026-03-02T11:00:00Z'),
    firstSeenAt: new Date('2026-03-02T11:00:00Z'),
    language: 'en',
    excerpt: a.text.slice(0, 80),
    text: a.text,
    html: `<p>${a.text}</p>`,
    image: null,
    tags: [],
    section: null,
    wordCount: a.text.split(' ').length,
    rights: { level: 'excerpt', reason: 'the source allows excerpts', signals: [] },
    noindex: false,
    provenance: {},
    contentHash: createHash('sha256')
      .update(title + a.text)
      .digest('hex'),
  });
  await db
    .updateTable('sourcelink.candidate')
    .set({ stage: a.stage ?? 'dedupe', outcome: null, nextTryAt: new Date(), articleId: id })
    .where('id', '=', candidateId)
    .execute();
  return { id, candidateId };
}

async function candidate(db: Db, source: string, url: string, key: string): Promise<number> {
  const { id } = await db
    .insertInto('sourcelink.candidate')
    .values({ sourceId: source, url, urlKey: key, hints: JSON.stringify({}) as never })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function outcome(db: Db, id: number) {
  return db
    .selectFrom('sourcelink.candidate')
    .select(['stage', 'outcome', 'duplicateOf', 'reason'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

const NAMES =
  'harbour council minister river station teacher engine winter market bridge forest signal ledger captain valley'.split(
    ' ',
  );
const DEEDS =
  'opens closes repairs counts sells paints measures visits forgets praises doubts moves builds follows warns'.split(
    ' ',
  );
const WHEN =
  'today tonight slowly gladly again twice rarely abroad early late openly quietly together alone soon'.split(' ');

/** Invented sentences, the same for the same seed, of about ten words each. */
export function prose(seed: number, sentences = 30): string {
  let x = seed * 2654435761;
  const next = (list: string[]): string => {
    x = (Math.imul(x ^ (x >>> 15), 2246822519) + 3266489917) >>> 0;
    return list[x % list.length] ?? '';
  };
  return Array.from({ length: sentences }, (_, i) => {
    const s = `The ${next(NAMES)} ${next(DEEDS)} the ${next(NAMES)} ${next(WHEN)} and the ${next(NAMES)} ${next(DEEDS)} a ${next(NAMES)} ${next(WHEN)}.`;
    return i % 4 === 3 ? `${s}\n` : s;
  }).join(' ');
}
