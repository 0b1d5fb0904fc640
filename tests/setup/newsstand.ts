/** Captured pages served as their real outlets, some of them struck by a fault, for tests and benches. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { parse } from 'yaml';
import { resolveSource, type Source, SourcesFile } from '../../config/sources.js';
import type { Db } from '../../ledger/schema.js';
import { freePort, waitFor } from './servers.js';

/** What is wrong at an outlet, and how Sourcelink may call it. `unread`: articles of its list that cannot be had now. */
export type Strike = {
  host: string;
  fault: string;
  states: string[];
  /** Of a state that is not ok. */
  codes: string[];
  unread: 'none' | 'one' | 'some' | 'all';
  /** Its feed stands in sources.yaml, instead of being found from its home page. */
  configured?: boolean;
};

const ok = { states: ['ok'], codes: [] };
const failing = (...codes: string[]) => ({ states: ['failing'], codes });
/** A host that is up at one moment and down at the next is what it was at the end of the visit. */
const either = (...codes: string[]) => ({ states: ['ok', 'failing'], codes });

/** One outlet for each fault that the newsstand knows, all at once; the others stay healthy. */
export const STRIKES: Strike[] = [
  { host: 'www.cnbc.com', fault: 'slow:1500', ...ok, unread: 'none' },
  { host: 'www.latimes.com', fault: '500:0.5', ...either('FETCH_HTTP_5XX'), unread: 'some' },
  { host: 'www.thenation.com', fault: '429:600', ...failing('FETCH_RATE_LIMITED'), unread: 'all' },
  { host: 'www.independent.co.uk', fault: 'loop', ...ok, unread: 'one' },
  { host: 'www.newyorker.com', fault: 'huge', ...ok, unread: 'one' },
  {
    host: 'www.nytimes.com',
    fault: 'bomb',
    ...failing('FETCH_TOO_LARGE', 'FETCH_TIMEOUT'),
    unread: 'all',
    configured: true,
  },
  {
    host: 'www.thegatewaypundit.com',
    fault: 'hang',
    ...failing('FETCH_ROBOTS_UNREACHABLE', 'FETCH_TIMEOUT'),
    unread: 'all',
  },
  { host: 'apnews.com', fault: 'feed404', ...failing('FETCH_NOT_FOUND'), unread: 'all', configured: true },
  {
    host: 'www.reuters.com',
    fault: 'flap:1',
    ...either('FETCH_HTTP_5XX', 'FETCH_ROBOTS_UNREACHABLE'),
    unread: 'some',
  },
];

export type Newsstand = {
  sources: Source[];
  /** Of a source that was struck. */
  strikeOf(id: string): Strike | null;
  ask<T>(path: string, init?: RequestInit): Promise<T>;
  /** Serves the same from now on, without or with the faults. */
  restart(faults: boolean): Promise<void>;
  stop(): Promise<void>;
};

/** Where the newsstand and its pages are; null when they are not all there. */
export function findNewsstand(corpora: string | null): { serve: string; pages: string[] } | null {
  if (corpora === null) return null;
  const serve = join(dirname(corpora), 'newsstand', 'serve.mjs');
  const pages = ['fundus', 'aeb'].map((set) => join(corpora, 'extraction', set));
  return [serve, ...pages].every((p) => existsSync(p)) ? { serve, pages } : null;
}

/** @param options.least articles that an outlet must have to be among the sources; struck ones always are */
export async function openNewsstand(options: {
  serve: string;
  pages: string[];
  dir: string;
  faults: boolean;
  least: number;
}): Promise<Newsstand> {
  const port = await freePort();
  const list = join(options.dir, 'newsstand.yaml');
  let child: ChildProcess;
  const start = async (faults: boolean): Promise<void> => {
    const args = [options.serve, '--port', String(port), '--sources-yaml', list, '--seed', '7', '--latency', '10'];
    for (const pages of options.pages) args.push('--pages', pages);
    for (const { host, fault } of faults ? STRIKES : []) {
      const [kind, value] = fault.split(':');
      args.push('--faults', `${kind}=${host}${value === undefined ? '' : `:${value}`}`);
    }
    child = spawn(process.execPath, args, { stdio: 'ignore' });
    await waitFor(port);
  };
  const stop = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  };
  const ask = async <T>(path: string, init?: RequestInit): Promise<T> =>
    (await (await fetch(`http://127.0.0.1:${port}/__newsstand/${path}`, init)).json()) as T;
  await start(options.faults);
  const outlets = await ask<{ host: string; articles: number; feed: string }[]>('outlets');
  const strikes = new Map(STRIKES.map((s) => [`http://${s.host}/`, s]));
  const chosen = new Map(
    outlets
      .filter((o) => o.articles >= options.least || strikes.has(`http://${o.host}/`))
      .map((o) => [`http://${o.host}/`, o]),
  );
  const file = SourcesFile.parse({ defaults: { delay: '0ms', render: 'never' }, ...parse(readFileSync(list, 'utf8')) });
  const sources = file.sources
    .filter((s) => chosen.has(s.url))
    .map((s) => (strikes.get(s.url)?.configured ? { ...s, feeds: [chosen.get(s.url)?.feed ?? ''] } : s))
    .map((s) => resolveSource(s, file.defaults));
  const struck = new Map(sources.map((s) => [s.id, strikes.get(s.url) ?? null]));
  return {
    sources,
    ask,
    stop,
    strikeOf: (id) => struck.get(id) ?? null,
    async restart(faults) {
      await stop();
      await start(faults);
    },
  };
}

/** Lets time go by in a ledger that nobody works on: all that it remembers happened so much earlier. */
export async function letPass(db: Db, minutes: number): Promise<void> {
  const past = sql`make_interval(mins => ${minutes})`;
  const { rows } = await sql<{ name: string; at: string }>`
    SELECT table_name AS name, column_name AS at FROM information_schema.columns
    WHERE table_schema = 'sourcelink' AND data_type = 'timestamp with time zone'`.execute(db);
  for (const { name, at } of rows)
    await sql`UPDATE ${sql.table(`sourcelink.${name}`)} SET ${sql.ref(at)} = ${sql.ref(at)} - ${past}
      WHERE isfinite(${sql.ref(at)})`.execute(db);
  await sql`UPDATE sourcelink.robots SET entry = jsonb_set(entry, '{fetchedAt}',
    to_jsonb(to_char(((entry->>'fetchedAt')::timestamptz - ${past}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`.execute(
    db,
  );
}
