import type { Reservation } from '../net/reservations.js';

/** A page as it came: final URL, headers (lower-case names), bytes after decompression. */
export type FetchedPage = {
  url: string;
  via: 'http' | 'browser';
  headers: Record<string, string>;
  bytes: Uint8Array;
  /** What the tdmrep.json of its host reserves for it. */
  reservation?: Reservation | null;
};
