import { Hono, type Context as Request } from 'hono';
import type { z } from 'zod';
import { codeOf, SourcelinkError } from '../../config/errors.js';
import { beginAction, endAction } from '../../ledger/actions.js';
import { answerDocument } from '../http/conditional.js';
import { problem } from '../http/problem.js';
import { clientOf } from '../http/rate.js';
import { isToken, sentToken } from '../http/token.js';
import type { Answer, ApiContext, Endpoint } from './endpoint.js';
import { ENDPOINTS } from './endpoints.js';
import { openApi } from './openapi.js';

/** The API as routes below `/v1`. Actions need `token`; null disables them. */
export function apiRoutes(ctx: ApiContext, options: { token: string | null; url: string | null }): Hono {
  const app = new Hono();
  const document = JSON.stringify(openApi(options.url));
  app.get('/v1/openapi.json', (c) =>
    answerDocument(c, { text: document, type: 'application/json', lastModified: null, maxAgeSeconds: 300 }),
  );
  const paths = new Map<string, Set<string>>([['/v1/openapi.json', new Set(['GET', 'HEAD'])]]);
  for (const endpoint of ENDPOINTS) {
    const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1');
    app[endpoint.method](path, (c) => answer(ctx, c, endpoint, options.token));
    const methods = endpoint.method === 'get' ? ['GET', 'HEAD'] : ['POST'];
    paths.set(path, new Set([...(paths.get(path) ?? []), ...methods]));
  }
  for (const [path, methods] of paths)
    app.all(path, (c) => {
      c.header('allow', [...methods].join(', '));
      return problem(c, new SourcelinkError('HTTP_METHOD', `${c.req.method.slice(0, 20)} is not supported here.`));
    });
  return app;
}

async function answer(ctx: ApiContext, c: Request, endpoint: Endpoint, token: string | null): Promise<Response> {
  if (endpoint.guarded) checkToken(c, token);
  const input = {
    params: read(endpoint.params, c.req.param(), 'The path'),
    query: read(endpoint.query, queryOf(c), 'The query'),
    body: endpoint.body === null ? undefined : read(endpoint.body, await bodyOf(c), 'The body'),
  };
  const given = endpoint.method === 'post' ? await audited(ctx, c, endpoint, input) : await endpoint.run(ctx, input);
  if ('problem' in given) return problem(c, given.problem, given.more);
  if (endpoint.maxAgeSeconds === 0) {
    c.header('cache-control', 'no-store');
    return c.json(given.body as object);
  }
  return answerDocument(c, {
    text: JSON.stringify(given.body),
    type: 'application/json',
    lastModified: given.lastModified ?? null,
    maxAgeSeconds: endpoint.maxAgeSeconds,
    ...(given.next ? { headers: { link: nextLink(c, given.next) } } : {}),
  });
}

/** Performs an action and records it in the ledger with its outcome. */
export async function audited(
  ctx: ApiContext,
  c: Request,
  endpoint: Endpoint,
  input: Parameters<Endpoint['run']>[1],
): Promise<Answer> {
  const subject = { ...(input.params as Record<string, unknown>) };
  const client = clientOf(c, ctx.settings.http.proxies);
  const seq = await beginAction(ctx.db, { at: ctx.now(), client, action: endpoint.id, subject, body: input.body });
  try {
    const given = await endpoint.run(ctx, input);
    await endAction(ctx.db, seq, 'problem' in given ? given.problem.code : 'done');
    return given;
  } catch (error) {
    await endAction(ctx.db, seq, codeOf(error));
    throw error;
  }
}

/** @throws HTTP_CLOSED, HTTP_UNAUTHORIZED */
function checkToken(c: Request, token: string | null): void {
  if (token === null) throw new SourcelinkError('HTTP_CLOSED', 'Actions are disabled on this server.');
  const sent = sentToken(c);
  if (sent === undefined || !isToken(sent, token))
    throw new SourcelinkError(
      'HTTP_UNAUTHORIZED',
      sent === undefined ? 'This request needs a token.' : 'The token is wrong.',
    );
}

/** @throws HTTP_BAD_REQUEST naming the field */
function read<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const field = first?.path.length ? ` \`${first.path.join('.')}\`` : '';
  throw new SourcelinkError('HTTP_BAD_REQUEST', `${where}${field}: ${first?.message ?? 'is not valid'}.`);
}

/** The query. A parameter that appears twice is ambiguous. @throws HTTP_BAD_REQUEST */
function queryOf(c: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => {
      if (values.length === 1) return [name, values[0] ?? ''];
      throw new SourcelinkError(
        'HTTP_BAD_REQUEST',
        `The query parameter \`${name.slice(0, 50)}\` appears ${values.length} times.`,
        { hint: 'Send each parameter once.' },
      );
    }),
  );
}

/** @throws HTTP_BAD_REQUEST when the body is not JSON */
async function bodyOf(c: Request): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (cause) {
    throw new SourcelinkError('HTTP_BAD_REQUEST', 'The body is not JSON.', { cause });
  }
}

function nextLink(c: Request, cursor: string): string {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.set('cursor', cursor);
  return `<${pathname}?${searchParams}>; rel="next"`;
}
