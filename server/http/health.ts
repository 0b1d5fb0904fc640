import { Hono } from 'hono';
import { messageOf } from '../../config/errors.js';
import { outdated, schemaVersion } from '../../ledger/db/migrate.js';
import { MIGRATIONS } from '../../ledger/db/migrations/migrations.js';
import type { Context } from '../../workers/context.js';

/** A store that does not answer within this time counts as down; in milliseconds. */
const PATIENCE_MS = 2000;

const FRESH = { 'cache-control': 'no-store' };

type Check = { ok: boolean; detail: string };

/** `/healthz`: the process answers. `/readyz`: ledger, queue and schema are usable. `stages` are those of this process. */
export function healthRoutes(ctx: Pick<Context, 'db' | 'queues' | 'log'>, stages: readonly string[]): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, FRESH));
  app.get('/readyz', async (c) => {
    const [ledger, queue] = await Promise.all([
      looked(ctx, 'ledger', () => schemaState(ctx)),
      looked(ctx, 'queue', async () => {
        await ctx.queues.articles.getJobCounts('waiting');
        return { ok: true, detail: ctx.queues.kind };
      }),
    ]);
    const ready = ledger.ok && queue.ok;
    return c.json({ status: ready ? 'ready' : 'not ready', ledger, queue, stages }, ready ? 200 : 503, FRESH);
  });
  return app;
}

async function schemaState({ db }: Pick<Context, 'db'>): Promise<Check> {
  const [at, newest] = [await schemaVersion(db), MIGRATIONS.at(-1)?.version ?? 0];
  if (at === newest) return { ok: true, detail: `schema ${at}` };
  const ok = (await outdated(db)) === null;
  return {
    ok,
    detail: `schema ${at}, this program expects ${newest}${ok ? '' : ': update and restart whichever is older'}`,
  };
}

/** Runs one check. Details of a failure go only to the log, because they may name hosts and users. */
async function looked(ctx: Pick<Context, 'log'>, what: string, look: () => Promise<Check>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>((done) => {
    timer = setTimeout(() => done({ ok: false, detail: `did not answer within ${PATIENCE_MS} ms` }), PATIENCE_MS);
  });
  const answer = look().catch((error): Check => {
    ctx.log.warn({ err: messageOf(error) }, `${what} is not ready`);
    return { ok: false, detail: 'failed; see the log of this process' };
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
