/**
 * One outlet for each fault, all at once, beside healthy ones: whether those lose anything or are delayed against the same
 * pass without faults, in which state each struck one ends, and what becomes of it when the fault has gone.
 * `npm run bench faults [-- --pairs N --json]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findNewsstand } from '../tests/setup/newsstand.js';
import { type Struck, type Timed, visitStruckOutlets } from '../tests/setup/struck-outlets.js';
import { type Interval, mean, median, pairedRatio } from './statistics.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { pairs: { type: 'string', default: '3' }, json: { type: 'boolean', default: false } },
  });
  // A busy machine takes its time to read a page; what is measured here is who waits for whom.
  const settings = { extract: { deadline: '120s' } };
  const found = findNewsstand(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora');
  if (found === null) throw new Error('the sets of real pages are not there; set SOURCELINK_CORPORA');
  const healthy: Record<'without' | 'with', Timed[]> = { without: [], with: [] };
  let struck: Struck[] = [];
  let violations = 0;
  let lost = 0;
  const passSeconds: Record<'without' | 'with', number[]> = { without: [], with: [] };
  for (let i = 0; i < Number(values.pairs); i++) {
    // Which comes first changes, so that a machine that warms up favours neither.
    for (const faults of i % 2 === 0 ? [false, true] : [true, false]) {
      const dir = mkdtempSync(join(tmpdir(), 'sourcelink-bench-'));
      try {
        const seen = await visitStruckOutlets({ ...found, dir, faults, recover: faults && i === 0, settings });
        healthy[faults ? 'with' : 'without'].push(seen.healthy);
        passSeconds[faults ? 'with' : 'without'].push(seen.seconds);
        violations += seen.violations;
        if (faults) lost += seen.lost.length;
        if (faults && i === 0) struck = seen.struck;
        process.stderr.write(
          `pass ${faults ? 'with' : 'without'} faults: ${seen.healthy.size} healthy outlets, ${seen.lost.length} articles lost, ${seen.seconds.toFixed(1)} s, ${seen.violations} violations\n`,
        );
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    }
  }
  const ids = [...(healthy.without[0]?.keys() ?? [])];
  const usual = (runs: Timed[]): number[] => ids.map((id) => median(runs.map((r) => r.get(id) ?? Number.NaN)));
  const [without, withFaults] = [usual(healthy.without), usual(healthy.with)];
  const result: Result = {
    pairs: Number(values.pairs),
    healthyOutlets: ids.length,
    lost,
    violations,
    secondsToPublished: { without: mean(without), with: mean(withFaults) },
    delay: pairedRatio(withFaults, without),
    passSeconds: { without: median(passSeconds.without), with: median(passSeconds.with) },
    struck,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else show(result);
}

type Result = {
  pairs: number;
  healthyOutlets: number;
  lost: number;
  violations: number;
  /** Mean over the healthy outlets of the time until all that they list has ended. */
  secondsToPublished: { without: number; with: number };
  /** The same as a ratio, with its 95 % interval over outlets. */
  delay: Interval;
  passSeconds: { without: number; with: number };
  struck: Struck[];
};

const percent = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)} %`;

function show(r: Result): void {
  const { delay, secondsToPublished: s, passSeconds: p } = r;
  const lines = [
    `${r.healthyOutlets} healthy outlets beside ${r.struck.length} struck ones, medians of ${r.pairs} pairs of passes:`,
    `  lost ${r.lost}, violations ${r.violations}`,
    `  until published ${s.without.toFixed(1)} s without faults, ${s.with.toFixed(1)} s with: ${percent(delay.ratio)} (95 % interval ${percent(delay.low)} to ${percent(delay.high)})`,
    `  whole pass ${p.without.toFixed(1)} s without, ${p.with.toFixed(1)} s with`,
    '',
    ...r.struck.map(rowOf),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function rowOf({ fault, host, articles, found, recovered }: Struck): string {
  const now = `${found.state}${found.code === null ? '' : ` ${found.code}`}, ${found.unread} of ${articles} unread`;
  const later =
    recovered === null
      ? '-'
      : `${recovered.state}, ${recovered.unread} unread after ${recovered.passes} passes (${recovered.minutes} min)`;
  return `${fault.padEnd(10)} ${host.padEnd(24)} ${now.padEnd(52)} → ${later}\n           ${found.reason ?? ''}`;
}

await main();
