import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi } from '../../../server/api/openapi.js';
import { type OpenApi, openApiServer, TOKEN } from '../../setup/api.js';
import { BACKENDS } from '../../setup/backends.js';
import { publishArticle } from '../../setup/published.js';
import { type ApiDocument, type MadeRequest, requests } from '../../setup/request-fuzzer.js';

const document = openApi(null) as unknown as ApiDocument;
const SEED = 20260301;
const REQUESTS = 400;

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 by the schema of the specification itself', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  it('gives each operation a name of its own, a summary, and the parameters that its path has', () => {
    const ids = operations.map((o) => o.operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      expect(operation.parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(named);
      expect(operation).toMatchObject({ summary: expect.stringMatching(/\.$/) });
    }
  });

  it('describes every parameter and every field, and refers only to what it has', () => {
    const text = JSON.stringify(document);
    for (const [, ref = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
      expect(
        ref.split('/').reduce<unknown>((o, key) => (o as Record<string, unknown>)?.[key], document),
        ref,
      ).toBeDefined();
    const bare = operations.flatMap((o) =>
      o.operation.parameters.filter((p) => !('description' in p)).map((p) => p.name),
    );
    expect(bare).toEqual([]);
    expect(text).not.toContain('$defs');
  });

  it('has schemas that are valid JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    formats.default(ajv);
    const text = JSON.stringify(document.components['schemas']).replaceAll('#/components/schemas/', '#/$defs/');
    for (const name of Object.keys(document.components['schemas'] ?? {}))
      expect(() => ajv.compile({ $ref: `#/$defs/${name}`, $defs: JSON.parse(text) }), name).not.toThrow();
  });
});

describe.each(BACKENDS.filter((b) => b.available).slice(0, 2))(
  'requests made from the document, on $name',
  ({ open }) => {
    let api: OpenApi;
    const known: Record<string, string[]> = {};
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    ajv.addSchema(document as object, 'api:');

    beforeAll(async () => {
      api = await openApiServer({ backend: await open() });
      const story = randomUUID();
      const rows = [];
      for (let i = 0; i < 20; i++)
        rows.push(
          await publishArticle(api.desk.db, {
            title: `Report ${i}`,
            slug: `report-${i}`,
            sourceId: i % 2 ? 'herald' : 'gazette',
            ...(i < 3 ? { storyId: story } : {}),
            categories: [{ path: 'world', label: 'World', confidence: 1, by: 'pin' }],
          }),
        );
      const at = { firstSeenAt: new Date(), lastSeenAt: new Date() };
      await api.desk.db
        .insertInto('sourcelink.story')
        .values({ id: story, headlineId: rows[0]?.id ?? '', ...at } as never)
        .execute();
      const { next } = await (await api.get('/v1/articles?limit=2')).json();
      known['article'] = rows.flatMap((r) => [r.id, r.slug]);
      known['story'] = [story, randomUUID()];
      known['source'] = ['herald', 'gazette', 'idle'];
      known['category'] = ['world', 'sport'];
      known['cursor'] = [next];
      known['since'] = known['until'] = ['2026-03-01', '2026-03-01T08:00:00Z'];
      known['limit'] = ['1', '5', '100'];
      known['least'] = ['1', '2'];
      known['language'] = ['en', 'DE'];
      known['into'] = [story, ...rows.map((r) => r.id)];
      known['paths'] = ['world', 'sport'];
      known['sources'] = ['herald'];
      known['q'] = ['report', '"report 1" -none', '再開', '((', "'"];
    }, 180_000);
    afterAll(async () => {
      await api?.close();
    });

    /** What is wrong with an answer; null when it is as the document says. */
    async function fault(r: MadeRequest): Promise<string | null> {
      const answer = await fetch(`${api.at}${r.target}`, {
        method: r.method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(r.body === null || r.method === 'GET' ? {} : { body: r.body }),
      });
      const text = await answer.text();
      const said = `${r.method} ${r.target} ${r.body ?? ''}\n${answer.status} ${text.slice(0, 500)}`;
      if (answer.status >= 500) return `a fault of the server: ${said}`;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      // A made path may name something else, or nothing.
      const status = String(answer.status);
      if (!(status in r.operation.responses) && status !== '404' && status !== '405')
        return `a status that is not foreseen: ${said}`;
      if (status !== '200') return check('api:#/components/schemas/Problem', text, said);
      used.add(r.operation.operationId);
      const path = Object.entries(document.paths).find(([, m]) => Object.values(m).includes(r.operation))?.[0] ?? '';
      const at = ['paths', path, r.method.toLowerCase(), 'responses', '200', 'content', 'application/json', 'schema'];
      return check(
        `api:#/${at.map((k) => encodeURIComponent(k.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`,
        text,
        said,
      );
    }
    const statuses = new Map<number, number>();
    const used = new Set<string>();

    function check(ref: string, text: string, said: string): string | null {
      const valid = ajv.getSchema(ref);
      if (!valid) return `no schema ${ref}`;
      return valid(JSON.parse(text)) ? null : `${ajv.errorsText(valid.errors)}: ${said}`;
    }

    it('are answered as it says, whatever they hold: no fault of the server, each answer by its schema', async () => {
      const made = fc.sample(requests(document, known), { seed: SEED, numRuns: REQUESTS });
      const faults: string[] = [];
      for (const r of made) {
        const wrong = await fault(r);
        if (wrong !== null) faults.push(wrong);
      }
      console.log(
        `${REQUESTS} requests: ${[...statuses]
          .sort()
          .map(([s, n]) => `${n} × ${s}`)
          .join(', ')}`,
      );
      expect(faults).toEqual([]);
      // A fuzzer that is always refused shows nothing.
      const all = Object.values(document.paths).flatMap((m) => Object.values(m));
      const reads = Object.values(document.paths).flatMap((m) => m['get']?.operationId ?? []);
      expect(reads.filter((id) => !used.has(id))).toEqual([]);
      expect(used.size).toBeGreaterThan(all.length * 0.6);
      expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404]));
    }, 300_000);
  },
);
