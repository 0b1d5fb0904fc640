import { Settings } from '../config/settings.js';
import { readBody } from '../extractors/body.js';
import { parseDocument } from '../extractors/dom.js';
import type { PageInput } from '../extractors/extract.js';
import { readMetadata } from '../extractors/metadata.js';
import { learnProfile, type PageDigest, type Profile } from '../extractors/profile.js';
import type { BenchPage } from './extract-pages.js';

/** What the pipeline would give to extraction, each page with what the pages of its outlet teach. */
export function inputsOf(pages: BenchPage[]): {
  inputs: (PageInput & { profile: Profile | null })[];
  profiled: number;
} {
  const { maxBytes, maxElements, maxDepth, minWords } = Settings.parse({}).extract;
  const plain = pages.map(({ url, bytes }): PageInput & { profile: Profile | null } => ({
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
      rules: { remove: [] },
    },
    hints: {
      ...{ title: null, authors: [], publishedAt: null, updatedAt: null, summary: null, image: null, language: null },
      tags: [],
    },
    limits: { maxBytes, maxElements, maxDepth, minWords },
    profile: null,
  }));
  const profiles = profilesOf(plain);
  const inputs = plain.map((input) => ({ ...input, profile: profiles.get(input.source.id) ?? null }));
  return { inputs, profiled: inputs.filter((i) => i.profile !== null).length };
}

/** Profiles by outlet, learned as the pipeline learns them; outlets with too few pages have none. */
function profilesOf(inputs: PageInput[]): Map<string, Profile> {
  const digests = new Map<string, PageDigest[]>();
  for (const input of inputs) {
    const document = parseDocument(new TextDecoder().decode(input.bytes));
    const { title, authors, jsonLdBody } = readMetadata(document, input);
    const body = readBody(document, { url: input.url, title, authors, rules: input.source.rules, jsonLdBody });
    if (body) digests.set(input.source.id, [...(digests.get(input.source.id) ?? []), body.digest]);
  }
  return new Map(
    [...digests].flatMap(([outlet, pages]) => {
      const profile = learnProfile(pages);
      return profile ? [[outlet, profile] as const] : [];
    }),
  );
}
