/** The site in a process of its own, with its database: what `bench/site.ts` measures. Not to be started by hand. */
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { PglitePool } from '../ledger/db/pglite-pool.js';
import { openSite, type SiteDb } from '../site/open.js';
import { MadeArticles } from './site-articles.js';
import { fillSite } from './site-fill.js';

export type Order =
  | { do: 'fill'; articles: number }
  /** `anew`: every request finds that something changed, so that nothing kept is used. */
  | { do: 'anew'; on: boolean }
  | { do: 'cpu' }
  | { do: 'plans'; path: string };
export type Answer =
  | { filled: number; seconds: number }
  | { cpuMs: number }
  | { plans: Plan[] }
  | Record<string, never>;
export type Plan = { ms: number; statement: string; plan: string };

const AT_ONCE = 8;
const COUNT = 'SELECT count FROM site.change';

const [database = '', folder = '', corpora = ''] = process.argv.slice(2);
const server = await open();
let anew = false;
let counted = 1_000_000_000;
let skipped = 0;
let recorded: { text: string; params: unknown[] }[] | null = null;

const db: SiteDb = {
  async query<T>(text: string, params: readonly unknown[] = []) {
    recorded?.push({ text, params: [...params] });
    const answer = await server.query<T>(text, params);
    if (anew && text === COUNT) return { rows: [{ count: ++counted }] as T[] };
    return answer;
  },
};
const made = new MadeArticles(corpora, 0);
const site = await openSite({
  db,
  host: '127.0.0.1',
  port: 0,
  publicUrl: null,
  name: 'The Measured Wire',
  menu: made.menu,
  configFile: null,
  secret: 'of this measurement',
  log: () => undefined,
  // While everything is to be read anew, no answer about changes is believed.
  now: () => {
    if (anew) skipped += 2000;
    return new Date(Date.now() + skipped);
  },
});

async function open(): Promise<SiteDb & { end(): Promise<void> }> {
  if (database !== 'pglite') return new pg.Pool({ connectionString: database, max: 10 }) as never;
  const lite = await PGlite.create({ dataDir: join(folder, 'ledger') });
  const pool = new PglitePool(lite);
  return { query: (text, params) => pool.query(text, params) as never, end: () => lite.close() };
}

/** The statements that a page asks, each with what the database did for it. */
async function plans(path: string): Promise<Answer> {
  recorded = [];
  anew = true;
  const answer = await fetch(`${site.url}${path}`);
  await answer.text();
  anew = false;
  const statements = recorded;
  recorded = null;
  const found: Plan[] = [];
  for (const { text, params } of statements) {
    if (text === COUNT) continue;
    const { rows } = await server.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${text}`,
      params,
    );
    const plan = rows.map((r) => r['QUERY PLAN']).join('\n');
    found.push({ ms: Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]), statement: text.replace(/\s+/g, ' '), plan });
  }
  return { plans: found.sort((a, b) => b.ms - a.ms) };
}

async function obey(order: Order): Promise<Answer> {
  if (order.do === 'fill') {
    await fillSite(new MadeArticles(corpora, order.articles), (m) => site.receive(m), server, AT_ONCE);
    return {};
  }
  if (order.do === 'plans') return plans(order.path);
  if (order.do === 'anew') {
    anew = order.on;
    return {};
  }
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000 };
}

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  void site
    .close()
    .then(() => server.end())
    .then(() => process.exit(0));
});
process.send?.({ url: site.url });
