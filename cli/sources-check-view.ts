import { codeOf, hintOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import type { Discovered } from '../crawlers/discover/discover.js';
import type { SourceHealth } from '../ledger/schema.js';
import { unhealthy } from '../workers/crawl/health.js';
import type { Looked } from '../workers/outlets/propose.js';
import { fillRates, type Sampled } from '../workers/outlets/sample.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** What a look at one source found. */
export type Checked = {
  source: Source;
  seen: Discovered | null;
  sampled: Sampled[];
  state: SourceHealth;
  problems: { code: string; message: string; hint: string | null }[];
  /** Whether nothing is to be done. */
  fine: boolean;
};

/** @param error what ended the look, when there is nothing seen */
export function checkedAs(source: Source, looked: Looked | null, error: NonNullable<unknown> | null): Checked {
  const seen = looked?.seen ?? null;
  const sampled = looked?.sampled ?? [];
  const raw: unknown[] = [...(seen?.problems.map((p) => p.error) ?? []), ...(error === null ? [] : [error])];
  const unread = sampled.filter((s) => s.article === null);
  // One page that is no article says little; that none is one says that something is wrong.
  if (unread.length > 0 && unread.length === sampled.length) raw.push(...unread.map((s) => s.error));
  const state = stateOf(seen, raw);
  const problems = raw.map((e) => {
    const hint = e instanceof SourcelinkError ? (e.hint ?? null) : null;
    return { code: codeOf(e), message: messageOf(e), hint };
  });
  if (state === 'empty' && problems.length === 0)
    problems.push({
      code: 'DISCOVER_NOTHING',
      message: `${source.id} answers, but lists no articles`,
      hint: hintOf('DISCOVER_NOTHING'),
    });
  return { source, seen, sampled, state, problems, fine: state === 'ok' && problems.length === 0 };
}

/** As a visit would leave it. */
function stateOf(seen: Discovered | null, problems: unknown[]): SourceHealth {
  if (problems.some((p) => codeOf(p) === 'DISCOVER_MOVED')) return 'moved';
  if (seen !== null && seen.found.length > 0) return 'ok';
  const answered = seen?.endpoints.some((e) => e.error === null) ?? false;
  const [first] = problems;
  return first === undefined || answered || codeOf(first) === 'DISCOVER_NOTHING' ? 'empty' : unhealthy(first).state;
}

/** One source as `--json` has it. */
export function checkAsJson({ source, seen, sampled, state, problems, fine }: Checked) {
  return {
    id: source.id,
    state,
    fine,
    articles: seen?.found.length ?? 0,
    how: seen?.how ?? null,
    requests: seen?.requests ?? 0,
    endpoints:
      seen?.endpoints.map(({ url, kind, origin, error, movedTo }) => ({ url, kind, origin, error, movedTo })) ?? [],
    problems,
    newest: newestOf(seen),
    read: fillRates(sampled),
  };
}

export function showCheck(terminal: Terminal, checked: Checked): void {
  const { source, seen, sampled, problems, fine, state } = checked;
  const found = seen?.found.length ?? 0;
  const [style, sign] = fine
    ? (['green', '✓'] as const)
    : state === 'ok'
      ? (['yellow', '!'] as const)
      : (['red', '✗'] as const);
  const word = state === 'ok' ? '' : `  ${terminal.style(style, state)}`;
  terminal.print(
    `${terminal.style(style, sign)} ${terminal.style('bold', source.id)}${word}  ${count(found, 'article')}`,
  );
  if (seen) terminal.hanging('    ', `${found > 0 ? 'by ' : ''}${seen.how}`);
  for (const e of seen?.endpoints.filter((e) => e.error === null) ?? [])
    terminal.print(`    ${e.kind.padEnd(8)}${e.url}${e.origin === 'found' ? terminal.style('dim', ' (found)') : ''}`);
  const newest = newestOf(seen);
  if (newest) terminal.hanging('    newest  ', newest.title ?? newest.url);
  for (const { article: a } of sampled.slice(0, 1)) {
    if (a === null) continue;
    const parts = [a.authors.join(', ') || 'no authors', a.publishedAt?.slice(0, 10) ?? 'no date'];
    terminal.hanging('    read    ', [...parts, count(a.wordCount, 'word')].join(', '));
  }
  for (const p of problems) terminal.item(`${terminal.style('yellow', p.code)} ${p.message}`, p.hint);
}

function newestOf(seen: Discovered | null): { url: string; title: string | null; publishedAt: string | null } | null {
  const sorted = [...(seen?.found ?? [])].sort((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? 1 : -1));
  const first = sorted[0];
  return first ? { url: first.url, title: first.title, publishedAt: first.publishedAt } : null;
}
