/**
 * The newsstand's articles go to a real WordPress while either side is killed again and again: the worker that publishes, the
 * web server, the database. Afterwards every article has one post with categories, image and Source link; then one article is
 * corrected and one retracted.
 *
 *   npm run faults:wordpress [-- --articles 200 --kills 10 --seed 1 --screenshot FILE --json]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../config/load.js';
import { createLogger } from '../../config/logger.js';
import { shippedFolder } from '../../config/shipped.js';
import { retractArticle } from '../../workers/editorial/editing.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { runPass } from '../../workers/pass.js';
import { startPostgres } from '../setup/servers.js';
import { startWordPress, type WordPress } from '../setup/wordpress.js';
import { seeded } from './outlets.js';
import { type PicturedNewsstand, startPicturedNewsstand } from './pictured-newsstand.js';
import { compare, type Post, postsOf, type Sent, shoot } from './wordpress-posts.js';

const CLI = join(dirname(fileURLToPath(import.meta.url)), '../../cli/main.js');
const DEADLINE_MS = 60 * 60_000;

type Expected = { id: string; url: string };

const { values: options } = parseArgs({
  options: {
    articles: { type: 'string', default: '200' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    screenshot: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-wordpress-faults-'));
  const closing: (() => unknown)[] = [() => rmSync(dir, { recursive: true, force: true })];
  try {
    await run(dir, (close) => void closing.unshift(close));
  } finally {
    for (const close of closing) await close();
  }
}

async function run(dir: string, onClose: (close: () => unknown) => void): Promise<void> {
  const postgres = await startPostgres();
  if (postgres) onClose(() => postgres.stop());
  const wp = await startWordPress();
  if (wp) onClose(() => wp.stop());
  if (!postgres || !wp) throw new Error('PostgreSQL and WordPress must be installed for this run');
  const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
  const sets = ['atf', 'fundus', 'wcxb'].map((set) => join(corpora, 'extraction', set));
  const list = join(dir, 'newsstand.yaml');
  const stand = await startPicturedNewsstand(join(corpora, '../newsstand'), sets, list);
  onClose(() => stand.close());
  const env = await configure(dir, list, stand, wp, postgres.url);
  const config = loadConfig({ configDir: join(dir, 'config') }, env);
  const ledger = { databaseUrl: env['SOURCELINK_DATABASE_URL'] ?? null, queueUrl: null, dataDir: join(dir, 'data') };
  const pipeline = await openPipeline({ ...config, ...ledger, browser: null, log: createLogger('silent') });
  onClose(() => pipeline.close());
  pipeline.work(['crawl', 'extract', 'dedupe', 'categorize']);
  pipeline.watch(1000);
  let worker = startWorker(dir, env);
  onClose(() => worker.kill('SIGKILL'));
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const pass = () => runPass(pipeline.ctx, { sources: config.sources.map((s) => s.id), signal });
  const first = pass();
  await killAtRandom(pipeline, wp, worker, () => {
    worker = startWorker(dir, env);
    return worker;
  });
  await first;
  const articles = await sent(pipeline);
  const posts = await postsOf(wp);
  const faults = await compare(pipeline, articles, posts);
  say(`${articles.size} articles sent, ${posts.length} posts, ${faults.length} faults`);
  for (const line of leftOut(dir)) say(line);
  if (options.screenshot) await shoot(wp, posts, options.screenshot);
  const after = await correctAndRetract(pipeline, stand, wp, pass, articles, posts);
  const kills = Number(options.kills);
  report({ articles: articles.size, posts: posts.length, kills, faults: [...faults, ...after] }, posts);
}

function report(r: { articles: number; posts: number; kills: number; faults: string[] }, posts: Post[]): void {
  const ok = r.faults.length === 0 && r.articles >= Number(options.articles);
  const [categories, images, links] = [
    posts.filter((p) => p.categories > 0).length,
    posts.filter((p) => p.image).length,
    posts.filter((p) => p.link).length,
  ];
  if (options.json) process.stdout.write(`${JSON.stringify({ ok, ...r, categories, images, links })}\n`);
  else
    process.stdout.write(
      `${ok ? 'ok' : 'FAIL'}: ${r.articles} articles, ${r.kills} kills, ${r.posts} posts (${categories} with categories, ${images} with image, ${links} with the Source link)\n${r.faults.map((f) => `  ${f}\n`).join('')}`,
    );
  process.exitCode = ok ? 0 : 1;
}

async function configure(dir: string, list: string, stand: PicturedNewsstand, wp: WordPress, server: string) {
  const folder = join(dir, 'config');
  mkdirSync(folder, { recursive: true });
  cpSync(join(shippedFolder(), 'categories.yaml'), join(folder, 'categories.yaml'));
  const { sources } = parse(readFileSync(list, 'utf8')) as { sources: Record<string, unknown>[] };
  const proxied = sources.map((s) => ({ ...s, proxy: stand.proxy }));
  const defaults = { delay: '0ms', render: 'never', republish: 'excerpt' };
  writeFileSync(join(folder, 'sources.yaml'), stringify({ defaults, sources: proxied }));
  const settings = {
    fetch: { allowHosts: [stand.host], timeout: '60s' },
    extract: { threads: 1, deadline: '60s' },
    categorize: { fallback: firstCategory(folder) },
    publish: {
      sinks: {
        blog: {
          type: 'wordpress',
          url: wp.url,
          user: wp.user,
          applicationPassword: wp.applicationPassword,
          allowPrivateAddress: true,
          timeout: '120s',
        },
      },
    },
  };
  writeFileSync(join(folder, 'sourcelink.yaml'), stringify(settings));
  const name = `w_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client(server);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const database = new URL(server);
  database.pathname = `/${name}`;
  return {
    ...process.env,
    SOURCELINK_CONFIG: folder,
    SOURCELINK_DATA: join(dir, 'data'),
    SOURCELINK_DATABASE_URL: database.href,
    SOURCELINK_LOG_LEVEL: 'info',
  } as NodeJS.ProcessEnv;
}

function firstCategory(folder: string): string {
  const { categories } = parse(readFileSync(join(folder, 'categories.yaml'), 'utf8')) as {
    categories: { id: string }[];
  };
  return categories[0]?.id ?? '';
}

function startWorker(dir: string, env: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(join(dir, 'publish.log'), 'a');
  return spawn(process.execPath, [CLI, 'worker', '--stages', 'publish'], { env, stdio: ['ignore', log, log] });
}

/** Why the publishing worker left images out. */
const leftOut = (dir: string): string[] =>
  readFileSync(join(dir, 'publish.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('image left out'));

/** Kills one of the two sides at moments that are spread at random over all the deliveries. */
async function killAtRandom(pipeline: Pipeline, wp: WordPress, first: ChildProcess, start: () => ChildProcess) {
  const random = seeded(Number(options.seed));
  let worker = first;
  for (let kill = 1; kill <= Number(options.kills); kill++) {
    const after = Math.floor((Number(options.articles) * (kill - 1 + random())) / Number(options.kills));
    for (const until = Date.now() + DEADLINE_MS / 2; Date.now() < until; await delay(50)) {
      const { delivered, leased } = await deliveries(pipeline);
      if (delivered >= after && leased > 0) break;
    }
    await delay(random() * 1000);
    const { delivered } = await deliveries(pipeline);
    if (kill % 2 === 1) {
      say(`kill ${kill}: the publishing worker, after ${delivered} deliveries`);
      worker.kill('SIGKILL');
      await delay(random() * 1500);
      worker = start();
    } else {
      const what = kill % 4 === 0 ? 'all' : 'php';
      say(`kill ${kill}: ${what === 'all' ? 'web server and database' : 'web server'}, after ${delivered} deliveries`);
      await wp.crash(what, random() * 2500);
    }
  }
}

async function deliveries(pipeline: Pipeline): Promise<{ delivered: number; leased: number }> {
  const { rows } = await sql<{ delivered: number; leased: number }>`
    SELECT count(*) FILTER (WHERE state = 'delivered')::int AS delivered,
      count(*) FILTER (WHERE state = 'pending' AND lease_owner IS NOT NULL)::int AS leased FROM sourcelink.delivery`.execute(
    pipeline.ctx.db,
  );
  return rows[0] ?? { delivered: 0, leased: 0 };
}

/** The newest revision of every article that was to be published; `pictured` where the page allows its image to be shown. */
async function sent(pipeline: Pipeline): Promise<Map<string, Sent>> {
  const { rows } = await sql<Sent & { id: string }>`
    SELECT a.id, a.revision, c.url, (r.message->'article'->>'image' IS NOT NULL AND r.message->'article'->'rights'->>'level' <> 'link') AS pictured
    FROM sourcelink.article a JOIN sourcelink.candidate c ON c.id = a.candidate_id
    JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision WHERE a.revision > 0`.execute(
    pipeline.ctx.db,
  );
  return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}

async function correctAndRetract(
  pipeline: Pipeline,
  stand: PicturedNewsstand,
  wp: WordPress,
  pass: () => Promise<unknown>,
  articles: Map<string, Sent>,
  posts: Post[],
): Promise<string[]> {
  const faults: string[] = [];
  const post = async (id: string) => (await postsOf(wp)).find((p) => p.id === id);
  const settled = async (good: (p: Post | undefined) => boolean, id: string): Promise<boolean> => {
    for (let i = 0; i < 120; i++, await delay(1000)) if (good(await post(id))) return true;
    return false;
  };
  const expected = (await stand.control('expected')) as Expected[];
  const pathOf = (url: string) => url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '');
  const revised = expected.slice(0, 12);
  for (const e of revised) await stand.control(`revise?id=${encodeURIComponent(e.id)}`, 'POST');
  await pass();
  const changed = [...(await sent(pipeline))].filter(
    ([id, a]) => a.revision > (articles.get(id)?.revision ?? a.revision),
  );
  const corrected = changed.filter(([, a]) => revised.some((e) => pathOf(e.url) === pathOf(a.url)));
  say(`${revised.length} pages corrected, ${corrected.length} articles updated`);
  if (corrected.length === 0) faults.push('no correction became an update');
  for (const [id, a] of changed)
    if (!(await settled((p) => p?.revision === a.revision, id))) faults.push(`the update of ${a.url} did not arrive`);
  const gone = posts.find((p) => !changed.some(([id]) => id === p.id));
  if (gone) {
    await retractArticle(pipeline.ctx, gone.id, 'taken down for the test');
    if (!(await settled((p) => p === undefined || p.status === 'trash', gone.id)))
      faults.push('the retraction did not arrive');
    else say('the retraction arrived');
  }
  if ((await postsOf(wp)).length !== posts.length) faults.push('the number of posts changed');
  return faults;
}

await main();
