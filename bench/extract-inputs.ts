import { Settings } from '../config/settings.js';
import type { PageInput } from '../extractors/article.js';
import { readParts } from '../extractors/extract.js';
import type { PageDigest } from '../extractors/profile/digest.js';
import { learnAndJudge } from '../extractors/profile/judge.js';
import type { Profile } from '../extractors/profile/profile.js';
import type { BenchPage } from './extract-pages.js';

/** What the pipeline would give to extraction, each page with what the pages of its outlet teach. */
export function inputsOf(pages: BenchPage[]): {
  inputs: PageInput[];
  profiled: number;
} {
  const { maxBytes, maxElements, maxDepth, minWords } = Settings.parse({}).extract;
  const plain = pages.map(
    ({ url, bytes }): PageInput => ({
      url,
      bytes,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      fetchedAt: '2026-01-01T00:00:00.000Z',
      source: {
        id: new URL(url).hostname,
        name: new URL(url).hostname,
        url: `${new URL(url).origin}/`,
        language: null,
        timezone: null,
        republish: 'full',
        fullLicences: [],
        rules: { remove: [] },
      },
      hints: {
        title: null,
        authors: [],
        publishedAt: null,
        updatedAt: null,
        summary: null,
        image: null,
        language: null,
        tags: [],
      },
      limits: { maxBytes, maxElements, maxDepth, minWords },
      profile: null,
    }),
  );
  const profiles = profilesOf(plain);
  const inputs = plain.map((input) => ({ ...input, profile: profiles.get(input.source.id) ?? null }));
  return { inputs, profiled: inputs.filter((i) => i.profile !== null).length };
}

/** Profiles by outlet, learned and judged as the pipeline does it; outlets with too few pages have none. */
function profilesOf(inputs: PageInput[]): Map<string, Profile> {
  const digests = new Map<string, PageDigest[]>();
  for (const input of inputs) {
    const digest = readParts(input).body?.digest;
    if (digest) digests.set(input.source.id, [...(digests.get(input.source.id) ?? []), digest]);
  }
  return new Map(
    [...digests].flatMap(([outlet, pages]) => {
      const judged = learnAndJudge(pages);
      return judged?.wins ? [[outlet, { version: 1, ...judged.profile }] as const] : [];
    }),
  );
}
