import { type RawBuilder, sql } from 'kysely';

/** A place in a list that is ordered by time and id, newest first. `at` in microseconds since 1970. */
export type Place = { at: number; id: string };

const PLACE = /^(-?\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A place as clients carry it around; it holds however many rows come in before it. */
export const cursorOf = ({ at, id }: Place): string => Buffer.from(`${at}.${id}`).toString('base64url');

/** Null for what never was a cursor. */
export function placeOf(cursor: string): Place | null {
  const [, at, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (at === undefined || id === undefined || !Number.isSafeInteger(Number(at))) return null;
  return { at: Number(at), id };
}

/** The moment of so many microseconds, to the last of them: a Date has milliseconds. */
export const moment = (micros: number): RawBuilder<Date> =>
  sql<Date>`('epoch'::timestamptz + ${micros}::bigint * interval '1 microsecond')`;

/** The same of a column. */
export const microsOf = (column: RawBuilder<Date>): RawBuilder<number> =>
  sql<number>`(extract(epoch FROM ${column}) * 1000000)::bigint`;
