import { sql } from 'kysely';
import { codeOf, type ErrorCode, messageOf } from '../config/errors.js';
import { isFree, RELEASED } from './db/leases.js';
import type { Db } from './schema.js';

/** Faults that a publisher may fix; what stands in the way for good (robots.txt, a private address, 410) is not among them. */
const PASSING: ErrorCode[] = [
  ...(['FETCH_DNS', 'FETCH_CONNECT', 'FETCH_TLS', 'FETCH_TIMEOUT', 'FETCH_BAD_ENCODING'] as const),
  ...([
    'FETCH_HTTP_4XX',
    'FETCH_NOT_FOUND',
    'FETCH_HTTP_5XX',
    'FETCH_FORBIDDEN',
    'FETCH_RATE_LIMITED',
    'FETCH_ROBOTS_UNREACHABLE',
  ] as const),
  ...(['FETCH_REDIRECT_LOOP', 'FETCH_TOO_MANY_REDIRECTS', 'FETCH_TOO_LARGE', 'FETCH_BROWSER'] as const),
];
/** Looks at a page that died, and minutes before the first of them; each further one waits three times as long: 20 hours in all. */
const LOOKS = 5;
const FIRST_MINUTES = 10;

/**
 * Pages that could not be fetched are fetched again while their source itself answers, a few times, ever less often: an
 * outlet that was down for an hour loses nothing. @returns how many are due again
 */
export async function lookAgainAtDead(db: Db, sourceId: string): Promise<number> {
  const { rows } = await sql`
    UPDATE sourcelink.candidate SET stage = 'fetch', outcome = NULL, dead_stage = NULL, code = NULL, reason = NULL, attempts = 0,
      next_try_at = now(), driven_at = now(), changed_at = now(), second_looks = second_looks + 1
    WHERE source_id = ${sourceId} AND outcome = 'dead' AND dead_stage = 'fetch' AND code = ANY(${PASSING}::text[])
      AND second_looks < ${LOOKS}::int AND changed_at <= now() - make_interval(mins => ${FIRST_MINUTES}::int * power(3, second_looks)::int)
    RETURNING id`.execute(db);
  return rows.length;
}

/** Lets all pages of a source wait that are due now or soon: its host is in trouble, and no single page should pay for it. */
export async function putOff(db: Db, sourceId: string, owner: string, waitMs: number, error: unknown): Promise<void> {
  const until = sql`now() + make_interval(secs => ${waitMs / 1000})`;
  await sql`
    UPDATE sourcelink.candidate SET ${RELEASED}, driven_at = NULL, changed_at = now(),
      next_try_at = ${until}, code = ${codeOf(error)}, reason = ${messageOf(error)}
    WHERE source_id = ${sourceId} AND outcome IS NULL AND stage = 'fetch' AND next_try_at < ${until}
      AND (${isFree()} OR lease_owner = ${owner})`.execute(db);
}
