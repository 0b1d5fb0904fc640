import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { type ErrorCode, messageOf, SourcelinkError } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';

/** What an error answers with (RFC 9457), beside a status. */
export const Problem = z
  .object({
    type: z.string().describe('URN of the code.'),
    title: z.string().describe('The kind of problem, in words.'),
    status: z.int().min(400).max(599).describe('As the status of the answer.'),
    detail: z.string().describe('What is wrong here.'),
    code: z.string().describe('Stable; docs/errors.md explains it.'),
    hint: z.string().describe('What can be done about it.'),
    instance: z.string().optional().describe('Finds it in the log of the server.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** Status and title of each code that the server answers with; 500 for any other. */
export const KINDS = {
  HTTP_BAD_REQUEST: [400, 'Bad request'],
  HTTP_UNAUTHORIZED: [401, 'Unauthorized'],
  HTTP_CLOSED: [403, 'Closed'],
  HTTP_NOT_FOUND: [404, 'Not found'],
  HTTP_METHOD: [405, 'Method not allowed'],
  HTTP_GONE: [410, 'Gone'],
  HTTP_TOO_LARGE: [413, 'Too large'],
  HTTP_TOO_MANY: [429, 'Too many requests'],
  HTTP_NOT_READY: [503, 'Not ready'],
  USAGE: [422, 'Cannot be done'],
  PUBLISH_BUSY: [409, 'Busy'],
} as const satisfies Partial<Record<ErrorCode, readonly [number, string]>>;

const RETRY_SECONDS: Partial<Record<ErrorCode, number>> = { PUBLISH_BUSY: 60, HTTP_NOT_READY: 5 };

/** The answer to an error. What nobody foresaw is told to the log alone, under the id that the answer carries. */
export function answerError(c: Context, error: unknown, log: Logger): Response {
  const known = error instanceof SourcelinkError && error.code in KINDS ? error : null;
  if (known) return problem(c, known);
  const instance = `urn:uuid:${randomUUID()}`;
  log.error({ instance, method: c.req.method, path: c.req.path, err: messageOf(error) }, 'a request failed');
  return problem(c, new SourcelinkError('HTTP_FAILED', 'The server has a fault.'), { instance });
}

/** A problem as an answer. `more` goes along in the body, as RFC 9457 allows. */
export function problem(c: Context, error: SourcelinkError, more: Record<string, unknown> = {}): Response {
  const [status, title] =
    error.code in KINDS ? KINDS[error.code as keyof typeof KINDS] : ([500, 'Internal error'] as const);
  const seconds = error.retryAfterMs === undefined ? RETRY_SECONDS[error.code] : Math.ceil(error.retryAfterMs / 1000);
  const body = {
    type: `urn:sourcelink:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    hint: error.hint ?? '',
    ...more,
  } satisfies Problem;
  return c.body(JSON.stringify(body), status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="sourcelink"' } : {}),
  });
}
