import fc from 'fast-check';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = Record<string, unknown>;
type Parameter = { name: string; in: 'path' | 'query'; required: boolean; schema: Schema };
export type Operation = {
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: Record<string, unknown>;
};
export type ApiDocument = { paths: Record<string, Record<string, Operation>>; components: Record<string, Schema> };

/** A request as it goes out, and the operation that it is meant for. */
export type MadeRequest = { operation: Operation; method: string; target: string; body: string | null };

/** What a client may send by mistake or on purpose. */
const WILD = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '',
    '\0',
    '%',
    '%zz',
    '../../etc/passwd',
    "'; DROP TABLE x; --",
    'null',
    '-1',
    '1e999',
    'NaN',
    '\ud800',
  ),
  fc.constantFrom('0000-01-01', '9999-12-31T23:59:59Z', '2026-02-30', '99999999999999999999', 'AAAA', '🦭'.repeat(50)),
);

/** Requests to all operations of an OpenAPI document: most fields as it says, some not. `known`: values that exist, by parameter. */
export function requests(document: ApiDocument, known: Record<string, string[]>): fc.Arbitrary<MadeRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const valuesOf = ({ name, schema }: Parameter): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(...(known[name] ?? ['none'])) },
        {
          weight: 2,
          arbitrary: fitting(schema).map((v) => (typeof v === 'string' ? v : JSON.stringify(v))),
        },
        { weight: 1, arbitrary: WILD },
      );
    const inPath = operation.parameters.filter((p) => p.in === 'path');
    const inQuery = operation.parameters.filter((p) => p.in === 'query');
    const body = operation.requestBody?.content['application/json'].schema;
    return fc
      .record({
        path: fc.record(Object.fromEntries(inPath.map((p) => [p.name, valuesOf(p)]))),
        query: fc.record(Object.fromEntries(inQuery.map((p) => [p.name, valuesOf(p)])), { requiredKeys: [] }),
        stray: fc.oneof({ weight: 20, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.tuple(WILD, WILD) }),
        body: body === undefined ? fc.constant(null) : bodies(body, known),
      })
      .map((made) => {
        const target = path.replace(
          /\{(\w+)\}/g,
          (_, name: string) => encode((made.path as Record<string, string>)[name] ?? '') || '%20',
        );
        const pairs = [...Object.entries(made.query as Record<string, string>), ...(made.stray ? [made.stray] : [])];
        const query = pairs.map(([k, v]) => `${encode(k)}=${encode(v)}`).join('&');
        return {
          operation,
          method: method.toUpperCase(),
          target: query === '' ? target : `${target}?${query}`,
          body: made.body,
        };
      });
  });
}

const encode = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?')).replaceAll('.', '%2E');

function bodies(schema: Schema, known: Record<string, string[]>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fitting(schema, known).map((v) => JSON.stringify(v)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: WILD },
  );
}

/** Values that a schema allows, as far as it can be read off it. */
function fitting(schema: Schema, known: Record<string, string[]> = {}): fc.Arbitrary<Json> {
  const s = schema as { [key: string]: never };
  const variants = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (variants) return fc.oneof(...variants.map((v) => fitting(v, known)));
  if ('const' in schema) return fc.constant(schema['const'] as Json);
  if (schema['enum']) return fc.constantFrom(...(schema['enum'] as Json[]));
  switch (schema['type']) {
    case 'integer':
      return fc.integer({
        min: Math.max(s['minimum'] ?? -100, -(2 ** 31)),
        max: Math.min(s['maximum'] ?? 100, 2 ** 31 - 1),
      });
    case 'array':
      return fc.array(fitting(schema['items'] as Schema), { minLength: s['minItems'] ?? 0, maxLength: 3 });
    case 'object': {
      const of = (key: string, schema: Schema): fc.Arbitrary<Json> => {
        const values = known[key];
        if (values === undefined) return fitting(schema, known);
        const one = fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...values) },
          { weight: 1, arbitrary: fc.string() },
        );
        return schema['type'] === 'array' ? fc.array(one, { minLength: 1, maxLength: 2 }) : one;
      };
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      return fc.record(Object.fromEntries(properties.map(([k, v]) => [k, of(k, v)]))) as fc.Arbitrary<Json>;
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
  }
  if (schema['format'] === 'uuid') return fc.uuid();
  if (schema['format'] === 'date') return fc.date({ noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10));
  if (schema['format'] === 'date-time') return fc.date({ noInvalidDate: true }).map((d) => d.toISOString());
  return fc.string({ unit: 'grapheme', minLength: s['minLength'] ?? 0, maxLength: Math.min(s['maxLength'] ?? 50, 50) });
}
