/** A day of simulated time in a quarter of an hour: what the pipeline holds at the end that it did not hold before. See docs/soak.md. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { growthOf, lineOf, tableOf } from './report.js';
import { type SoakResult, soak } from './run.js';
import { BACKEND_NAMES, type BackendName } from './surroundings.js';

const MINUTE_MS = 60_000;

const HELP = `npm run soak [-- OPTIONS]: a simulated day of many outlets, and whether memory, handles and tables stay flat.

  --hours N        simulated hours, from 5 on (24)
  --sources N      invented outlets (200)
  --backend A,B    of ${BACKEND_NAMES.join(', ')} (all)
  --step N         simulated minutes from one look at what is due to the next: 1 to 60, a part of an hour (5)
  --seed N         another day (1)
  --out FILE       write all that was measured as JSON
  --json           the same on standard output, instead of tables

Ends with 1 when something is not flat, lost, twice downstream, or violates the invariant; 2 when it could not be run.

Examples:
  npm run soak
  npm run soak -- --backend pglite --hours 6 --sources 20
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      hours: { type: 'string', default: '24' },
      sources: { type: 'string', default: '200' },
      backend: { type: 'string', default: BACKEND_NAMES.join(',') },
      step: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = {
    hours: count('--hours', values.hours, 5),
    sources: count('--sources', values.sources, 1),
    stepMs: stepOf(values.step) * MINUTE_MS,
    seed: count('--seed', values.seed, 0),
  };
  const results: SoakResult[] = [];
  for (const backend of backendsOf(values.backend))
    results.push(await soak(backend, options, (sample) => process.stderr.write(lineOf(backend, sample))));
  const all = `${JSON.stringify({ options, results })}\n`;
  if (values.out) writeFileSync(values.out, all);
  if (values.json) process.stdout.write(all);
  else process.stdout.write(`${[tableOf(results), ...results.map(growthOf)].join('\n\n')}\n`);
  return results.every((r) => r.faults.length === 0) ? 0 : 1;
}

function count(option: string, text: string, least: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least) throw new Error(`${option}: \`${text}\` is no whole number from ${least} on`);
  return n;
}

function stepOf(text: string): number {
  const minutes = count('--step', text, 1);
  if (60 % minutes !== 0) throw new Error(`--step: an hour is not made of steps of ${minutes} minutes`);
  return minutes;
}

function backendsOf(text: string): BackendName[] {
  return text.split(',').map((name) => {
    const known = BACKEND_NAMES.find((b) => b === name);
    if (!known) throw new Error(`--backend: there is no \`${name}\`; known are ${BACKEND_NAMES.join(', ')}`);
    return known;
  });
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
