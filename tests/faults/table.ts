import type { Fault } from './fault.js';
import type { Result } from './run.js';

/** The outcome as a Markdown table, a line a fault. */
export function tableOf(
  faults: readonly Fault[],
  results: readonly Result[],
  skipped: ReadonlyMap<string, string>,
): string {
  const head = [
    'Fault',
    'Runs',
    'Arrived',
    'Lost',
    'Twice downstream',
    'Repeated, same key',
    'Violations',
    'Recovery, median',
    'slowest',
  ];
  const rows = faults.map((fault) => {
    const why = skipped.get(fault.id);
    if (why !== undefined) return [fault.name, `not run: ${why}`, ...Array<string>(head.length - 2).fill('')];
    return [fault.name, ...cells(results.filter((r) => r.fault === fault.id))];
  });
  const all = ['**all**', ...cells(results)];
  const align = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, align, ...rows, all].map((cs) => `| ${cs.join(' | ')} |`).join('\n');
}

function cells(of: readonly Result[]): string[] {
  const sum = (key: 'articles' | 'arrived' | 'lost' | 'twice' | 'repeats' | 'violations') =>
    String(of.reduce((n, r) => n + r[key], 0));
  const seconds = of.flatMap((r) => r.recoverySeconds ?? []).sort((a, b) => a - b);
  const shown = (s: number | undefined) => (s === undefined ? '–' : `${s.toFixed(1)} s`);
  return [
    String(of.length),
    `${sum('arrived')} of ${sum('articles')}`,
    sum('lost'),
    sum('twice'),
    sum('repeats'),
    sum('violations'),
    shown(seconds[Math.floor((seconds.length - 1) / 2)]),
    shown(seconds.at(-1)),
  ];
}
