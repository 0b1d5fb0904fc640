import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourcesFile } from '../../config/sources.js';
import type { ArticleMessage } from '../../contract/contract.js';
import { violations } from '../../ledger/invariant.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { type PassSummary, runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { freePort, waitFor } from '../setup/servers.js';

const corpora = inject('corpora');
const serve = corpora === null ? '' : join(dirname(corpora), 'newsstand', 'serve.mjs');
const pages = corpora === null ? '' : join(corpora, 'extraction', 'fundus');
const there = existsSync(serve) && existsSync(pages);

type Expected = { id: string; url: string; listed: boolean; duplicateOf: string | null };

for (const { name, available, open } of BACKENDS) {
  describe.skipIf(!available || !there)(`real outlets on ${name}`, () => {
    let newsstand: ChildProcess;
    let control: string;
    let dir: string;
    let backend: Backend;
    let pipeline: Pipeline;
    let ids: string[];

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'sourcelink-newsstand-'));
      const port = await freePort();
      const list = join(dir, 'sources.yaml');
      const args = [
        serve,
        '--pages',
        pages,
        '--port',
        String(port),
        '--grow',
        '--latency',
        '2',
        '--sources-yaml',
        list,
      ];
      newsstand = spawn(process.execPath, args, { stdio: 'ignore' });
      await waitFor(port);
      control = `http://127.0.0.1:${port}/__newsstand`;
      const file = SourcesFile.parse({
        defaults: { delay: '0ms', render: 'never' },
        ...parse(readFileSync(list, 'utf8')),
      });
      const sources = file.sources.map((s) => resolveSource(s, file.defaults));
      ids = sources.map((s) => s.id);
      backend = await open();
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
    }, 120_000);

    afterAll(async () => {
      await pipeline?.close();
      newsstand?.kill();
      await backend?.drop();
      rmSync(dir, { recursive: true, force: true });
    });

    const pass = (): Promise<PassSummary> =>
      runPass(pipeline.ctx, { sources: ids, signal: AbortSignal.timeout(100_000) });
    const ask = async <T>(path: string, init?: RequestInit): Promise<T> =>
      (await (await fetch(`${control}/${path}`, init)).json()) as T;
    const settle = async () => expect(await violations(pipeline.ctx.db, [...pipeline.ctx.sinks.keys()])).toEqual([]);
    async function sent(): Promise<ArticleMessage[]> {
      const jobs = await pipeline.ctx.queues.articles.getJobs(['waiting', 'active', 'completed', 'delayed'], 0, 10_000);
      return jobs.map((j) => j.data as ArticleMessage);
    }
    async function listed(): Promise<Expected[]> {
      const articles = await ask<Expected[]>('expected');
      return articles.filter((a) => a.listed);
    }

    it('publishes what is listed, asks politely, and obeys robots.txt', async () => {
      const summary = await pass();
      const offered = (await listed()).length;
      expect(summary.published + summary.duplicates + summary.rejected).toBe(offered);
      expect(summary.published).toBeGreaterThanOrEqual(Math.ceil(offered * 0.9));
      expect(summary.dead).toBe(0);
      expect(
        (await sent()).every((m) => m.type !== 'article.retracted' && m.article.html.includes('>Source link</a></p>')),
      ).toBe(true);
      const log = await ask<{ disallowed: unknown[]; hosts: Record<string, { maxConcurrency: number }> }>('log');
      expect(log.disallowed).toEqual([]);
      expect(Math.max(...Object.values(log.hosts).map((h) => h.maxConcurrency))).toBeLessThanOrEqual(2);
      await settle();
    }, 120_000);

    it('fetches no page again when nothing is new', async () => {
      await fetch(`${control}/log`, { method: 'DELETE' });
      const summary = await pass();
      expect(summary).toMatchObject({ discovered: 0, fetched: 0, published: 0, updated: 0 });
      expect(summary.notModified).toBeGreaterThanOrEqual(ids.length);
      const { requests } = await ask<{ requests: { path: string; status: number }[] }>('log');
      expect(requests.filter((r) => r.path === '/feed.xml').map((r) => r.status)).toEqual(ids.map(() => 304));
      await settle();
    }, 120_000);

    it('takes only the new ones after the outlets grew', async () => {
      const before = new Set((await sent()).map((m) => m.id));
      const had = (await listed()).length;
      await ask('grow', { method: 'POST' });
      const summary = await pass();
      const now = (await listed()).length;
      expect(summary.fetched).toBe(now - had);
      const after = await sent();
      expect(after.filter((m) => !before.has(m.id)).length).toBe(summary.published);
      await settle();
    }, 120_000);

    it('republishes a corrected article as the next revision of the same id', async () => {
      const messages = await sent();
      const articles = await ask<(Expected & { realUrl: string })[]>('expected');
      const published = new Map(
        messages.map((m) => [m.article.canonicalUrl.replace(/^https?:\/\/(www\.)?|\/$/g, ''), m]),
      );
      const hit = articles
        .map((a) => ({ a, m: published.get(a.realUrl.replace(/^https?:\/\/(www\.)?|\/$/g, '')) }))
        .find(({ m }) => m !== undefined);
      if (!hit?.m) throw new Error('no published article matches');
      await ask(`revise?id=${encodeURIComponent(hit.a.id)}`, { method: 'POST' });
      const summary = await pass();
      expect(summary).toMatchObject({ updated: 1, published: 0 });
      const id = hit.m.id;
      const revisions = (await sent()).filter((m) => m.id === id).map((m) => [m.type, m.revision]);
      expect(revisions.sort()).toEqual([
        ['article.published', 1],
        ['article.updated', 2],
      ]);
      await settle();
    }, 120_000);
  });
}
