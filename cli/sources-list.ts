import { codeOf, messageOf } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import { layoutChange, layoutMend } from '../workers/layout.js';
import { type Fills, readFills } from '../workers/ledger/fill.js';
import { type Rhythm, readRhythms } from '../workers/ledger/rhythm.js';
import { listSources, type SourceView } from '../workers/ledger/views.js';
import { type SourceState, type Standing, standingOf } from '../workers/source-state.js';
import { readSetup, withExistingLedger } from './open.js';
import type { Column, ExitCode, Style, Terminal } from './terminal.js';
import { ago, mendOf, sourceReason, span } from './wording.js';

type Known = { view: SourceView; rhythm: Rhythm | null; fills: Fills | null };
/** `layout`: why its pages seem to have changed, null when they do not. */
type Line = { source: Source; known: Known | null; standing: Standing; layout: string | null };

/** Below this the ids have to do for the names. */
const ROOM_FOR_NAMES = 132;

/** `sourcelink sources list`: how each source is. */
export async function list(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const now = new Date();
  let known = new Map<string, Known>();
  try {
    known = await withExistingLedger(terminal, env, known, async (db) => {
      const rhythms = await readRhythms(db, now);
      const fills = await readFills(db);
      const knownOf = (view: SourceView): Known => {
        return { view, rhythm: rhythms.get(view.id) ?? null, fills: fills.get(view.id) ?? null };
      };
      return new Map((await listSources(db)).map((view) => [view.id, knownOf(view)]));
    });
  } catch (error) {
    if (codeOf(error) !== 'LEDGER_LOCKED') throw error;
    terminal.note(`Without their health: ${messageOf(error)}, and only one process can use it.`);
  }
  const lines = config.sources.map((source): Line => {
    const has = known.get(source.id) ?? null;
    const { lagSeconds = null, measured = 0 } = has?.rhythm ?? {};
    const standing = standingOf(source, has && { ...has.view, lagSeconds, measured }, now);
    return { source, known: has, standing, layout: has && layoutChange(has.fills, has.view.profile) };
  });
  terminal.result({ sources: lines.map(asJson) });
  showTable(terminal, lines, now);
  const remarks = lines.flatMap(remarksOn);
  if (remarks.length > 0) terminal.print();
  for (const [text, mend] of remarks) terminal.item(text, mend);
  return 0;
}

function asJson({ source: s, known, standing, layout }: Line) {
  const { view: v = null, rhythm: r = null, fills = null } = known ?? {};
  const why = standing.reason === null && layout !== null;
  return {
    ...{ id: s.id, name: s.name, url: s.url, enabled: s.enabled, paused: v?.paused ?? false },
    ...{ everyMs: s.cron === null ? s.everyMs : null, cron: s.cron, republish: s.republish },
    ...{ state: standing.state, failures: v?.failures ?? 0, code: v?.code ?? null, reason: standing.reason ?? layout },
    ...{
      mend: why ? layoutMend(s.id) : (standing.mend ?? mendOf(v?.code ?? null)),
      how: v?.how ?? null,
      identity: r?.identity ?? 'link',
    },
    ...{ lastRunAt: v?.lastRunAt ?? null, lastOkAt: v?.lastOkAt ?? null, nextVisitAt: standing.nextVisitAt },
    ...{ lastArticleAt: r?.lastArticleAt ?? null, perDay: r?.perDay ?? null, lagSeconds: r?.lagSeconds ?? null },
    ...{ fill: fills?.recent ?? null, fillBefore: fills?.before.articles ? fills.before : null, layout },
    profile: v?.profile ?? null,
    ...{ published: v?.published ?? 0, waiting: v?.waiting ?? 0, dead: v?.dead ?? 0 },
  };
}

function showTable(terminal: Terminal, lines: Line[], now: Date): void {
  const wide = terminal.width >= ROOM_FOR_NAMES;
  const right = (head: string): Column => ({ head, align: 'right' });
  terminal.table(
    [
      ...[{ head: 'id' }, ...(wide ? [{ head: 'name', grow: true }] : []), { head: 'state' }],
      ...[
        { head: 'last article' },
        right('a day'),
        right('lag'),
        ...(wide ? [right('author/date/image'), right('words')] : []),
        { head: 'next visit' },
        right('published'),
        right('dead'),
      ],
    ],
    lines.map(({ source: s, known, standing }) => [
      ...[s.id, ...(wide ? [s.name] : []), terminal.style(STYLES[standing.state], standing.state)],
      ago(known?.rhythm?.lastArticleAt ?? null, now),
      known?.rhythm?.perDay == null ? '-' : known.rhythm.perDay.toFixed(1),
      known?.rhythm?.lagSeconds == null ? '-' : span(known.rhythm.lagSeconds * 1000),
      ...(wide ? filled(known?.fills?.recent ?? null) : []),
      nextOf(standing, now),
      ...[String(known?.view.published ?? 0), String(known?.view.dead ?? 0)],
    ]),
  );
}

/** Shares of the newest articles that have these fields, and the median of their words. */
function filled(fill: Fills['recent'] | null): string[] {
  if (fill === null) return ['-', '-'];
  const shares = [fill.authors, fill.date, fill.image].map((share) => Math.round(share * 100));
  return [`${shares.join('/')} %`, String(Math.round(fill.words))];
}

function nextOf({ nextVisitAt }: Standing, now: Date): string {
  if (nextVisitAt === null) return '-';
  const ms = nextVisitAt.getTime() - now.getTime();
  return ms <= 0 ? 'overdue' : `in ${span(ms)}`;
}

const STYLES: Record<SourceState, Style> = {
  ...{ ok: 'green', new: 'yellow', empty: 'yellow', late: 'yellow', moved: 'yellow', paused: 'yellow' },
  ...{ failing: 'red', blocked: 'red', off: 'dim' },
};

/** What a person should know of a source beside its state. */
function remarksOn({ source, known, standing, layout }: Line): [text: string, mend: string | null][] {
  const { reason, mend } = standing;
  const { view = null, rhythm = null } = known ?? {};
  const code = view?.code ?? null;
  const isTrouble = standing.state === 'late' || (code !== null && standing.state !== 'off');
  return [
    ...(isTrouble ? [[sourceReason(source.id, reason ?? code ?? ''), mend ?? mendOf(code)] as [string, string]] : []),
    ...(layout === null ? [] : [[`${source.id}: ${layout}`, layoutMend(source.id)] as [string, string]]),
    ...(rhythm?.identityReason ? [[`${source.id}: ${rhythm.identityReason}`, null] as [string, null]] : []),
  ];
}
