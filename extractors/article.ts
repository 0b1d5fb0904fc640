import type { ExtractRules, RightsLevel } from '../config/sources.js';
import type { PageDigest } from './profile/digest.js';
import type { Profile } from './profile/profile.js';

/** Everything that extraction may know; there is no clock and no network beside it. Structured-cloneable: it goes to a thread. */
export type PageInput = {
  /** Final URL of the page. */
  url: string;
  bytes: Uint8Array;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** What the tdmrep.json of its host reserves for this page. */
  reservation?: { policy: string | null } | null;
  /** ISO 8601. */
  fetchedAt: string;
  source: {
    id: string;
    name: string;
    url: string;
    language: string | null;
    timezone: string | null;
    republish: RightsLevel;
    /** Licences that suffice for the whole text, by the beginning of their address. */
    fullLicences: string[];
    rules: ExtractRules;
  };
  /** What discovery said; used where the page itself is silent. */
  hints: {
    title: string | null;
    authors: string[];
    publishedAt: string | null;
    updatedAt: string | null;
    summary: string | null;
    image: string | null;
    language: string | null;
    tags: string[];
  };
  /** What the outlet's other pages taught, when that is used. */
  profile: Profile | null;
  limits: { maxBytes: number; maxElements: number; maxDepth: number; minWords: number };
};

export type Rights = {
  level: RightsLevel;
  /** Which signal or setting decided, for a person. */
  reason: string;
  signals: { name: string; value: string; says: string }[];
  /** Most characters of the text that the page lets be shown; null when it sets no limit. */
  maxCharacters: number | null;
  /** ISO 8601: when the page is no longer to be shown; null when it does not say, or when that is over. */
  until: string | null;
};

/** An article as read from one page. Dates are ISO 8601 in UTC, null when unknown. */
export type Article = {
  canonicalUrl: string;
  /** The canonical address that the page names on another site: the text was taken over from there. */
  syndicatedFrom: string | null;
  title: string;
  authors: string[];
  /** A news agency credited for the text (`Reuters`), else null. */
  agency: string | null;
  publishedAt: string | null;
  updatedAt: string | null;
  /** BCP 47. */
  language: string | null;
  /** First sentences of the text, for lists. */
  excerpt: string;
  /** Plain text, blocks separated by a newline. */
  text: string;
  /** Sanitised; absolute URLs. */
  html: string;
  image: { url: string; alt: string | null; credit: string | null; width: number | null; height: number | null } | null;
  tags: string[];
  section: string | null;
  wordCount: number;
  rights: Rights;
  /** The page asks not to be indexed. */
  noindex: boolean;
  /** What was taken out of the text and why. */
  removed: { what: string; why: string }[];
  /** Where each field was found: `{ title: 'json-ld headline', publishedAt: 'meta article:published_time', … }`. */
  provenance: Record<string, string>;
  /** What to remember of the page, to learn its outlet from; never published. */
  digest: PageDigest;
};
