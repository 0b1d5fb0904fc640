import { tokenise } from '../../text/tokens.js';
import { countShared, type Sketch, sharedOf } from './shingles.js';

/** One text as it is compared. */
export type Text = {
  /** Of its article. */
  id: string;
  source: string;
  title: string;
  /** When it appeared, in milliseconds: as published, else as first seen. */
  at: number;
} & Sketch;

/** A text that was judged before; `original` is the article it counts for: itself, or the one it repeats. */
export type Known = Text & { original: { id: string; source: string } };

/** What is looked at of a source's other texts. */
export type Page = { id: string; shingles: Uint32Array; original: { id: string } };

/** Where known texts are found. */
export type NearIndex = {
  /** Texts that share several looked-up shingles with this one, whatever their time. */
  near(text: Text): Promise<Known[]>;
  /** Texts of one source from the days around `at`, for what it repeats on all its pages. */
  around(source: string, at: number): Promise<Page[]>;
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
const MIN_SHARED = 12;
/** Shingles that no standing text of an outlet has. */
const SURE_SHARED = 150;
/** A text that has all of another and is more than this many times as long is no copy of it. */
const MUCH_LONGER = 5;
/** Related texts that are kept. */
const MAX_RELATED = 10;
/** A shingle on this many pages of one source that are no copies of each other belongs to its pages, not to its reports. */
const BOILERPLATE_PAGES = 2;

/** From here on no quotation explains what two texts share. */
const SURELY = 0.75;
/** Share of the authors' own words that two texts must have in common below that: reports of one speech have none. */
const OWN_WORDS = 0.4;
/** Own shingles from which that can be asked. */
const MIN_OWN = 25;

/** Whether two texts share so much that anything can come of comparing them. */
export function worthComparing(text: Sketch, known: Sketch, options: Pick<JudgeOptions, 'related'>): boolean {
  return text.fingerprint === known.fingerprint || !tooLittle(contained(text.shingles, known.shingles), options);
}

const tooLittle = (c: { score: number; shared: number }, options: Pick<JudgeOptions, 'related'>): boolean =>
  c.score < options.related || c.shared < MIN_SHARED;

type Compared = { known: Known; score: number; shared: number; copy: boolean };

/**
 * Compares a text with what is known. Containment of the smaller set (shared shingles / its size) is exact, over the whole texts;
 * shingles that a source repeats on its other pages count for nothing. Of several originals the one that is contained most wins.
 */
export async function judge(text: Text, index: NearIndex, options: JudgeOptions): Promise<Verdict> {
  const found: Compared[] = [];
  for (const known of await index.near(text)) {
    if (known.id === text.id || Math.abs(known.at - text.at) > options.windowMs) continue;
    const compared = await compare(text, known, index, options);
    if (compared) found.push(compared);
  }
  found.sort((a, b) => Number(b.copy) - Number(a.copy) || likeness(text, b) - likeness(text, a) || order(a, b));
  const best = found.find((f) => f.copy && f.known.original.id !== text.id);
  return {
    duplicate:
      best === undefined
        ? null
        : {
            by: best.known.fingerprint === text.fingerprint ? 'exact' : 'near',
            score: round(best.score),
            shared: best.shared,
            with: best.known,
          },
    related: relatedOf(found, text.id, best?.known.original.id),
  };
}

async function compare(text: Text, known: Known, index: NearIndex, options: JudgeOptions): Promise<Compared | null> {
  if (text.fingerprint === known.fingerprint) {
    const shared = text.shingles.length;
    return { known, score: 1, shared, copy: canBeCopy(text, known, shared) };
  }
  if (!worthComparing(text, known, options)) return null;
  const boilerplate = await boilerplateOf(text, known, index, options);
  const fair = contained(text.shingles, known.shingles, boilerplate);
  if (tooLittle(fair, options)) return null;
  const copy =
    fair.score >= options.duplicate &&
    (fair.score >= SURELY || inOwnWords(text, known, boilerplate)) &&
    canBeCopy(text, known, fair.shared);
  return { known, ...fair, copy };
}

/**
 * A text is no copy of a notice that it merely contains. And one outlet's pages with other headlines are one report only where
 * much is shared: a paywall's or consent form's lines stand on all of them.
 */
function canBeCopy(text: Text, known: Known, shared: number): boolean {
  if (text.shingles.length > known.shingles.length * MUCH_LONGER) return false;
  return text.source !== known.source || shared >= SURE_SHARED || alike(text.title, known.title);
}

/** Whether two headlines share at least half of their words. */
export function alike(a: string, b: string): boolean {
  const [x, y] = [new Set(tokenise(a)), new Set(tokenise(b))];
  const shared = [...x].filter((word) => y.has(word)).length;
  return shared > 0 && 2 * shared >= Math.max(x.size, y.size);
}

/** Whether two texts still agree when what either of them quotes is left out. */
function inOwnWords(a: Text, b: Text, boilerplate: ReadonlySet<number>): boolean {
  const without = new Set([...boilerplate, ...a.quoted, ...b.quoted]);
  const own = contained(a.shingles, b.shingles, without);
  return own.smaller < MIN_OWN || own.score >= OWN_WORDS;
}

/** How much of both texts together is shared (Jaccard): tells the original from another text that gave a passage. */
function likeness(text: Text, c: Compared): number {
  return c.shared / (text.shingles.length + c.known.shingles.length - c.shared);
}

/** Earlier first, then by id, so that nothing depends on the order in which an index answers. */
function order({ known: a }: Compared, { known: b }: Compared): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

const NOTHING: ReadonlySet<number> = new Set();

/** Shared shingles as a share of the smaller set, members of `without` left out of all three counts. */
function contained(
  a: Uint32Array,
  b: Uint32Array,
  without = NOTHING,
): { score: number; shared: number; smaller: number } {
  const size = (set: Uint32Array): number =>
    without.size === 0 ? set.length : set.reduce((n, h) => (without.has(h) ? n : n + 1), 0);
  const smaller = Math.min(size(a), size(b));
  const shared = countShared(a, b, without);
  return { score: smaller === 0 ? 0 : shared / smaller, shared, smaller };
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
    .slice(0, MAX_RELATED);
}

/** What two texts share only because either source shows it on its other pages too. */
async function boilerplateOf(
  text: Text,
  known: Known,
  index: NearIndex,
  options: JudgeOptions,
): Promise<ReadonlySet<number>> {
  const shared = sharedOf(text.shingles, known.shingles);
  const smaller = Math.min(text.shingles.length, known.shingles.length);
  const boilerplate = new Set<number>();
  for (const source of new Set([text.source, known.source])) {
    const counts = new Map<number, number>();
    for (const page of await index.around(source, source === known.source ? known.at : text.at)) {
      if (page.id === text.id || page.id === known.id || page.original.id === known.original.id) continue;
      const common = sharedOf(shared, page.shingles);
      // A page that has most of either text is a third copy, and says nothing of boilerplate.
      if (common.length >= options.duplicate * smaller) continue;
      for (const h of common) counts.set(h, (counts.get(h) ?? 0) + 1);
    }
    for (const [h, n] of counts) if (n >= BOILERPLATE_PAGES) boilerplate.add(h);
  }
  return boilerplate;
}

const round = (score: number): number => Math.round(score * 1000) / 1000;
