import { hintOf } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { type BackfillView, listBackfills } from '../../ledger/backfill.js';
import { type Fills, readFills } from '../../ledger/read/fields-given.js';
import { type Rhythm, readRhythms } from '../../ledger/read/publishing-rhythm.js';
import { listSources, type SourceView } from '../../ledger/read/views.js';
import type { Db } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { whyRendered } from '../crawl/rendering.js';
import { isAuto } from '../planning/schedule.js';
import { layoutChange, layoutHint } from './layout-change.js';
import { type Standing, standingOf } from './source-state.js';

/** What the ledger knows of a source. */
export type KnownSource = {
  view: SourceView;
  rhythm: Rhythm | null;
  fills: Fills | null;
  backfill: BackfillView | null;
};

/**
 * A source as configured, with how it is; `known` null before its first visit. `layout`: why its pages seem to have changed,
 * null when they do not.
 */
export type SourceLine = { source: Source; known: KnownSource | null; standing: Standing; layout: string | null };

/** What the ledger knows of all sources that were ever configured, by id. */
export async function knownSources(db: Db, now: Date): Promise<Map<string, KnownSource>> {
  const rhythms = await readRhythms(db, now);
  const fills = await readFills(db);
  const backfills = await listBackfills(db);
  return new Map(
    (await listSources(db)).map((view) => [
      view.id,
      {
        view,
        rhythm: rhythms.get(view.id) ?? null,
        fills: fills.get(view.id) ?? null,
        backfill: backfills.get(view.id) ?? null,
      },
    ]),
  );
}

/** All sources that are configured, in their order. */
export async function sourceLines({
  db,
  sources,
  now,
}: Pick<Context, 'db' | 'sources' | 'now'>): Promise<SourceLine[]> {
  const at = now();
  const known = await knownSources(db, at);
  return [...sources.values()].map((s) => sourceLine(s, known.get(s.id) ?? null, at));
}

export function sourceLine(source: Source, known: KnownSource | null, now: Date): SourceLine {
  const { lagSeconds = null, measured = 0 } = known?.rhythm ?? {};
  const standing = standingOf(source, known && { ...known.view, lagSeconds, measured }, now);
  return { source, known, standing, layout: known && layoutChange(known.fills, known.view.profile) };
}

/** A source as `sources list --json` and the API show it. */
export function sourceReport({ source: s, known, standing, layout }: SourceLine) {
  const { view: v = null, rhythm: r = null, fills = null } = known ?? {};
  const hint = standing.reason === null && layout !== null ? layoutHint(s.id) : standing.hint;
  return {
    id: s.id,
    name: s.name,
    url: s.url,
    enabled: s.enabled,
    paused: v?.paused ?? false,
    everyMs: isAuto(s) || s.cron !== null ? null : s.every.maxMs,
    auto: isAuto(s) ? s.every : null,
    cron: s.cron,
    republish: s.republish,
    freshnessMs: s.freshnessMs,
    state: standing.state,
    failures: v?.failures ?? 0,
    code: v?.code ?? null,
    reason: standing.reason ?? layout,
    hint: hint ?? hintOf(v?.code ?? null),
    how: v?.how ?? null,
    identity: r?.identity ?? 'link',
    lastVisitAt: v?.lastVisitAt ?? null,
    lastOkAt: v?.lastOkAt ?? null,
    nextVisitAt: standing.nextVisitAt,
    nextVisitWhy: standing.nextVisitAt === null ? null : (v?.nextVisitWhy ?? null),
    lastArticleAt: r?.lastArticleAt ?? null,
    perDay: r?.perDay ?? null,
    lagSeconds: r?.lagSeconds ?? null,
    fill: fills?.recent ?? null,
    fillBefore: fills?.before.articles ? fills.before : null,
    layout,
    profile: v?.profile ?? null,
    rendering: renderingOf(s, v),
    backfill: known?.backfill ?? null,
    published: v?.published ?? 0,
    waiting: v?.waiting ?? 0,
    dead: v?.dead ?? 0,
  };
}

/** How its pages are opened: as sources.yaml says, or as was learned. */
function renderingOf({ render }: Source, view: SourceView | null) {
  const { way, since, samples, checkAt, rendered } = view?.rendering ?? {};
  const learned = render === 'auto' && way !== undefined && samples ? whyRendered({ way, samples }) : null;
  return {
    render,
    way: render === 'auto' ? (way ?? null) : null,
    reason: learned,
    since: since ?? null,
    nextCheckAt: checkAt ?? null,
    rendered: rendered ?? 0,
  };
}
