import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../setup/backends.js';
import { openQuay } from '../setup/quay.js';

type Value = { stringValue?: string; arrayValue?: { values: { intValue?: number }[] } };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Value }[];
};
type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };

for (const { name, available, open } of BACKENDS) {
  describe.skipIf(!available)(`traces on ${name}`, () => {
    let collector: Server;
    const spans: Span[] = [];
    let bodies = '';

    beforeAll(async () => {
      collector = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const body = Buffer.concat(parts);
          const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
          bodies += text;
          const sent: Export = JSON.parse(text);
          for (const r of sent.resourceSpans) for (const s of r.scopeSpans) spans.push(...s.spans);
          response
            .writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' })
            .end('{}');
        });
      });
      await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
      const address = collector.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const quay = await openQuay(await open(), { otlpEndpoint: `http://127.0.0.1:${port}` });
      await quay.pass();
      await quay.close();
    }, 240_000);
    afterAll(async () => {
      await new Promise((done) => collector.close(done));
    });

    it('lead from the visit through every stage to the delivery, as one', () => {
      const at = (key: string, value: string) => (s: Span) =>
        s.attributes.some((a) => a.key === key && a.value.stringValue === value);
      const delivery = spans.find(at('sourcelink.sink', 'articles'));
      const way: string[] = [];
      for (let s = delivery; s; s = spans.find((p) => p.spanId === s?.parentSpanId && p.traceId === s?.traceId))
        way.unshift(s.name);
      const stages = way.filter((n) => n.startsWith('process')).map((n) => n.replace('process sourcelink-', ''));
      expect(stages).toEqual(['crawl', 'extract', 'dedupe', 'categorize', 'publish']);
      const first = spans.find((s) => s.traceId === delivery?.traceId && at('sourcelink.source', 'quay')(s));
      expect(first).toBeDefined();
      const ids = spans.flatMap((s) => s.attributes.filter((a) => a.key === 'sourcelink.candidates'));
      expect(ids.length).toBeGreaterThanOrEqual(3);
    });

    it('hold nothing of an article', () => {
      expect(bodies).not.toMatch(/Harbour opens|ferry-stops/i);
    });
  });
}
