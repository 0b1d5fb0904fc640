import { codeOf, hintOf, messageOf } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import type { BackfillView } from '../ledger/backfill.js';
import type { Fills } from '../ledger/read/fields-given.js';
import { whyRendered } from '../workers/crawl/rendering.js';
import { layoutHint } from '../workers/monitoring/layout-change.js';
import {
  type KnownSource,
  knownSources,
  type SourceLine,
  sourceLine,
  sourceReport,
} from '../workers/monitoring/source-report.js';
import type { SourceState, Standing } from '../workers/monitoring/source-state.js';
import { readSetup, withExistingLedger } from './open.js';
import type { Column, ExitCode, Style, Terminal } from './terminal.js';
import { ago, count, moment, sourceReason, span } from './wording.js';

/** Below this the ids have to do for the names. */
const ROOM_FOR_NAMES = 132;

/** `sourcelink sources list`: the state of each source. */
export async function list(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const now = new Date();
  let known = new Map<string, KnownSource>();
  try {
    known = await withExistingLedger(terminal, env, known, (db) => knownSources(db, now));
  } catch (error) {
    if (codeOf(error) !== 'LEDGER_LOCKED') throw error;
    terminal.note(`The state of the sources is not shown: ${messageOf(error)}, and only one process can use it.`);
  }
  const lines = config.sources.map((source) => sourceLine(source, known.get(source.id) ?? null, now));
  terminal.result({ sources: lines.map(sourceReport) });
  showTable(terminal, lines, now);
  const remarks = lines.flatMap(remarksOn);
  for (const { source, known } of lines)
    if (known?.backfill && (known.backfill.waiting > 0 || !known.backfill.planned))
      remarks.push([backfillRemark(source.id, known.backfill), null]);
  if (remarks.length > 0) terminal.print();
  for (const [text, hint] of remarks) terminal.item(text, hint);
  return 0;
}

function showTable(terminal: Terminal, lines: SourceLine[], now: Date): void {
  const wide = terminal.width >= ROOM_FOR_NAMES;
  const right = (head: string): Column => ({ head, align: 'right' });
  terminal.table(
    [
      { head: 'id' },
      ...(wide ? [{ head: 'name', grow: true }] : []),
      { head: 'state' },
      { head: 'last article' },
      right('per day'),
      right('lag'),
      ...(wide ? [right('author/date/image'), right('words')] : []),
      { head: 'next visit' },
      right('published'),
      right('dead'),
    ],
    lines.map(({ source: s, known, standing }) => [
      s.id,
      ...(wide ? [s.name] : []),
      terminal.style(STYLES[standing.state], standing.state),
      ago(known?.rhythm?.lastArticleAt ?? null, now),
      known?.rhythm?.perDay == null ? '-' : known.rhythm.perDay.toFixed(1),
      lagOf(s, known),
      ...(wide ? filled(known?.fills?.recent ?? null) : []),
      nextOf(standing, now),
      String(known?.view.published ?? 0),
      String(known?.view.dead ?? 0),
    ]),
  );
}

function backfillRemark(id: string, b: BackfillView): string {
  const rest = b.restsUntil === null ? '' : `; it continues at ${moment(b.restsUntil)}`;
  const plan = b.planned ? '' : '; its archive has not been searched to the end';
  return `${id}: ${count(b.waiting, 'article')} from its archive waiting, ${b.today} fetched today${rest}${plan}.`;
}

/** The measured lag, and what it should be at most where the operator says so. */
function lagOf({ freshnessMs }: Source, known: KnownSource | null): string {
  const lag = known?.rhythm?.lagSeconds ?? null;
  const measured = lag === null ? '-' : span(lag * 1000);
  return freshnessMs === null ? measured : `${measured} of ${span(freshnessMs)}`;
}

/** Shares of the newest articles that have these fields, and the median of their words. */
function filled(fill: Fills['recent'] | null): string[] {
  if (fill === null) return ['-', '-'];
  const shares = [fill.authors, fill.date, fill.image].map((share) => Math.round(share * 100));
  return [`${shares.join('/')} %`, String(Math.round(fill.words))];
}

function nextOf({ state, nextVisitAt }: Standing, now: Date): string {
  if (nextVisitAt === null) return state === 'new' ? 'at once' : '-';
  const ms = nextVisitAt.getTime() - now.getTime();
  if (ms > 0) return `in ${span(ms)}`;
  return state === 'late' ? 'overdue' : 'due';
}

const STYLES: Record<SourceState, Style> = {
  ok: 'green',
  new: 'yellow',
  empty: 'yellow',
  late: 'yellow',
  moved: 'yellow',
  paused: 'yellow',
  failing: 'red',
  blocked: 'red',
  off: 'dim',
};

/** What a person should know of a source beside its state. */
function remarksOn({ source, known, standing, layout }: SourceLine): [text: string, hint: string | null][] {
  const { reason, hint } = standing;
  const { view = null, rhythm = null } = known ?? {};
  const code = view?.code ?? null;
  const isTrouble = standing.state === 'late' || (code !== null && standing.state !== 'off');
  return [
    ...(isTrouble ? [[sourceReason(source.id, reason ?? code ?? ''), hint ?? hintOf(code)] as [string, string]] : []),
    ...(layout === null ? [] : [[`${source.id}: ${layout}`, layoutHint(source.id)] as [string, string]]),
    ...(source.render === 'auto' && view?.rendering?.way === 'browser'
      ? [[`${source.id}: its pages are ${whyRendered(view.rendering)}`, null] as [string, null]]
      : []),
    ...(rhythm?.identityReason ? [[`${source.id}: ${rhythm.identityReason}`, null] as [string, null]] : []),
  ];
}
