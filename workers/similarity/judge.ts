import { countShared, sharedOf } from './shingles.js';

/** One text as it is compared. */
export type Text = {
  /** Of its article. */
  id: string;
  source: string;
  /** When it appeared, in milliseconds: as published, else as first seen. */
  at: number;
  /** Ascending set (`shinglesOf`). */
  shingles: Uint32Array;
  /** `fingerprintOf`; null for a text too short to be told from another by its words. */
  fingerprint: string | null;
};

/** A text that was judged before; `original` is the article it counts for: itself, or the one it repeats. */
export type Known = Text & { original: { id: string; source: string; at: number } };

/** Where known texts are found. */
export type NearIndex = {
  /** Texts that share several looked-up shingles with this one, whatever their time. */
  near(text: Text): Promise<Known[]>;
  /** Texts of one source from the days around `at`, for what it repeats on all its pages. */
  around(source: string, at: number): Promise<Known[]>;
};

export type JudgeOptions = {
  /** How far apart two copies may appear, in milliseconds. */
  windowMs: number;
  /** Share of the smaller text from which two texts are one. */
  duplicate: number;
  /** Share from which they are related. */
  related: number;
};

export type Related = { id: string; score: number };

/** What a text is: of its own, or another's copy, and which other texts share much with it. `with` is the text that it was compared with. */
export type Verdict = {
  duplicate: { by: 'exact' | 'near'; score: number; shared: number; with: Known } | null;
  related: Related[];
};

/** Fewer shared shingles prove nothing: a quotation or a standing line has as many. */
const LEAST_SHARED = 12;
/** A text that has all of another and is more than this many times as long is no copy of it. */
const MUCH_LONGER = 5;
/** Related texts that are kept. */
const MOST_RELATED = 10;
/** A shingle on this many pages of one source that are no copies of each other belongs to its pages, not to its reports. */
const FURNITURE_PAGES = 2;

type Compared = { known: Known; score: number; shared: number; copy: boolean };

/**
 * Compares a text with what is known. Containment of the smaller set (shared shingles / its size) is exact, over the whole texts;
 * shingles that a source repeats on its other pages count for nothing. Of several originals the one that is contained most wins.
 */
export async function judge(text: Text, index: NearIndex, options: JudgeOptions): Promise<Verdict> {
  const found: Compared[] = [];
  for (const known of await index.near(text)) {
    if (known.id === text.id || Math.abs(known.at - text.at) > options.windowMs) continue;
    const rough = contained(text.shingles, known.shingles, countShared(text.shingles, known.shingles));
    if (rough.score < options.related || rough.shared < LEAST_SHARED) continue;
    const exact = text.fingerprint !== null && known.fingerprint === text.fingerprint;
    const fair = exact ? rough : await withoutFurniture(text, known, index, options);
    if (fair.score < options.related || fair.shared < LEAST_SHARED) continue;
    const longer = text.shingles.length > known.shingles.length * MUCH_LONGER;
    found.push({ known, ...fair, copy: fair.score >= options.duplicate && !longer });
  }
  found.sort(
    (a, b) => Number(b.copy) - Number(a.copy) || b.score - a.score || b.shared - a.shared || order(a.known, b.known),
  );
  const best = found.find((f) => f.copy && f.known.original.id !== text.id);
  return {
    duplicate:
      best === undefined
        ? null
        : {
            by: text.fingerprint !== null && best.known.fingerprint === text.fingerprint ? 'exact' : 'near',
            score: round(best.score),
            shared: best.shared,
            with: best.known,
          },
    related: relatedOf(found, text.id, best?.known.original.id),
  };
}

/** Earlier first, then by id, so that nothing depends on the order in which an index answers. */
function order(a: Text, b: Text): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function contained(a: Uint32Array, b: Uint32Array, shared: number): { score: number; shared: number } {
  const smaller = Math.min(a.length, b.length);
  return { score: smaller === 0 ? 0 : shared / smaller, shared };
}

function relatedOf(found: Compared[], self: string, original: string | undefined): Related[] {
  const scores = new Map<string, number>();
  for (const { known, score } of found) {
    const { id } = known.original;
    if (id !== self && id !== original) scores.set(id, Math.max(scores.get(id) ?? 0, round(score)));
  }
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_RELATED);
}

/** Compares again after dropping what either source shows on its other pages too. */
async function withoutFurniture(
  text: Text,
  known: Known,
  index: NearIndex,
  options: JudgeOptions,
): Promise<{ score: number; shared: number }> {
  const shared = sharedOf(text.shingles, known.shingles);
  const furniture = new Set<number>();
  for (const source of new Set([text.source, known.source])) {
    const counts = new Map<number, number>();
    for (const page of await index.around(source, source === known.source ? known.at : text.at)) {
      if (page.id === text.id || page.id === known.id || page.original.id === known.original.id) continue;
      const common = sharedOf(shared, page.shingles);
      // A page that has most of either text is a third copy, and says nothing of furniture.
      if (common.length >= options.duplicate * Math.min(text.shingles.length, known.shingles.length)) continue;
      for (const h of common) counts.set(h, (counts.get(h) ?? 0) + 1);
    }
    for (const [h, n] of counts) if (n >= FURNITURE_PAGES) furniture.add(h);
  }
  const left = shared.length - furniture.size;
  const smaller = Math.min(text.shingles.length, known.shingles.length) - furniture.size;
  return { score: smaller <= 0 ? 0 : left / smaller, shared: left };
}

const round = (score: number): number => Math.round(score * 1000) / 1000;
