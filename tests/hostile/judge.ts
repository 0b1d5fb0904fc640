import { CORPUS } from './corpus.js';
import { dangersInMessage } from './dangers.js';
import { KINDS, type Kind } from './input.js';
import { type Ending, GOOD, isTyped } from './visitor.js';

export const MAX_SECONDS = 15;
export const MAX_MB = 300;

type Measures = Ending & { number: number; seconds: number; mb: number };

/** What is wrong with how an input ended; nothing, when all is as it should be. */
export function faultsOf({ number, ends, messages, strangers, seconds, mb }: Measures): string[] {
  const input = CORPUS[number];
  const faults: string[] = [];
  if (seconds > MAX_SECONDS) faults.push(`took ${seconds.toFixed(1)} s`);
  if (mb > MAX_MB) faults.push(`took ${mb.toFixed(0)} MB`);
  for (const { code, reason } of ends) {
    if (GOOD.includes(code)) continue;
    if (!isTyped(code)) faults.push(`${code}: ${reason.slice(0, 300)}`);
    else if (!/https?:\/\/|outlets\.opml|outlet\.example/.test(reason))
      faults.push(`${code} does not say where: ${reason.slice(0, 300)}`);
  }
  const { ends: may } = input ?? {};
  if (may && !ends.some((e) => may.test(e.code)))
    faults.push(`ended with ${ends.map((e) => e.code).join(', ')}, not ${may}`);
  faults.push(...messages.flatMap((m) => dangersInMessage(m)));
  if (strangers.length > 0) faults.push(`connected to ${[...new Set(strangers)].slice(0, 3).join(', ')}`);
  return faults;
}

/** Whether what is wrong with several at once may be the fault of another of them. */
export const sharesBlame = ({ ends, strangers, seconds, mb }: Measures): boolean =>
  seconds > MAX_SECONDS ||
  mb > MAX_MB ||
  strangers.length > 0 ||
  ends.some((e) => !GOOD.includes(e.code) && !isTyped(e.code));

/** One line of the table. */
export type Row = {
  kind: string;
  inputs: number;
  succeeded: number;
  typed: number;
  untyped: number;
  codes: Record<string, number>;
  seconds: number;
  mb: number;
};

type Seen = Pick<Ending, 'ends'> & { number: number; seconds: number; mb: number };

export function rowsOf(seen: Seen[]): Row[] {
  const rows = (Object.keys(KINDS) as Kind[]).map((kind) =>
    rowOf(
      KINDS[kind],
      seen.filter((s) => CORPUS[s.number]?.kind === kind),
    ),
  );
  return [...rows.filter((r) => r.inputs > 0), rowOf('all', seen)];
}

function rowOf(kind: string, seen: Seen[]): Row {
  const codes: Record<string, number> = {};
  let [succeeded, untyped] = [0, 0];
  for (const { ends } of seen) {
    const bad = new Set(ends.map((e) => e.code).filter((c) => !GOOD.includes(c)));
    if (bad.size === 0) succeeded++;
    if ([...bad].some((c) => !isTyped(c))) untyped++;
    for (const code of bad) codes[code] = (codes[code] ?? 0) + 1;
  }
  const most = (key: 'seconds' | 'mb') => Math.max(0, ...seen.map((s) => s[key]));
  const typed = seen.length - succeeded - untyped;
  return { kind, inputs: seen.length, succeeded, typed, untyped, codes, seconds: most('seconds'), mb: most('mb') };
}

/** As Markdown. */
export function tableOf(rows: Row[]): string {
  const head = ['Kind', 'Inputs', 'Succeeded', 'Typed error', 'Untyped', 'Slowest', 'Most memory', 'Errors'];
  const cells = rows.map((r) => [
    r.kind,
    ...[r.inputs, r.succeeded, r.typed, r.untyped].map(String),
    `${r.seconds.toFixed(1)} s`,
    `${r.mb.toFixed(0)} MB`,
    codesOf(r),
  ]);
  const align = head.map((_, i) => (i === 0 || i === head.length - 1 ? '---' : '---:'));
  return [head, align, ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function codesOf({ codes }: Row): string {
  const sorted = Object.entries(codes).sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return sorted.map(([code, n]) => `${code} ${n}`).join(', ');
}
