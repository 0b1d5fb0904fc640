import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../../../ledger/invariant.js';
import type { HttpServer } from '../../../server/http/server.js';
import { openHttp, openMetrics } from '../../../server/open.js';
import { HEADLINES } from '../../cli/outlet.js';
import { BACKENDS } from '../../setup/backends.js';
import { openQuay, type Quay } from '../../setup/quay.js';

const TOKEN = 'a-token-of-the-operator-0123456789';

/** Values by series, as Prometheus reads them. */
function valuesOf(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+(?:\{[^}]*\})?) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
  );
}

for (const { name, available, open } of BACKENDS) {
  describe.skipIf(!available)(`/metrics on ${name}`, () => {
    let quay: Quay;
    let server: HttpServer;
    let values: Map<string, number>;

    beforeAll(async () => {
      quay = await openQuay(await open());
      server = await openHttp(quay.pipeline, { stages: [], token: TOKEN });
      await quay.pass();
      const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
      expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      values = valuesOf(await answer.text());
    }, 240_000);
    afterAll(async () => {
      await server?.close();
      await quay?.close();
    });

    it('counts what the process did, from the visit to the delivery', () => {
      const n = HEADLINES.length;
      expect(Object.fromEntries([...values].filter(([s]) => /_total/.test(s) && s.startsWith('sourcelink_')))).toEqual({
        sourcelink_discovery_requests_total: expect.any(Number),
        sourcelink_discovered_total: n + 1,
        'sourcelink_visits_total{state="ok"}': 1,
        'sourcelink_fetches_total{outcome="fetched",code=""}': n,
        'sourcelink_fetches_total{outcome="failed",code="FETCH_NOT_FOUND"}': 1,
        'sourcelink_fetched_bytes_total{via="http"}': expect.any(Number),
        'sourcelink_extractions_total{outcome="article",code=""}': n,
        'sourcelink_judged_total{verdict="original"}': n,
        'sourcelink_judged_total{verdict="duplicate"}': 0,
        'sourcelink_revisions_total{type="article.published"}': n,
        'sourcelink_deliveries_total{sink="articles",outcome="delivered"}': n,
        'sourcelink_deliveries_total{sink="articles",outcome="retry"}': 0,
        'sourcelink_deliveries_total{sink="articles",outcome="dead"}': 0,
        ...Object.fromEntries(
          ['crawl', 'extract', 'dedupe', 'categorize', 'publish'].map((queue) => [
            `sourcelink_jobs_total{queue="${queue}",outcome="done"}`,
            expect.any(Number),
          ]),
        ),
      });
      expect(values.get('sourcelink_fetched_bytes_total{via="http"}')).toBeGreaterThan(5000);
      expect(values.get('sourcelink_extraction_duration_seconds_count')).toBe(n);
      expect(values.get('sourcelink_publish_delay_seconds_count')).toBe(n);
      expect(values.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    });

    it('says how the installation stands', () => {
      expect(values.get('sourcelink_ledger_up')).toBe(1);
      expect(values.get('sourcelink_sources{state="ok"}')).toBe(1);
      expect(values.get('sourcelink_sources{state="failing"}')).toBe(0);
      expect(values.get('sourcelink_candidates_dead{stage="fetch"}')).toBe(1);
      expect(values.get('sourcelink_candidates_waiting{stage="fetch",lane="fresh"}')).toBe(0);
      expect(values.get('sourcelink_outbox_waiting{sink="articles"}')).toBe(0);
      expect(values.get('sourcelink_queue_jobs{queue="extract",state="waiting"}')).toBe(0);
      expect(values.get('sourcelink_last_visit_seconds')).toBeLessThan(200);
      expect(values.get('sourcelink_visit_overdue_seconds')).toBe(0);
    });

    it('is for this machine and for the token, and for nobody behind a proxy or from another page', async () => {
      const at = `http://127.0.0.1:${server.port}/metrics`;
      const status = async (headers: Record<string, string>) => (await fetch(at, { headers })).status;
      expect(await status({ authorization: `Bearer ${TOKEN}` })).toBe(200);
      expect(await status({ authorization: 'Bearer wrong-wrong-wrong-wrong-wrong' })).toBe(401);
      expect(await status({ origin: 'https://evil.example' })).toBe(401);
      const http = { ...quay.pipeline.ctx.settings.http, url: 'https://api.example/' };
      const settings = { ...quay.pipeline.ctx.settings, http };
      const behind = await openHttp(
        { ...quay.pipeline, ctx: { ...quay.pipeline.ctx, settings } },
        { stages: [], token: null },
      );
      const closed = await fetch(`http://127.0.0.1:${behind.port}/metrics`);
      expect([closed.status, (await closed.json()).code]).toEqual([403, 'HTTP_CLOSED']);
      await behind.close();
    });

    it('of a worker leaves out what one process is enough for', async () => {
      const options = { stages: ['extract'], token: null, port: 0, installation: false };
      const worker = await openMetrics(quay.pipeline, options);
      const text = await (await fetch(`http://127.0.0.1:${worker.port}/metrics`)).text();
      expect([text.includes('sourcelink_jobs_total{'), text.includes('sourcelink_candidates_waiting')]).toEqual([
        true,
        false,
      ]);
      expect((await fetch(`http://127.0.0.1:${worker.port}/readyz`)).status).toBe(200);
      await worker.close();
    });

    it('leaves the ledger as it must be', async () => {
      expect(await violations(quay.pipeline.ctx.db, ['articles'])).toEqual([]);
    });
  });
}

describe('/metrics without its ledger', () => {
  it('still answers for the process, and says that the ledger is away', async () => {
    const backend = await BACKENDS[0]?.open();
    if (!backend) throw new Error('no backend');
    const quay = await openQuay(backend);
    const db = new Proxy(quay.pipeline.ctx.db, {
      get: () => () => {
        throw new Error('the database is away');
      },
    });
    const server = await openHttp({ ...quay.pipeline, ctx: { ...quay.pipeline.ctx, db } }, { stages: [], token: null });
    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    const values = valuesOf(await answer.text());
    expect([answer.status, values.get('sourcelink_ledger_up'), values.get('sourcelink_visit_overdue_seconds')]).toEqual(
      [200, 0, Number.NaN],
    );
    expect(values.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    await server.close();
    await quay.close();
  }, 120_000);
});
