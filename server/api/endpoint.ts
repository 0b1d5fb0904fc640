import { z } from 'zod';
import type { ErrorCode, SourcelinkError } from '../../config/errors.js';
import { placeOf } from '../../ledger/read/cursor.js';
import type { Context } from '../../workers/context.js';

/** What the endpoints need of a pipeline. */
export type ApiContext = Pick<
  Context,
  'db' | 'queues' | 'settings' | 'sources' | 'categories' | 'sinks' | 'log' | 'now'
>;

/** `lastModified`: null when the time of the last change is not known. `next`: the cursor of the next page. */
export type Answer =
  | { body: unknown; lastModified?: Date | null; next?: string | null }
  | { problem: SourcelinkError; more?: Record<string, unknown> };

export type Group = 'Articles' | 'Stories' | 'Categories' | 'Operation' | 'Actions';

type Shape<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = {
  /** `operationId`: generated clients name their methods after it. */
  id: string;
  method: 'get' | 'post';
  /** As OpenAPI writes it: `/v1/articles/{article}`. */
  path: string;
  group: Group;
  summary: string;
  description?: string;
  params: P;
  query: Q;
  /** Null when the request has none. */
  body: B | null;
  answer: z.ZodType;
  /** Problems beyond those that any request can cause. */
  problems: readonly ErrorCode[];
  /** Whether the request needs the token. */
  guarded: boolean;
  /** How long clients may cache the answer, in seconds; 0 forbids it. */
  maxAgeSeconds: number;
  run(ctx: ApiContext, input: { params: z.output<P>; query: z.output<Q>; body: z.output<B> }): Promise<Answer>;
};

/** One request that the API answers: its input, its answer, and what it does. */
export type Endpoint = Omit<Shape<z.ZodObject, z.ZodObject, z.ZodType>, 'run'> & {
  run(ctx: ApiContext, input: { params: unknown; query: unknown; body: unknown }): Promise<Answer>;
};

const NONE = z.strictObject({});

/** A request that only reads and needs no token. Its input has already passed the schemas. */
export function reading<P extends z.ZodObject = typeof NONE, Q extends z.ZodObject = typeof NONE>(
  shape: Pick<Shape<P, Q, z.ZodUndefined>, 'id' | 'path' | 'group' | 'summary' | 'answer' | 'maxAgeSeconds' | 'run'> &
    Partial<Shape<P, Q, z.ZodUndefined>>,
): Endpoint {
  const rest = { method: 'get', params: NONE, query: NONE, body: null, problems: [], guarded: false };
  return { ...rest, ...shape } as unknown as Endpoint;
}

/** A request that changes something. It needs the token. */
export function acting<P extends z.ZodObject = typeof NONE, B extends z.ZodType = z.ZodUndefined>(
  shape: Pick<Shape<P, typeof NONE, B>, 'id' | 'path' | 'summary' | 'answer' | 'run'> &
    Partial<Shape<P, typeof NONE, B>>,
): Endpoint {
  const rest = { method: 'post', group: 'Actions', params: NONE, query: NONE, body: null, problems: [] };
  return { ...rest, guarded: true, maxAgeSeconds: 0, ...shape } as unknown as Endpoint;
}

/** The answer of an action that returns no data. */
export const Done = z.object({ done: z.literal(true) }).meta({ id: 'Done' });
export const done = { body: { done: true } };

/** PostgreSQL can store neither NUL nor lone surrogates, as text or as JSON. */
const isStorable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);

/** Text that a person wrote and the ledger stores. */
export const text = (most: number) =>
  z.string().min(1).max(most).refine(isStorable, { error: 'contains a character that cannot be stored' });

export const Instant = z.iso.datetime({ offset: false });

/** A date or time as people write it. @returns microseconds since 1970 */
export const when = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'write a date such as 2026-03-01, or a time such as 2026-03-01T08:00:00Z',
  })
  .transform((written) => Date.parse(written) * 1000);

export const limit = z.coerce.number<string>().int().min(1).max(100).default(20);

export const cursor = z
  .string()
  .min(1)
  .max(200)
  .transform((written, ctx) => {
    const place = placeOf(written);
    if (place !== null) return place;
    ctx.addIssue({ code: 'custom', message: 'is not a cursor; send the `next` of the previous page unchanged' });
    return z.NEVER;
  });

export const next = z.string().nullable().describe('`cursor` of the next page; null on the last page.');
