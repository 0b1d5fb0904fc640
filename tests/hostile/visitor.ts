import { CODES, codeOf, messageOf } from '../../config/errors.js';
import { createLogger } from '../../config/logger.js';
import { readOpml } from '../../config/opml.js';
import { sourcesIn } from '../../config/opml-sources.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, type Source, SourceEntry } from '../../config/sources.js';
import { violations } from '../../ledger/invariant.js';
import { openPipeline } from '../../workers/main.js';
import { runPass } from '../../workers/pass.js';
import { createSinkHttp } from '../../workers/publish/sinks/http.js';
import { createWebhookSink } from '../../workers/publish/sinks/webhook.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { NOWHERE } from '../crawlers/net/private-targets.js';
import { watchConnections } from '../crawlers/net/trap.js';
import { outgoing } from '../setup/outgoing.js';
import { resolver } from './addresses.js';
import { type Entry, hostOf } from './outlets.js';

/** How one thing ended: as it should, or by a code. */
export type End = { code: string; reason: string };

export type Ending = {
  ends: End[];
  /** As they would go to consumers. */
  messages: unknown[];
  /** Addresses that were connected to and are none of the outlets. */
  strangers: string[];
};

/** An input, and its text where that is no outlet's. */
export type Told = { entry: Entry; opml: string };

/** A pipeline as `sourcelink start` runs it, on PGlite, which visits one hostile outlet after the other. */
export type Visitor = {
  /** Visits all of these in one pass; strangers are told with each of them. */
  visit(told: Told[]): Promise<Ending[]>;
  /** @returns what the invariant finds broken at the end */
  close(): Promise<string[]>;
};

/** Endings that are no errors. */
export const GOOD: readonly string[] = ['published', 'duplicate', 'read', 'taken', 'nothing new'];

/** Whether a code is one of ours: foreseen, with a meaning and a hint. */
export const isTyped = (code: string): boolean => code in CODES || /^FILTER_|^RETRACTED$/.test(code);

/** For one answer; beside it all settings are the defaults. */
const ANSWER_SECONDS = 6;
/** After this an input is given up. */
const PATIENCE_MS = 60_000;
/** Articles taken from one outlet. */
const PAGES = 3;

/** @param options.deadline for reading one page, where it is not the default */
export async function openVisitor(options: {
  entries: Entry[];
  port: number;
  dataDir: string;
  deadline?: string;
}): Promise<Visitor> {
  const { port, entries, deadline } = options;
  const visited = entries.filter((e) => e.read === 'visit');
  const settings = Settings.parse({
    fetch: {
      timeout: `${ANSWER_SECONDS}s`,
      connectTimeout: '2s',
      // One try each: a second one, after an hour, is another input.
      attempts: 1,
      retryDelay: '1h',
      allowHosts: visited.map((e) => hostOf(e.number, port)),
    },
    extract: { threads: 1, ...(deadline && { deadline }) },
    publish: { sinks: { feed: { type: 'feed' } } },
  });
  const connections = watchConnections();
  const pipeline = await openPipeline({
    sources: visited.map((e) => sourceOf(e, port)),
    categories: [],
    settings,
    databaseUrl: null,
    queueUrl: null,
    dataDir: options.dataDir,
    browser: null,
    resolve: resolver(),
    log: createLogger('silent'),
  });
  const { ctx } = pipeline;
  // A browser is another program, with bounds and tests of its own; what would be opened in one ends in FETCH_BROWSER.
  ctx.browser = null;
  pipeline.work(QUEUE_NAMES);
  pipeline.watch(300);

  async function endingOf(number: number): Promise<Omit<Ending, 'strangers'>> {
    const id = idOf(number);
    const run = await ctx.db
      .selectFrom('sourcelink.visit')
      .select('finishedAt')
      .where('sourceId', '=', id)
      .executeTakeFirst();
    const { state, code, reason } = await ctx.db
      .selectFrom('sourcelink.source_state')
      .select(['state', 'code', 'reason'])
      .where('sourceId', '=', id)
      .executeTakeFirstOrThrow();
    const candidates = await ctx.db
      .selectFrom('sourcelink.candidate')
      .select(({ fn }) => ['outcome', 'code', fn.min('reason').as('reason')])
      .where('sourceId', '=', id)
      .where((at) => at.or([at('stage', '!=', 'fetch'), at('code', 'is not', null)]))
      .groupBy(['outcome', 'code'])
      .execute();
    const messages = await ctx.db
      .selectFrom('sourcelink.revision as r')
      .innerJoin('sourcelink.article as a', 'a.id', 'r.articleId')
      .select('r.message')
      .where('a.sourceId', '=', id)
      .execute();
    const ends: End[] = candidates.map((c) =>
      c.outcome === 'published' || c.outcome === 'duplicate'
        ? { code: c.outcome, reason: '' }
        : { code: c.code ?? `waiting`, reason: c.reason ?? '' },
    );
    if (code !== null) ends.push({ code, reason: reason ?? '' });
    if (!run?.finishedAt) ends.push({ code: 'UNFINISHED', reason: 'the visit came to no end' });
    if (ends.length === 0) ends.push({ code: 'nothing new', reason: state });
    return { ends, messages: messages.map((m) => m.message) };
  }

  return {
    async visit(told) {
      connections.tried.splice(0);
      const outlets = told.filter((t) => t.entry.read === 'visit');
      const others = told.filter((t) => t.entry.read !== 'visit');
      const sources = outlets.map((t) => idOf(t.entry.number));
      const [elsewhere] = await Promise.all([
        Promise.all(others.map(async (t) => ({ ends: [await readOther(t, port)], messages: [] }))),
        sources.length > 0 && runPass(ctx, { sources, signal: AbortSignal.timeout(PATIENCE_MS) }),
      ]);
      const own = (at: string) => at === `127.0.0.1:${port}` || at.startsWith(`${NOWHERE}:`);
      const strangers = connections.tried.filter((at) => !own(at));
      const endings: Ending[] = [];
      for (const t of told) {
        const other = elsewhere[others.indexOf(t)];
        endings.push({ ...(other ?? (await endingOf(t.entry.number))), strangers });
      }
      return endings;
    },
    async close() {
      const broken = await violations(ctx.db, [...ctx.sinks.keys()]);
      connections.stop();
      await pipeline.close();
      return broken.map((b) => `${b.rule}: ${b.id} ${b.detail}`);
    },
  };
}

const readOther = ({ entry, opml }: Told, port: number): End | Promise<End> =>
  entry.read === 'opml' ? readList(opml) : deliver(entry.number, port);

const idOf = (number: number): string => `i${number}`;

function sourceOf({ number, feeds, sitemaps, listings }: Entry, port: number): Source {
  const url = `http://${hostOf(number, port)}/`;
  const lists = { feeds, sitemaps, listings: listings.map((l) => ({ url: l })) };
  const rules = { republish: 'full', delay: '0ms', limits: { perDay: PAGES } };
  return resolveSource(SourceEntry.parse({ id: idOf(number), name: `Outlet ${number}`, url, ...lists, ...rules }));
}

/** As `sources import` reads it. */
function readList(text: string): End {
  try {
    sourcesIn(readOpml(text, 'outlets.opml').outlines);
    return { code: 'read', reason: '' };
  } catch (error) {
    return { code: codeOf(error), reason: messageOf(error) };
  }
}

/** One article to a webhook. */
async function deliver(number: number, port: number): Promise<End> {
  const url = `http://127.0.0.1:${port}/hook/${number}`;
  const { userAgent } = Settings.parse({});
  const http = createSinkHttp({
    url,
    allowPrivateAddress: true,
    timeoutMs: ANSWER_SECONDS * 1000,
    userAgent,
    now: Date.now,
  });
  const sink = createWebhookSink('hook', { url, secrets: ['whsec_c2VjcmV0c2VjcmV0c2VjcmV0'], concurrency: 1, http });
  try {
    const [error] = await sink.deliver([outgoing()]);
    return error ? { code: codeOf(error), reason: messageOf(error) } : { code: 'taken', reason: '' };
  } catch (error) {
    return { code: codeOf(error), reason: messageOf(error) };
  } finally {
    await sink.close();
  }
}
