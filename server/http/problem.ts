import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { type ErrorCode, messageOf, SourcelinkError } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';

/** The body of an error answer (RFC 9457). */
export const Problem = z
  .object({
    type: z.string().describe('URN of the error code.'),
    title: z.string().describe('Kind of problem, in words.'),
    status: z.int().min(400).max(599).describe('HTTP status of the answer.'),
    detail: z.string().describe('What went wrong with this request.'),
    code: z.string().describe('Stable error code; docs/errors.md explains it.'),
    hint: z.string().describe('What a person can do about the problem.'),
    instance: z.string().optional().describe("Id of this failure in the server's log."),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** Status and title of each error code. Any other code answers with 500. */
export const KINDS = {
  HTTP_BAD_REQUEST: [400, 'Bad request'],
  HTTP_UNAUTHORIZED: [401, 'Unauthorized'],
  HTTP_CLOSED: [403, 'Forbidden'],
  HTTP_NOT_FOUND: [404, 'Not found'],
  HTTP_METHOD: [405, 'Method not allowed'],
  HTTP_GONE: [410, 'Gone'],
  HTTP_TOO_LARGE: [413, 'Too large'],
  HTTP_TOO_MANY: [429, 'Too many requests'],
  HTTP_NOT_READY: [503, 'Not ready'],
  USAGE: [422, 'Not possible'],
  PUBLISH_BUSY: [409, 'Busy'],
} as const satisfies Partial<Record<ErrorCode, readonly [number, string]>>;

const RETRY_SECONDS: Partial<Record<ErrorCode, number>> = { PUBLISH_BUSY: 60, HTTP_NOT_READY: 5 };

/** The answer to an error. Details of an unexpected error go only to the log, under the id that the answer carries. */
export function answerError(c: Context, error: unknown, log: Logger): Response {
  const known = error instanceof SourcelinkError && error.code in KINDS ? error : null;
  if (known) return problem(c, known);
  const instance = `urn:uuid:${randomUUID()}`;
  log.error({ instance, method: c.req.method, path: c.req.path, err: messageOf(error) }, 'a request failed');
  return problem(c, new SourcelinkError('HTTP_FAILED', 'The server failed to process this request.'), { instance });
}

/** A problem as an answer. `more` adds fields to the body (RFC 9457, section 3.2). */
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
