import { codeOf, SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import type { FetchedPage } from '../../crawlers/fetch/page.js';
import { fetchPages, type PageOutcome } from '../../crawlers/fetch/pages.js';
import { isLive } from '../../ledger/articles.js';
import { advance, type Claimed, giveBack, unchanged } from '../../ledger/candidates.js';
import { setMissing } from '../../ledger/looks.js';
import { bodyHashOf, insertPage, type PackedPage, packPage } from '../../ledger/pages.js';
import { changeRendering, readRenderings } from '../../ledger/renderings.js';
import { putOff } from '../../ledger/second-looks.js';
import type { Context } from '../context.js';
import { noteMissing, retractBySource } from '../editorial/retracted-by-source.js';
import { addByLane } from '../lanes.js';
import { heldBy, stepFailed, whileHeld } from '../step.js';
import type { HostTrouble } from './host-trouble.js';
import { counted, type Look, NO_PAGES, type PageCounts, type Verdict, verdictOf } from './page-verdict.js';
import { compareBothWays, renderedIfEmpty } from './rendered-page.js';
import { learnRendering, planRendering, postponed, worthATry } from './rendering.js';
import { withReservation } from './reserved-page.js';

/** Candidate ids in one job of the next stage. */
const BATCH = 8;

/** What came of a chunk: counts, the last failure (else null), and whether the host is in trouble. */
export type ChunkResult = { counts: PageCounts; problem: SourcelinkError | null; down: boolean };

/** Fetches claimed pages of one source and writes what came of each. Pages that `signal` or the host stopped are given back. */
export async function fetchChunk(
  ctx: Context,
  source: Source,
  claimed: Claimed[],
  { signal, host }: { signal: AbortSignal; host: HostTrouble },
): Promise<ChunkResult> {
  const known = (await readRenderings(ctx.db, [source.id])).get(source.id);
  const plan = planRendering(ctx, source, known, claimed);
  const waiting = new Map(claimed.map((c) => [String(c.id), c]));
  const toExtract: Claimed[] = [];
  let counts = NO_PAGES;
  let problem: SourcelinkError | null = null;
  const take = async (outcome: PageOutcome): Promise<void> => {
    const c = waiting.get(outcome.id);
    if (!c) return;
    host.note(outcome);
    const { look, opened } = await lookOf(ctx, source, c, outcome, c.id === plan.compared);
    // A process that stops fails nothing: what it leaves waits for the next one.
    if (ctx.signal.aborted && look.kind === 'failed') return;
    waiting.delete(outcome.id);
    counts = counted(counts, look, opened);
    measure(ctx, look);
    const verdict = await whileHeld(ctx, c, () => settleLook(ctx, source, c, look));
    if (verdict?.kind === 'extract') toExtract.push(c);
    else if (outcome.kind === 'failed') problem = outcome.error;
    if (toExtract.length >= BATCH) await addByLane(ctx, 'extract', toExtract.splice(0, BATCH));
  };
  const requests = claimed.map((c) => ({
    id: String(c.id),
    url: c.url,
    // Validators are of use only where the article that was read with them is still there.
    etag: c.articleId === null ? null : c.etag,
    lastModified: c.articleId === null ? null : c.lastModified,
    render: plan.render(c),
  }));
  const { client, settings, browser } = ctx;
  await fetchPages(
    source,
    requests,
    { client, settings, browser, signal: AbortSignal.any([signal, host.signal]) },
    take,
  );
  await addByLane(ctx, 'extract', toExtract);
  const down = host.signal.aborted && !signal.aborted;
  if (down) await putOff(ctx.db, source.id, ctx.owner, host.restMs(), problem);
  const { rendered } = counts;
  if (rendered > 0)
    await changeRendering(ctx.db, source.id, ctx.now(), (r) => ({ ...r, rendered: r.rendered + rendered }));
  const left = [...waiting.values()].map((c) => c.id);
  await giveBack(ctx.db, left, ctx.owner);
  return { counts, problem, down };
}

/** The page as it is to be read: as it came, or as the browser shows it. `opened`: how many times the browser was asked. */
async function lookOf(
  ctx: Context,
  source: Source,
  c: Claimed,
  outcome: PageOutcome,
  compared: boolean,
): Promise<{ look: Look; opened: number }> {
  if (outcome.kind !== 'page') return { look: outcome, opened: 0 };
  const came = outcome.page;
  if (came.via === 'browser') return { look: { kind: 'page', page: came, isShell: false }, opened: 1 };
  try {
    if (compared)
      return { look: { kind: 'page', page: await compare(ctx, source, c, came), isShell: false }, opened: 1 };
    const page = await renderedIfEmpty(ctx, source, came, () => worthATry(ctx, source.id));
    const isShell = page !== came;
    return { look: { kind: 'page', page, isShell }, opened: Number(isShell) };
  } catch (cause) {
    const error =
      cause instanceof SourcelinkError
        ? cause
        : new SourcelinkError('FETCH_BROWSER', `cannot render ${came.url}`, { cause });
    return { look: { kind: 'failed', error }, opened: Number(compared) };
  }
}

/** Looks at the page both ways, and learns from that. @throws FETCH_… */
async function compare(ctx: Context, source: Source, c: Claimed, came: FetchedPage): Promise<FetchedPage> {
  // Whatever comes of it, the next page is not compared again at once.
  await changeRendering(ctx.db, source.id, ctx.now(), (r) => postponed(r, ctx.now()));
  const { page, lesson } = await compareBothWays(ctx, source, came, c.hints);
  if (lesson) await learnRendering(ctx, source.id, [lesson]);
  return page;
}

/** Decides what a look means, and writes it. @throws LostLease */
async function settleLook(ctx: Context, source: Source, c: Claimed, look: Look): Promise<Verdict> {
  const now = ctx.now();
  const packed = look.kind === 'page' ? await packPage(await withReservation(ctx, source, look.page), now) : null;
  const facts = {
    mayRetract: look.kind === 'failed' && ctx.settings.retract.gone && (await isLive(ctx.db, c.id)),
    bodyHash: { before: await hashBefore(ctx, c, packed), now: packed?.bodyHash ?? null },
  };
  const verdict = verdictOf(c, look, facts, now);
  await write(ctx, c, verdict, { packed, now, wasMissing: look.kind !== 'failed' && c.missingSince !== null });
  return verdict;
}

/** The hash of the page that the article was last read from; null where nothing is to be compared. */
async function hashBefore(ctx: Context, c: Claimed, packed: PackedPage | null): Promise<string | null> {
  return packed === null || c.articleId === null || c.pageId === null ? null : bodyHashOf(ctx.db, c.pageId);
}

async function write(
  ctx: Context,
  c: Claimed,
  verdict: Verdict,
  { packed, now, wasMissing }: { packed: PackedPage | null; now: Date; wasMissing: boolean },
): Promise<void> {
  const held = heldBy(ctx, c);
  if (wasMissing) await setMissing(ctx.db, c.id, null);
  switch (verdict.kind) {
    case 'unchanged':
      return unchanged(ctx.db, held, { fetchedAt: now });
    case 'retract':
      return retractBySource(ctx, c, verdict.reason, false);
    case 'missing':
      return noteMissing(ctx, c, verdict.since, verdict.error);
    case 'failed':
      return stepFailed(ctx, c, { stage: 'fetch', error: verdict.error, published: c.articleId !== null });
    case 'extract': {
      if (packed === null) return;
      const { etag = null, 'last-modified': lastModified = null } = verdict.page.headers;
      // Extraction learns from `render` that the static page was not enough.
      const more = { etag, lastModified, fetchedAt: now, ...(verdict.isShell ? { render: true } : {}) };
      return ctx.db.transaction().execute(async (tx) => {
        const pageId = await insertPage(tx, c.id, packed);
        await advance(tx, held, 'extract', { pageId, ...more });
      });
    }
  }
}

function measure({ meter }: Context, look: Look): void {
  const outcome = look.kind === 'page' ? 'fetched' : look.kind;
  const code = look.kind === 'failed' ? codeOf(look.error) : '';
  meter.add('sourcelink_fetches_total', { outcome, code });
  if (look.kind === 'page')
    meter.add('sourcelink_fetched_bytes_total', { via: look.page.via }, look.page.bytes.byteLength);
}
