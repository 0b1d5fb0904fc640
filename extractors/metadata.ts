import type { PageInput } from './extract.js';

/** What a page says of its article beside the text. Dates are ISO 8601 in UTC. */
export type Metadata = {
  canonicalUrl: string;
  title: string;
  authors: string[];
  agency: string | null;
  publishedAt: string | null;
  updatedAt: string | null;
  /** Calendar day of publication as the page writes it, YYYY-MM-DD: `publishedAt` may fall on another in UTC. */
  publishedDay: string | null;
  /** As the page declares it; language.ts decides. */
  declaredLanguage: string | null;
  description: string | null;
  tags: string[];
  section: string | null;
  /** `articleBody` of the page's JSON-LD. */
  jsonLdBody: string | null;
  /** Candidates for the lead image, best first; images.ts decides. */
  images: {
    url: string;
    alt: string | null;
    credit: string | null;
    width: number | null;
    height: number | null;
    from: string;
  }[];
  /** All JSON-LD objects of the page, flattened from `@graph`. */
  jsonLd: Record<string, unknown>[];
  provenance: Record<string, string>;
};

/** Reads metadata; leaves `document` as it is. */
export function readMetadata(_document: Document, _page: PageInput): Metadata {
  throw new Error('not built yet');
}
