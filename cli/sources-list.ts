import { codeOf, messageOf } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import { TEMPLATE_MEND } from '../workers/ledger/profiles.js';
import { type Rhythm, readRhythms } from '../workers/ledger/rhythm.js';
import { listSources, type SourceView } from '../workers/ledger/views.js';
import { whyRendered } from '../workers/rendering.js';
import { type SourceState, type Standing, standingOf } from '../workers/source-state.js';
import { readSetup, withExistingLedger } from './open.js';
import type { Column, ExitCode, Style, Terminal } from './terminal.js';
import { ago, mendOf, sourceReason, span } from './wording.js';

type Known = { view: SourceView; rhythm: Rhythm | null };
type Line = { source: Source; known: Known | null; standing: Standing };

/** Below this the ids have to do for the names. */
const ROOM_FOR_NAMES = 100;

/** `sourcelink sources list`: how each source is. */
export async function list(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const now = new Date();
  let known = new Map<string, Known>();
  try {
    known = await withExistingLedger(terminal, env, known, async (db) => {
      const rhythms = await readRhythms(db, now);
      return new Map((await listSources(db)).map((view) => [view.id, { view, rhythm: rhythms.get(view.id) ?? null }]));
    });
  } catch (error) {
    if (codeOf(error) !== 'LEDGER_LOCKED') throw error;
    terminal.note(`Without their health: ${messageOf(error)}, and only one process can use it.`);
  }
  const lines = config.sources.map((source): Line => {
    const has = known.get(source.id) ?? null;
    const { lagSeconds = null, measured = 0 } = has?.rhythm ?? {};
    return { source, known: has, standing: standingOf(source, has && { ...has.view, lagSeconds, measured }, now) };
  });
  terminal.result({ sources: lines.map(asJson) });
  showTable(terminal, lines, now);
  const remarks = lines.flatMap(remarksOn);
  if (remarks.length > 0) terminal.print();
  for (const [text, mend] of remarks) terminal.item(text, mend);
  return 0;
}

function asJson({ source: s, known, standing }: Line) {
  const { view: v = null, rhythm: r = null } = known ?? {};
  return {
    ...{ id: s.id, name: s.name, url: s.url, enabled: s.enabled, paused: v?.paused ?? false },
    ...{ everyMs: s.cron === null ? s.everyMs : null, cron: s.cron, republish: s.republish },
    ...{ state: standing.state, failures: v?.failures ?? 0, code: v?.code ?? null, reason: standing.reason },
    ...{ mend: standing.mend ?? mendOf(v?.code ?? null), how: v?.how ?? null, identity: r?.identity ?? 'link' },
    ...{ lastRunAt: v?.lastRunAt ?? null, lastOkAt: v?.lastOkAt ?? null, nextVisitAt: standing.nextVisitAt },
    ...{ lastArticleAt: r?.lastArticleAt ?? null, perDay: r?.perDay ?? null, lagSeconds: r?.lagSeconds ?? null },
    profile: v?.profile ?? null,
    rendering: renderingOf(s, v),
    ...{ published: v?.published ?? 0, waiting: v?.waiting ?? 0, dead: v?.dead ?? 0 },
  };
}

/** How its pages are opened: as sources.yaml says, or as was learned. */
function renderingOf({ render }: Source, view: SourceView | null) {
  const { way, since, samples, checkAt, rendered } = view?.rendering ?? {};
  const learned = render === 'auto' && way !== undefined && samples ? whyRendered({ way, samples }) : null;
  return {
    ...{ render, way: render === 'auto' ? (way ?? null) : null, reason: learned, since: since ?? null },
    ...{ nextCheckAt: checkAt ?? null, rendered: rendered ?? 0 },
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
      nextOf(standing, now),
      ...[String(known?.view.published ?? 0), String(known?.view.dead ?? 0)],
    ]),
  );
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
function remarksOn({ source, known, standing }: Line): [text: string, mend: string | null][] {
  const { reason, mend } = standing;
  const { view = null, rhythm = null } = known ?? {};
  const code = view?.code ?? null;
  const isTrouble = standing.state === 'late' || (code !== null && standing.state !== 'off');
  return [
    ...(isTrouble ? [[sourceReason(source.id, reason ?? code ?? ''), mend ?? mendOf(code)] as [string, string]] : []),
    ...(view?.profile?.state === 'set aside'
      ? [[`${source.id}: ${view.profile.reason}`, TEMPLATE_MEND] as [string, string]]
      : []),
    ...(source.render === 'auto' && view?.rendering?.way === 'browser'
      ? [[`${source.id}: its pages are ${whyRendered(view.rendering)}`, null] as [string, null]]
      : []),
    ...(rhythm?.identityReason ? [[`${source.id}: ${rhythm.identityReason}`, null] as [string, null]] : []),
  ];
}
