import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourcesFile } from '../../config/sources.js';
import type { ArticleMessage } from '../../contract/contract.js';
import { violations } from '../../ledger/invariant.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { freePort, waitFor } from '../setup/servers.js';

const corpora = inject('corpora');
const serve = corpora === null ? '' : join(dirname(corpora), 'newsstand', 'serve.mjs');
const pages = corpora === null ? '' : join(corpora, 'extraction', 'atf');
const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);
const COPIES = 20;

type Expected = { id: string; url: string; duplicateOf: string | null };
type Row = { url: string; outcome: string; source: string; article: string | null; original: string | null };

describe.skipIf(!where || !existsSync(serve) || !existsSync(pages))('copies at other outlets', () => {
  let newsstand: ChildProcess;
  let dir: string;
  let backend: Backend;
  let pipeline: Pipeline;
  let pairs: { copy: Row; original: Row }[];
  let newest: Map<string, ArticleMessage>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sourcelink-newsstand-'));
    const port = await freePort();
    const list = join(dir, 'sources.yaml');
    const args = ['--pages', pages, '--port', String(port), '--latency', '2', '--sources-yaml', list];
    newsstand = spawn(process.execPath, [serve, ...args, '--syndicate', String(COPIES)], { stdio: 'ignore' });
    await waitFor(port);
    const file = SourcesFile.parse({
      defaults: { delay: '0ms', render: 'never' },
      ...parse(readFileSync(list, 'utf8')),
    });
    const sources = file.sources.map((s) => resolveSource(s, file.defaults));
    if (!where) throw new Error('no backend');
    backend = await where.open();
    pipeline = await openPipeline({
      ...backend,
      sources,
      categories: [],
      settings: Settings.parse({ extract: { threads: 1 } }),
      browser: null,
      log: createLogger(process.env['SOURCELINK_LOG_LEVEL'] ?? 'silent'),
    });
    pipeline.work(QUEUE_NAMES);
    pipeline.watch(500);
    await runPass(pipeline.ctx, { sources: sources.map((s) => s.id), signal: AbortSignal.timeout(200_000) });
    const expected = (await (await fetch(`http://127.0.0.1:${port}/__newsstand/expected`)).json()) as Expected[];
    const { rows } = await sql<Row>`
      SELECT c.url, c.outcome, c.source_id AS source, c.article_id AS article, c.duplicate_of AS original FROM sourcelink.candidate c`.execute(
      pipeline.ctx.db,
    );
    const row = (e: Expected | undefined): Row[] => rows.filter((r) => r.url === e?.url);
    pairs = expected
      .filter((e) => e.duplicateOf !== null)
      .flatMap((e) => {
        const [copy] = row(e);
        const [original] = row(expected.find((o) => o.id === e.duplicateOf));
        return copy && original ? [{ copy, original }] : [];
      });
    const jobs = await pipeline.ctx.queues.articles.getJobs(['waiting', 'active', 'completed', 'delayed'], 0, 10_000);
    newest = new Map();
    for (const { data } of jobs) {
      const message = data as ArticleMessage;
      if (message.revision > (newest.get(message.id)?.revision ?? 0)) newest.set(message.id, message);
    }
  }, 240_000);

  afterAll(async () => {
    await pipeline?.close();
    newsstand?.kill();
    await backend?.drop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('are all found, and one of each pair is published', async () => {
    expect(pairs.length).toBe(COPIES);
    const read = pairs.filter(({ copy, original }) => copy.outcome !== 'rejected' || original.outcome !== 'rejected');
    expect(read.length).toBeGreaterThan(COPIES / 2);
    for (const { copy, original } of read) {
      const [first, second] = copy.outcome === 'duplicate' ? [original, copy] : [copy, original];
      expect([second.outcome, first.outcome, second.original]).toEqual(['duplicate', 'published', first.article]);
    }
    expect(await violations(pipeline.ctx.db, [...pipeline.ctx.sinks.keys()])).toEqual([]);
  });

  it('stand in the coverage list of what is published', () => {
    for (const pair of pairs) {
      const [second, first] =
        pair.copy.outcome === 'duplicate' ? [pair.copy, pair.original] : [pair.original, pair.copy];
      if (second.outcome !== 'duplicate') continue;
      const message = newest.get(first.article ?? '');
      if (!message || message.type === 'article.retracted') throw new Error(`${first.url} was not sent`);
      const name = pipeline.ctx.sources.get(second.source)?.name;
      expect(message.article.story?.coverage.map((c) => c.source)).toContain(name);
    }
  });
});
