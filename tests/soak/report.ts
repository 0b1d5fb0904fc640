import type { Growth } from './flat.js';
import type { SoakResult } from './run.js';
import type { Sample } from './sample.js';
import type { BackendName } from './surroundings.js';

const NAMES: Record<BackendName, string> = {
  pglite: 'PGlite',
  postgres: 'PostgreSQL',
  redis: 'PostgreSQL and Redis',
};

const whole = (n: number): string => String(Math.round(n));
const tenth = (n: number): string => n.toFixed(1);
const percent = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(2)} %`;
const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** One line an hour, while it runs. */
export function lineOf(backend: BackendName, s: Sample): string {
  const ledger = Object.entries(s.tables).reduce((sum, [, t]) => sum + t.bytes, 0) / 1_048_576;
  const redis = s.redisMb === null ? '' : `, Redis ${s.redisMb.toFixed(1)} MB`;
  return `${NAMES[backend]}, hour ${s.hour}: heap ${s.heapMb.toFixed(1)} MB, resident ${whole(s.rssMb)} MB, ${total(s.handles)} handles, ${s.descriptors ?? '?'} descriptors, ${s.articles} articles, tables ${ledger.toFixed(1)} MB, ${total(s.jobs)} jobs${redis}\n`;
}

/** The outcome as Markdown: a column a backend, then what the tables that are not the same in size did. */
export function tableOf(results: readonly SoakResult[]): string {
  const rows: [string, (r: SoakResult) => string][] = [
    ['Visits, requests', (r) => `${r.visits}, ${r.requests}`],
    ['Articles, lost, twice', (r) => `${r.articles}, ${r.lost.length}, ${r.twice}`],
    ['Violations', (r) => String(r.violations.length)],
    ['Heap, after warming up → end', ({ flat: { heap } }) => arrow([heap.startMb, heap.endMb].map(tenth), 'MB')],
    [
      'Heap, slope an hour (95 % interval)',
      ({ flat: { heap } }) => `${percent(heap.perHour)} (${percent(heap.low)} to ${percent(heap.high)})`,
    ],
    [
      'Outside the heap',
      (r) =>
        arrow(
          ends(r).map((s) => s.externalMb.toFixed(1)),
          'MB',
        ),
    ],
    [
      'Resident',
      ({ flat: { rss } }) => `${arrow([rss.startMb, rss.endMb].map(whole), 'MB')}, ${percent(rss.perHour)} an hour`,
    ],
    ['Handles, least of first → last third', ({ flat }) => arrow(flat.handles.map(whole))],
    ['File descriptors, likewise', ({ flat }) => (flat.descriptors ? arrow(flat.descriptors.map(whole)) : '–')],
    [
      'Open files of tables, likewise',
      ({ flat }) => (flat.ledgerFiles[1] > 0 ? arrow(flat.ledgerFiles.map(whole)) : '–'),
    ],
    ['Finished jobs kept', ({ flat }) => arrow(flat.jobs.map(whole))],
    ['Redis', ({ flat }) => (flat.redis ? arrow(flat.redis.map(tenth), 'MB') : '–')],
    ['Table of jobs', (r) => (sumOf(r, 'jobs')[2] === 0 ? '–' : arrow(sumOf(r, 'jobs').map(tenth), 'MB'))],
    ['Bounded tables', (r) => arrow(sumOf(r, 'bounded').map(tenth), 'MB')],
    ['Tables of articles', (r) => arrow(sumOf(r, 'kept').map(tenth), 'MB')],
    [
      'Bytes an article, first half → second half',
      (r) => arrow([0, 1].map((half) => whole(r.flat.growth.reduce((sum, g) => sum + (g.perArticle?.[half] ?? 0), 0)))),
    ],
    ['Wall time', (r) => `${r.minutes.toFixed(1)} min`],
    ['Flat', (r) => (r.faults.length === 0 ? 'yes' : `no: ${r.faults.join('; ')}`)],
  ];
  const head = ['', ...results.map((r) => NAMES[r.backend])];
  return markdown(
    head,
    rows.map(([name, cell]) => [name, ...results.map(cell)]),
  );
}

/** Which tables grow, and how: rows and megabytes after warming up, in the middle, and at the end. */
export function growthOf(r: SoakResult): string {
  const grown = r.flat.growth.filter((g) => g.mb[2] - g.mb[0] > 0.01 || !g.flat);
  const head = ['Table', 'Rows', 'MB', 'Bytes an article', 'Flat'];
  return markdown(
    head,
    grown
      .toSorted((a, b) => b.mb[2] - a.mb[2])
      .map((g) => [
        g.name,
        arrow(g.rows.map(whole)),
        arrow(g.mb.map((mb) => mb.toFixed(2))),
        g.perArticle ? arrow(g.perArticle.map(whole)) : 'bounded',
        g.flat ? 'yes' : 'no',
      ]),
  );
}

const arrow = (values: readonly string[], unit = ''): string => `${values.join(' → ')}${unit && ` ${unit}`}`;

const sumOf = (r: SoakResult, kind: Growth['kind']): number[] =>
  [0, 1, 2].map((i) => r.flat.growth.filter((g) => g.kind === kind).reduce((sum, g) => sum + (g.mb[i] ?? 0), 0));

const ends = (r: SoakResult): Sample[] => {
  const first = r.samples.find((s) => s.hour >= r.flat.warm);
  const last = r.samples.at(-1);
  return first && last ? [first, last] : [];
};

function markdown(head: string[], rows: string[][]): string {
  const align = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
