import type { CategoriesReport, CategoryScores } from '../evaluate/categories.js';
import type { DedupeReport } from '../evaluate/dedupe.js';
import type { StoriesReport } from '../evaluate/stories.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

const right = (...heads: string[]) => heads.map((head) => ({ head, align: 'right' as const }));

/** A share as the published figures are written. */
const share = (n: number): string => n.toFixed(3);

/** Scores of each kind of edit, and the links among the natural articles. */
export function showDedupe(terminal: Terminal, r: DedupeReport): void {
  const row = (name: string, s: { edits: number; recall: number; precision: number; f1: number }, real: string) => [
    name,
    String(s.edits),
    share(s.recall),
    share(s.precision),
    share(s.f1),
    real,
  ];
  terminal.table(
    [{ head: 'edit', grow: true }, ...right('edits', 'recall', 'precision', 'F1', 'real copies')],
    [
      ...Object.entries(r.byEdit).map(([name, s]) => row(name, s, String(s.realCopies))),
      row(terminal.style('bold', 'all'), r, ''),
      ...Object.entries(r.made).map(([name, s]) => row(name, s, String(s.realCopies))),
    ],
  );
  const { links, wrong, related } = r.natural;
  terminal.print(
    `\nAmong the ${r.articles} articles themselves: ${count(links, 'link')}, ${wrong} of them wrong; ${related} related to others.`,
  );
  terminal.print(`${r.articlesPerMinute} articles a minute (${r.seconds.toFixed(1)} s).`);
  for (const e of r.natural.examples)
    terminal.item(
      `${e.id} = ${e.duplicateOf}  score ${share(e.score)}, containment ${share(e.containment)}: ${e.passage}`,
    );
}

/** Scores of each way of filing, then of each category by the first of them. */
export function showCategories(terminal: Terminal, r: CategoriesReport): void {
  const ways: [string, CategoryScores | null][] = [
    ['by words and headlines', r.words],
    ['trained, cross-validated', r.trained],
    ['trained, AG News', r.agnews],
  ];
  const there = ways.filter((w): w is [string, CategoryScores] => w[1] !== null);
  terminal.table(
    [{ head: 'way', grow: true }, ...right('articles', 'top-1', 'top-3', 'macro-F1', 'calibration', 'a minute')],
    there.map(([name, s]) => [
      name,
      String(s.articles),
      share(s.top1),
      share(s.top3),
      share(s.macroF1),
      share(s.calibrationError),
      String(s.articlesPerMinute),
    ]),
  );
  const [first] = there;
  if (!first) return;
  terminal.print(`\n${terminal.style('bold', `Each category ${first[0]}`)}`);
  terminal.table(
    [{ head: 'category', grow: true }, ...right('articles', 'predicted', 'precision', 'recall', 'F1')],
    Object.entries(first[1].byCategory).map(([name, c]) => [
      name,
      String(c.articles),
      String(c.predicted),
      share(c.precision),
      share(c.recall),
      share(c.f1),
    ]),
  );
}

/** Scores of the grouping. */
export function showStories(terminal: Terminal, r: StoriesReport): void {
  terminal.facts([
    ['headlines', String(r.headlines)],
    ['stories', `${r.stories}, found ${r.found}`],
    ['B-cubed F1', share(r.f1)],
    ['precision', share(r.precision)],
    ['recall', share(r.recall)],
    ['pace', `${r.headlinesPerMinute} headlines a minute`],
  ]);
}
