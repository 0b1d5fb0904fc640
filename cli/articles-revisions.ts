import type { Run } from '../text/word-diff.js';
import type { RevisionChange } from '../workers/editorial/revisions.js';
import type { Terminal } from './terminal.js';
import { moment } from './wording.js';

/** Words of unchanged text shown on either side of a change. */
const AROUND = 8;

/** The revisions of an article, one per line; with `diff` also what each one changed. */
export function showRevisions(terminal: Terminal, revisions: RevisionChange[], diff: boolean): void {
  for (const r of revisions) {
    const what = r.reason ?? (r.becauseOfStory ? 'its story changed' : summaryOf(r.changes));
    terminal.print(
      terminal.style('bold', `revision ${r.revision}  ${r.type}  ${moment(r.createdAt)}`) + (what && `  ${what}`),
    );
    if (!diff) continue;
    for (const c of r.changes) {
      const text = c.runs.map((run, i) => shown(terminal, run, i === 0, i === c.runs.length - 1)).join(' ');
      terminal.item(`${c.what}: ${text}`);
    }
  }
}

/** `title, text (+3 −1 words)` */
function summaryOf(changes: RevisionChange['changes']): string {
  return changes
    .map(({ what, runs }) => (what === 'text' ? `text (+${words(runs, 'new')} −${words(runs, 'gone')} words)` : what))
    .join(', ');
}

const words = (runs: Run[], kind: Run['kind']): number =>
  runs.filter((r) => r.kind === kind).reduce((sum, r) => sum + r.text.split(' ').length, 0);

/** As `git diff --word-diff` has it, so that it reads without colours too. */
function shown(terminal: Terminal, { kind, text }: Run, first: boolean, last: boolean): string {
  if (kind === 'gone') return terminal.style('red', `[-${text}-]`);
  if (kind === 'new') return terminal.style('green', `{+${text}+}`);
  const all = text.split(' ');
  if (all.length <= (first || last ? AROUND : 2 * AROUND)) return text;
  const head = first ? [] : all.slice(0, AROUND);
  const tail = last ? [] : all.slice(-AROUND);
  return [...head, '…', ...tail].join(' ');
}
