/** A fleet of processes as compose.yaml starts it, of which one is killed and one is added. See docs/soak.md. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres, startRedis } from '../setup/servers.js';
import { type FleetResult, sail } from './run.js';

/** Below dist-tools. */
const HERE = dirname(fileURLToPath(import.meta.url));

const HELP = `npm run fleet [-- OPTIONS]: the processes of compose.yaml on PostgreSQL and Redis, one killed and one added while they work.

  --scale A=N,B=N  processes of a service, as docker compose has it (crawl=3,extract=3)
  --outlets N      invented outlets, each a host of its own (12)
  --articles N     of each, up to 20 (20)
  --delay N        milliseconds between two requests to one host (500)
  --seed N         (1)
  --json           the result as one object

Ends with 1 when an article was lost or came twice, the invariant is violated, a host was asked faster than was allowed, or a
source was visited twice at once; 2 when it could not be run.

Examples:
  npm run fleet
  npm run fleet -- --scale crawl=3 --outlets 6 --articles 10
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      scale: { type: 'string', default: 'crawl=3,extract=3' },
      outlets: { type: 'string', default: '12' },
      articles: { type: 'string', default: '20' },
      delay: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const scale = Object.fromEntries(
    values.scale.split(',').map((part) => {
      const [name = '', n = ''] = part.split('=');
      return [name, count('--scale', n)];
    }),
  );
  const [outlets, articlesEach] = [count('--outlets', values.outlets), count('--articles', values.articles)];
  const [delayMs, seed] = [count('--delay', values.delay), count('--seed', values.seed)];
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  try {
    if (!postgres || !redis) throw new Error('a fleet needs PostgreSQL (initdb, postgres) and Redis (redis-server)');
    const result = await sail({
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      scale,
      outlets,
      articlesEach,
      delayMs,
      seed,
      cli: join(HERE, '../../cli/main.js'),
      composeFile: join(HERE, '../../../compose.yaml'),
    });
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : shown(result));
    return result.faults.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([postgres?.stop(), redis?.stop()]);
  }
}

function count(option: string, text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new Error(`${option}: \`${text}\` is no whole number from 1 on`);
  return n;
}

function shown(r: FleetResult): string {
  const asked = Object.entries(r.processes).map(([name, n]) => (name.startsWith('crawl') ? `${name} (${n})` : name));
  return [
    `Processes (requests made): ${asked.join(', ')}`,
    `Killed at work: ${r.killed}; added: ${r.added}`,
    `Articles: ${r.arrived} of ${r.articles} arrived at every sink, ${r.twice} twice, ${r.repeats} repeated under the same key`,
    `Violations: ${r.violations}`,
    `Requests: ${r.rates.requests}; at one host never more than ${r.rates.atOnce} at once, ${Math.round(r.rates.minMs)} ms or more apart (median ${Math.round(r.rates.medianMs)}, set to ${r.delayMs}), at most ${r.rates.inTenSeconds} in 10 s (${10_000 / r.delayMs} and one are right)`,
    `Pages asked for again: ${r.rates.askedAgain}`,
    `Visits: ${r.visits}, ${r.overlaps} of them to a source that was being visited`,
    `${r.faults.length === 0 ? 'ok' : `FAIL: ${r.faults.join('; ')}`}, ${Math.round(r.seconds)} s`,
    '',
  ].join('\n');
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
