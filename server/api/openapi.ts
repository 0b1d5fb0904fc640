import { z } from 'zod';
import { CODES, type ErrorCode } from '../../config/errors.js';
import { leanFormats } from '../../contract/schema.js';
import { KINDS, Problem } from '../http/problem.js';
import type { Endpoint } from './endpoint.js';
import { ENDPOINTS } from './endpoints.js';

type Json = Record<string, unknown>;

/** Problems that any request can cause. */
const ALWAYS = ['HTTP_BAD_REQUEST', 'HTTP_TOO_LARGE', 'HTTP_TOO_MANY', 'HTTP_FAILED'] as const satisfies ErrorCode[];
const GUARDED = ['HTTP_UNAUTHORIZED', 'HTTP_CLOSED'] as const satisfies ErrorCode[];
const DEFS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** The API as OpenAPI 3.1, made from the schemas that read its requests. `url` null: the server that serves the document. */
export function openApi(url: string | null): Json {
  const { schemas, components } = schemasOf(ENDPOINTS);
  const paths: Record<string, Json> = {};
  for (const e of ENDPOINTS) {
    paths[e.path] ??= {};
    Object.assign(paths[e.path] ?? {}, { [e.method]: operationOf(e, schemas) });
  }
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'Sourcelink',
      version: '1',
      summary: 'Articles with their Source links, and the state of the pipeline.',
      description:
        'Lists are sorted newest first and paginated with a cursor. Errors are problem details (RFC 9457) with a hint.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: url ?? '/' }],
    tags: [...new Set(ENDPOINTS.map((e) => e.group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      responses: Object.fromEntries(
        [...ALWAYS, ...GUARDED, ...new Set(ENDPOINTS.flatMap((e) => e.problems))].map((code) => [
          code,
          responseOf(code),
        ]),
      ),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The value of SOURCELINK_API_TOKEN on the server.' },
      },
    },
  });
  return JSON.parse(text.replaceAll(DEFS, COMPONENTS));
}

/** All schemas in one conversion, so that shared definitions are written once. */
function schemasOf(endpoints: Endpoint[]): { schemas: Json; components: Json } {
  const all: Record<string, z.ZodType> = { problem: Problem };
  for (const e of endpoints) {
    Object.assign(all, { [`${e.id} answer`]: e.answer, [`${e.id} params`]: e.params, [`${e.id} query`]: e.query });
    if (e.body) all[`${e.id} body`] = e.body;
  }
  const { properties = {}, $defs = {} } = z.toJSONSchema(z.object(all), {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: leanFormats,
  });
  for (const definition of Object.values($defs)) delete (definition as Json)['id'];
  return { schemas: properties, components: $defs };
}

function operationOf(e: Endpoint, schemas: Json): Json {
  const codes = [...ALWAYS, ...(e.guarded ? GUARDED : []), ...e.problems];
  const statuses = [...new Set(codes.map((code) => statusOf(code)))].sort((a, b) => a - b);
  return {
    operationId: e.id,
    tags: [e.group],
    summary: e.summary,
    ...(e.description === undefined ? {} : { description: e.description }),
    security: e.guarded ? [{ token: [] }] : [],
    parameters: [
      ...parametersOf(schemas[`${e.id} params`], 'path'),
      ...parametersOf(schemas[`${e.id} query`], 'query'),
    ],
    ...(e.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemas[`${e.id} body`] } } } }),
    responses: {
      200: { description: 'Success.', content: { 'application/json': { schema: schemas[`${e.id} answer`] } } },
      ...(e.maxAgeSeconds > 0 ? { 304: { description: 'Not modified.' } } : {}),
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          { $ref: `#/components/responses/${codes.find((code) => statusOf(code) === status)}` },
        ]),
      ),
    },
  };
}

const statusOf = (code: ErrorCode): number => (code in KINDS ? KINDS[code as keyof typeof KINDS][0] : 500);

function responseOf(code: ErrorCode): Json {
  return {
    description: `\`${code}\`: ${CODES[code].hint}`,
    content: { 'application/problem+json': { schema: { $ref: `${DEFS}Problem` } } },
  };
}

function parametersOf(schema: unknown, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, { description, ...rest }]) => {
    return { name, in: place, required: place === 'path' || required.includes(name), description, schema: rest };
  });
}
