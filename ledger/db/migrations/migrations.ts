import { FIRST_LEDGER } from './0001-first-ledger.js';

/**
 * Each migration forward and back; a released one is never edited, only followed by another. `additive`: programs of the version
 * before can work beside newer ones, since all that they read and write is still there.
 */
export type Migration = { version: number; name: string; up: string; down: string; additive?: boolean };

/** A migration has a file of its own: `0002-what-it-changes.ts`. */
export const MIGRATIONS: Migration[] = [FIRST_LEDGER];
