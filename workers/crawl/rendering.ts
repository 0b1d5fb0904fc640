import { codeOf, SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import type { Claimed } from '../../ledger/candidates.js';
import { changeRendering, type Rendering, readRenderings, unlearned } from '../../ledger/renderings.js';
import type { RenderSample, Way } from '../../ledger/schema.js';
import type { Context } from '../context.js';

/** What a page taught; `compared`: it was looked at both ways; `fruitless`: it holds no article in the browser either. */
export type Lesson = { sample: RenderSample; compared: boolean } | { sample: 'fruitless' };

/** Samples that are remembered. */
const REMEMBERED = 8;
/** Pages that must need the browser, and none that did not, before it is used at once; and the other way round. */
const NEEDED = 2;
const STATIC = 3;
/** A decision is checked on one page after this, and after each check that confirms it four times as long again. */
const FIRST_CHECK_MS = 3_600_000;
const LONGEST_CHECK_MS = 30 * 86_400_000;
/** Pages in a row in which the browser found nothing, before it is asked for one only now and then. */
const FRUITLESS = 3;
const FIRST_TRY_MS = 3_600_000;
const LONGEST_TRY_MS = 86_400_000;

/** What is known of a source after one more page. Gives `known` itself when that page says nothing new. */
export function learn(known: Rendering, lesson: Lesson, now: Date): Rendering {
  if (lesson.sample === 'fruitless') {
    const fruitless = known.fruitless + 1;
    return { ...known, fruitless, tryAt: fruitless < FRUITLESS ? null : after(now, tryPause(fruitless)) };
  }
  const { sample, compared } = lesson;
  const isStatic = sample === 'static';
  // Where static pages were seen to hold only a part, that one holds an article says nothing: it may be a part as well.
  if (isStatic && !compared && (known.way === 'static' || known.samples.at(-1) === 'partial')) return known;
  const isSurprise = known.way === (isStatic ? 'browser' : 'static');
  const samples = isSurprise ? [sample] : [...known.samples, sample].slice(-REMEMBERED);
  const way = decide(samples);
  const hasChanged = way !== known.way;
  const checks = hasChanged ? 0 : known.checks + (compared ? 1 : 0);
  const settled = hasChanged || compared ? after(now, checkPause(checks)) : known.checkAt;
  // A part is found by comparing alone, so that the next page is compared too.
  const undecided = sample === 'partial' ? now : null;
  return {
    ...known,
    way,
    samples,
    checks,
    since: hasChanged ? now : known.since,
    checkAt: way === 'each page' ? undecided : settled,
    ...(isStatic ? {} : { fruitless: 0, tryAt: null }),
  };
}

function decide(samples: RenderSample[]): Way {
  const enough = samples.filter((s) => s === 'static').length;
  const needed = samples.length - enough;
  if (needed >= NEEDED && enough === 0) return 'browser';
  return enough >= STATIC && needed === 0 ? 'static' : 'each page';
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
const checkPause = (checks: number): number => Math.min(FIRST_CHECK_MS * 4 ** checks, LONGEST_CHECK_MS);
const tryPause = (fruitless: number): number => Math.min(FIRST_TRY_MS * 2 ** (fruitless - FRUITLESS), LONGEST_TRY_MS);

/** What is known, with its next check put off, as before one that may fail. */
export function postponed(known: Rendering, now: Date): Rendering {
  return { ...known, checkAt: after(now, checkPause(known.checks)) };
}

/** Why a source's pages are opened as they are, in one line. */
export function whyRendered({ way, samples }: Pick<Rendering, 'way' | 'samples'>): string {
  const n = samples.length;
  const last = n === 1 ? 'the last page' : `each of the last ${n} pages`;
  if (way === 'static') return `read without the browser: ${last} held its article`;
  if (way === 'browser') {
    const parts = samples.includes('partial');
    return `opened in the browser at once: ${last} held ${parts ? 'no article, or only a part of it,' : 'no article'} before its scripts ran`;
  }
  const needed = samples.filter((s) => s !== 'static').length;
  const so = n === 0 ? 'none was read yet' : `${needed} of the last ${n} needed it`;
  return `opened in the browser where a page holds no article without it: ${so}`;
}

type Asked = Pick<Claimed, 'id' | 'render' | 'articleId' | 'lane'>;

/** How each of these pages is to be fetched, and which one is looked at both ways. */
export function planRendering(
  ctx: Pick<Context, 'browser' | 'now'>,
  source: Source,
  known: Rendering | undefined,
  claimed: Asked[],
): { compared: number | null; render: (c: Asked) => 'http' | 'browser' } {
  if (source.render !== 'auto' || ctx.browser === null)
    return { compared: null, render: () => (source.render === 'always' ? 'browser' : 'http') };
  const { way, checkAt } = known ?? unlearned(ctx.now());
  const isFirst = (c: Asked): boolean => c.articleId === null && !c.render && c.lane === 'fresh';
  const due = checkAt !== null && checkAt <= ctx.now();
  const compared = due ? (claimed.find(isFirst)?.id ?? null) : null;
  return {
    compared,
    render: (c) => {
      if (c.id === compared) return 'http';
      if (c.render && c.articleId === null) return 'browser';
      return way === 'browser' || (way === 'each page' && c.render) ? 'browser' : 'http';
    },
  };
}

/** Whether a page in which no article was found may hold one once its scripts have run. */
export function mayShowMore(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === 'EXTRACT_EMPTY' || (code === 'EXTRACT_NOT_ARTICLE' && error instanceof SourcelinkError && error.retryable)
  );
}

/** Whether to ask the browser for a page without an article: always, until it has often found none either. */
export async function worthATry(ctx: Pick<Context, 'db' | 'now'>, sourceId: string): Promise<boolean> {
  const known = (await readRenderings(ctx.db, [sourceId])).get(sourceId);
  if (!known || known.tryAt === null) return true;
  const now = ctx.now();
  let isMine = false;
  await changeRendering(ctx.db, sourceId, now, (r) => {
    isMine = r.tryAt === null || r.tryAt <= now;
    return isMine && r.tryAt !== null ? { ...r, tryAt: after(now, tryPause(r.fruitless)) } : r;
  });
  return isMine;
}

/** Learns from pages of one source, and says when that changes how it is read. */
export async function learnRendering(
  ctx: Pick<Context, 'db' | 'now' | 'log'>,
  sourceId: string,
  lessons: Lesson[],
): Promise<void> {
  const now = ctx.now();
  const known = (await readRenderings(ctx.db, [sourceId])).get(sourceId);
  // Most pages teach nothing new, and cost no writing then.
  if (known && lessons.every((lesson) => learn(known, lesson, now) === known)) return;
  const taught = await changeRendering(ctx.db, sourceId, now, (before) =>
    lessons.reduce((r, lesson) => learn(r, lesson, now), before),
  );
  if (taught.after.way === taught.before.way) return;
  ctx.log.info({ source: sourceId, way: taught.after.way }, `${sourceId}: its pages are ${whyRendered(taught.after)}`);
}
