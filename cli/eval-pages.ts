import type { DiffLine } from '../evaluate/diff.js';
import type { ExtractionScores, WorstPage } from '../evaluate/extraction.js';
import type { Half } from '../evaluate/labelled-set.js';
import type { MetadataScores, WrongPage } from '../evaluate/metadata.js';
import { MEASURES, type Share } from '../evaluate/metadata-score.js';
import type { FailedPage } from '../evaluate/read-pages.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** Most lines of one page's diff, and most characters of a line; `--json` and `--html` have all. */
const MAX_LINES = 16;
const MAX_CHARS = 240;

const right = (...heads: string[]) => heads.map((head) => ({ head, align: 'right' as const }));
const share = (n: number): string => n.toFixed(3);

/** Scores of the text of each set beside those of plain Readability, and the worst pages with what they lack. */
export function showExtraction(terminal: Terminal, e: ExtractionScores): void {
  const learned = e.byOutlet ? ", with what was learned from the outlet's other pages" : '';
  terminal.print(`${terminal.style('bold', 'Extraction')}, ${halfOf(e.half)}${learned}`);
  terminal.table(
    [{ head: 'set', grow: true }, ...right('pages', 'F1', 'plain', 'taken', 'P', 'plain', 'R', 'plain', 'ms')],
    e.sets.map(({ name, ours: o, plain: p, errorTaken, cpuMsPerPage }) => [
      name,
      String(o.pages),
      share(o.f1),
      share(p.f1),
      errorTaken === null ? '-' : `${Math.round(errorTaken * 100)} %`,
      share(o.precision),
      share(p.precision),
      share(o.recall),
      share(p.recall),
      cpuMsPerPage.toFixed(0),
    ]),
  );
  terminal.print();
  terminal.table(
    [{ head: 'pages', grow: true }, ...right('mean', 'median', 'exact', '<0.8', '<0.5', 'empty', 'refused')],
    e.sets.map(({ name, ours: o, refused }) => [
      name,
      share(o.meanF1),
      share(o.medianF1),
      share(o.accuracy),
      ...[o.below80, o.below50, o.empty, Object.values(refused).reduce((a, b) => a + b, 0)].map(String),
    ]),
  );
  terminal.print();
  terminal.facts([
    ['plain', 'what Readability alone makes of the same pages'],
    ['taken', "the share of plain Readability's error, 1 − F1, that is gone"],
    ['ms', 'CPU a page, from bytes to text and metadata'],
    ['refused', refusals(e) || 'what the quality gate would not publish; it is scored all the same'],
  ]);
  showLeftOut(terminal, e);
  if (e.worst.length > 0)
    terminal.print(`\n${terminal.style('bold', 'Worst pages')}  - missing from our text, + too much in it`);
  for (const page of e.worst) showWorst(terminal, page);
}

/** Scores of title, authors and date of each set, and the pages on which they are wrong. */
export function showMetadata(terminal: Terminal, m: MetadataScores): void {
  terminal.print(`${terminal.style('bold', 'Metadata')}, ${halfOf(m.half)}`);
  for (const { name, pages, ours, plain } of m.sets) {
    terminal.print();
    const rows = MEASURES.filter(([field]) => ours[field].of > 0);
    if (rows.length === 0) terminal.print(`${name}, ${count(pages, 'page')}: none names a title, an author or a date.`);
    else {
      terminal.table(
        [{ head: `${name}, ${count(pages, 'page')}` }, ...right('ours', '', 'plain', '')],
        rows.map(([field, label]) => [label, ...shareAndCount(ours[field]), ...shareAndCount(plain[field])]),
      );
    }
  }
  terminal.print();
  terminal.facts([
    ['plain', 'what Readability alone makes of the same pages'],
    ['invented', 'authors given on pages that name none: fewer are better'],
  ]);
  showLeftOut(terminal, m);
  if (m.worst.length > 0)
    terminal.print(`\n${terminal.style('bold', 'Wrong pages')}  - what the set says, + what was read`);
  for (const page of m.worst) showWrong(terminal, page);
}

const halfOf = (half: Half): string => (half === 'all' ? 'all pages' : `${half} half`);

const shareAndCount = (s: Share): [string, string] => [s.share === null ? '-' : share(s.share), `${s.right}/${s.of}`];

function refusals({ sets }: ExtractionScores): string {
  const all = sets.flatMap(({ name, refused }) => Object.entries(refused).map(([why, n]) => `${name} ${n} ${why}`));
  return all.join(', ');
}

/** What does not stand in the scores as it should: pages that failed, and pages that nobody has labelled. */
function showLeftOut(terminal: Terminal, e: { sets: { name: string; unlabelled: string[] }[]; failed: FailedPage[] }) {
  if (e.failed.length > 0)
    terminal.print(terminal.style('yellow', `\n${count(e.failed.length, 'page')} failed and count as empty:`));
  for (const f of e.failed) terminal.item(`${f.set}/${f.id}, ${BY[f.by]}: ${f.reason}`);
  for (const { name, unlabelled } of e.sets) {
    if (unlabelled.length === 0) continue;
    const named = `${unlabelled.slice(0, 3).join(', ')}${unlabelled.length > 3 ? ', …' : ''}`;
    const text = `\n${name}: ${count(unlabelled.length, 'page')} without an entry in truth.json, not scored: ${named}`;
    terminal.print(terminal.style('yellow', text));
  }
}

const BY: Record<FailedPage['by'], string> = { file: 'its file', ours: 'ours', plain: 'plain Readability' };

function showWorst(terminal: Terminal, { set, id, url, f1, plainF1, diff }: WorstPage): void {
  terminal.print(`\n${terminal.style('bold', `${set}/${id}`)}  F1 ${share(f1)}, plain ${share(plainF1)}`);
  terminal.print(terminal.style('dim', url));
  for (const line of diff.slice(0, MAX_LINES)) showDiffLine(terminal, line);
  if (diff.length > MAX_LINES) {
    const more = count(diff.length - MAX_LINES, 'more line');
    terminal.print(terminal.style('dim', `  and ${more}; --html and --json show them`));
  }
}

function showDiffLine(terminal: Terminal, { sign, text }: DiffLine): void {
  const [tone, cut] = [sign === '-' ? 'red' : 'green', text.length > MAX_CHARS] as const;
  terminal.hanging(`  ${sign} `, terminal.style(tone, cut ? `${text.slice(0, MAX_CHARS).trimEnd()}…` : text));
}

function showWrong(terminal: Terminal, { set, id, url, wrong }: WrongPage): void {
  terminal.print(`\n${terminal.style('bold', `${set}/${id}`)}`);
  terminal.print(terminal.style('dim', url));
  for (const { field, expected, got, from, close } of wrong) {
    const where = from ? `  ← ${from}` : '';
    terminal.print(`  ${field}${terminal.style('dim', `${close ? ', close' : ''}${where}`)}`);
    terminal.hanging('  - ', terminal.style('red', expected ?? 'none'));
    terminal.hanging('  + ', terminal.style('green', got ?? 'none'));
  }
}
