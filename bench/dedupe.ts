/**
 * What finding copies costs as the index grows, on a PostgreSQL of its own: the time of a look-up at each size, and articles a
 * minute with reading, comparing and writing the index. `npm run bench dedupe [-- --sizes 10000,100000,1000000 --json]`
 *
 * The indexed articles are made, not real: shingles of the real ones, of which new ones borrow as often as real ones do
 * (bench/made-texts.ts). All of them lie in one window, so that every one could be found. The articles a minute are of the
 * real ones, read, looked up, compared and written.
 */
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { judge, type Text } from '../analysis/similarity/judge.js';
import { sketchOf } from '../analysis/similarity/shingles.js';
import { createLogger } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { readRows } from '../evaluate/read-set.js';
import { openLedger } from '../ledger/db/connect.js';
import { LedgerIndex } from '../ledger/near-index.js';
import type { Db } from '../ledger/schema.js';
import { dropSketches, writeSketches } from '../ledger/sketches.js';
import { startPostgres } from '../tests/setup/servers.js';
import { Article, fillIndex, indexMb, MadeTexts, reserve } from './made-texts.js';

type Row = { indexed: number; lookupMs: number; judgeMs: number; articlesPerMinute: number; indexMb: number };

/** Numbers that no indexed article has. */
const FURTHER = 3_000_000_000;
/** Texts in one transaction, as the pipeline has them. */
const BATCH = 8;
const { window: windowMs, duplicate, related } = Settings.parse({}).dedupe;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '10000,100000,1000000' },
      lookups: { type: 'string', default: '800' },
      json: { type: 'boolean', default: false },
    },
  });
  const set = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'dedupe');
  if (!existsSync(set)) throw new Error(`${set} is not there; set SOURCELINK_CORPORA`);
  // As its manual recommends for a machine of its own; with less, each look-up reads from disk what it needs of the index.
  const postgres = await startPostgres([`shared_buffers=${Math.round(totalmem() / 4 / 1024 ** 2)}MB`]);
  if (!postgres) throw new Error('PostgreSQL is not installed here (initdb, postgres)');
  const rows: Row[] = [];
  try {
    const log = createLogger('error');
    const ledger = await openLedger({ databaseUrl: postgres.url, dataDir: '', log });
    const articles = readRows(set, 'articles', Article);
    // Apart from those that are read below: those are to be new to the index.
    const made = new MadeTexts(articles.filter((_, i) => i % 2 === 0));
    const sizes = values.sizes.split(',').map(Number);
    for (const size of sizes) {
      await fillIndex(ledger.db, made, size, windowMs);
      const row = await measure(
        ledger.db,
        made,
        articles.filter((_, i) => i % 2 === 1),
        size,
        Number(values.lookups),
      );
      rows.push(row);
      process.stderr.write(
        `${size} indexed: look-up ${row.lookupMs.toFixed(2)} ms, with comparing ${row.judgeMs.toFixed(2)} ms; ${row.articlesPerMinute} articles a minute\n`,
      );
    }
    await ledger.close();
  } finally {
    await postgres.stop();
  }
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else show(rows);
}

async function measure(db: Db, made: MadeTexts, articles: Article[], indexed: number, lookups: number): Promise<Row> {
  let lookup = 0;
  let compare = 0;
  // The first fifth warms the caches, as a running desk has them.
  const warm = Math.ceil(lookups / 5 / BATCH) * BATCH;
  for (let i = 0; i < warm + lookups; i += BATCH) {
    const texts = Array.from({ length: BATCH }, (_, k) => made.asked(i + k, indexed, windowMs));
    await db.transaction().execute(async (tx) => {
      const began = performance.now();
      const index = await LedgerIndex.open(tx, texts, { windowMs, related });
      const found = performance.now();
      for (const t of texts) await judge(t, index, { windowMs, duplicate, related });
      if (i < warm) return;
      lookup += found - began;
      compare += performance.now() - found;
    });
  }
  return {
    indexed,
    lookupMs: lookup / lookups,
    judgeMs: (lookup + compare) / lookups,
    articlesPerMinute: await pace(db, made, articles, indexed),
    indexMb: await indexMb(db),
  };
}

/** Real articles read, looked up, compared and written; undone afterwards. */
async function pace(db: Db, made: MadeTexts, articles: Article[], indexed: number): Promise<number> {
  const some = articles.slice(0, 800);
  const first = await reserve(db, FURTHER + indexed, some.length);
  const began = performance.now();
  for (let i = 0; i < some.length; i += BATCH) {
    const texts = some.slice(i, i + BATCH).map((a, k): Text => {
      const { id, source } = first[i + k] ?? { id: '', source: '' };
      return { id, source, title: a.title, at: made.now, ...sketchOf(a.body) };
    });
    await db.transaction().execute(async (tx) => {
      const index = await LedgerIndex.open(tx, texts, { windowMs, related });
      for (const text of texts) {
        const { duplicate: copy } = await judge(text, index, { windowMs, duplicate, related });
        index.add({ ...text, original: copy?.with.original ?? { id: text.id, source: text.source } }, copy?.with);
      }
      await writeSketches(
        tx,
        texts.map((text, k) => ({ candidateId: first[i + k]?.candidateId ?? 0, text })),
      );
    });
  }
  const seconds = (performance.now() - began) / 1000;
  const ids = first.map((r) => r.candidateId);
  await db.transaction().execute((tx) => dropSketches(tx, ids));
  return Math.round((some.length / seconds) * 60);
}

function show(rows: Row[]): void {
  const table = new Table({
    head: ['indexed', 'look-up ms', 'and comparing', 'articles a minute', 'index MB'],
    style: { head: [], border: [] },
  });
  for (const r of rows)
    table.push([r.indexed, r.lookupMs.toFixed(2), r.judgeMs.toFixed(2), r.articlesPerMinute, Math.round(r.indexMb)]);
  process.stdout.write(`${table.toString()}\n`);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && last && first !== last)
    process.stdout.write(
      `From ${first.indexed} to ${last.indexed} indexed articles a look-up takes ${(last.lookupMs / first.lookupMs).toFixed(2)} times as long.\n`,
    );
}

await main();
