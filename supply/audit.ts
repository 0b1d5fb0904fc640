import { execFile } from 'node:child_process';
import { z } from 'zod';
import { isStarted } from './checkout.js';

/** What `npm audit --json` prints when the registry answered, in the parts that are read here. */
const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      via: z.array(z.union([z.string(), z.looseObject({ title: z.string(), url: z.string() })])),
    }),
  ),
});
/** What it prints when the registry did not. */
const Unanswered = z.union([
  z.object({ message: z.string() }),
  z.object({ error: z.object({ summary: z.string() }) }).transform((e) => ({ message: e.error.summary })),
]);

const FAILING = new Set(['high', 'critical']);

export type Audit = { kind: 'unanswered'; reason: string } | { kind: 'answered'; failing: string[]; lesser: string[] };

/** Reads what `npm audit --json` printed. Whatever it is, that nothing was looked at is never taken for nothing found. */
export function readAudit(printed: string): Audit {
  const said = attempt(printed);
  const report = Report.safeParse(said);
  if (!report.success) {
    const why = Unanswered.safeParse(said);
    return { kind: 'unanswered', reason: (why.success && why.data.message) || 'npm audit printed no report' };
  }
  const found = Object.entries(report.data.vulnerabilities).map(([name, { severity, range, via }]) => {
    const causes = via.map((v) => (typeof v === 'string' ? `by ${v}` : `${v.title} ${v.url}`));
    return { severity, line: `${severity}: ${name} ${range}: ${causes.join('; ')}` };
  });
  const lines = (failing: boolean) => found.filter((f) => FAILING.has(f.severity) === failing).map((f) => f.line);
  return { kind: 'answered', failing: lines(true), lesser: lines(false) };
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Asks the registry about the packages that run. One try and ten seconds: a machine without a network goes on. */
function askRegistry(): Promise<string> {
  const how = ['audit', '--omit=dev', '--json', '--audit-level=high', '--fetch-retries=0', '--fetch-timeout=10000'];
  return new Promise((done) => execFile('npm', how, { maxBuffer: 64 * 1024 ** 2 }, (_error, stdout) => done(stdout)));
}

async function main(): Promise<void> {
  const audit = readAudit(await askRegistry());
  if (audit.kind === 'unanswered') {
    process.stdout.write(
      `audit: NOT DONE, the registry does not answer (${audit.reason}). Nothing is known either way.\n`,
    );
    return;
  }
  for (const line of [...audit.failing, ...audit.lesser]) process.stdout.write(`${line}\n`);
  const { failing, lesser } = audit;
  process.stdout.write(`audit: ${failing.length} high or critical, ${lesser.length} lesser, in what runs.\n`);
  process.exitCode = failing.length === 0 ? 0 : 1;
}

if (isStarted(import.meta.url)) await main();
