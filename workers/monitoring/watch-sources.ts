import { conditionsOf, type Observed, observe, watchedSources } from '../../ledger/conditions.js';
import { readFills } from '../../ledger/read/fields-given.js';
import { readRhythms } from '../../ledger/read/publishing-rhythm.js';
import type { Context } from '../context.js';
import { layoutChange, layoutHint } from './layout-change.js';
import { standingOf } from './source-state.js';

/** Lateness and layout are looked at often, so it is time that tells whether they last: in seconds. */
const LASTS_SECONDS = 15 * 60;

/** Looks at what no single visit shows: sources that are visited or seen late, and articles that read worse than before. */
export async function watchSources(ctx: Context): Promise<void> {
  const now = ctx.now();
  const [rhythms, fills] = [await readRhythms(ctx.db, now), await readFills(ctx.db)];
  const rows = await watchedSources(ctx.db);
  const known = new Map((await conditionsOf(ctx.db, 'source')).map((c) => [`${c.topic} ${c.name}`, c]));
  const telling = { channels: [...ctx.channels.keys()], times: 1, seconds: LASTS_SECONDS };
  const note = async (seen: Observed): Promise<void> => {
    const { state, told } = known.get(`${seen.topic} ${seen.name}`) ?? { state: 'ok', told: 'ok' };
    // What is as it was told needs no writing.
    if (state === seen.state && told === state) return;
    await ctx.db.transaction().execute((tx) => observe(tx, seen, telling));
  };
  for (const row of rows) {
    const source = ctx.sources.get(row.id);
    if (!source?.enabled || row.paused) continue;
    const { lagSeconds = null, measured = 0 } = rhythms.get(row.id) ?? {};
    const standing = standingOf(source, { ...row, lagSeconds, measured }, now);
    const about = { kind: 'source', name: row.id, code: null } as const;
    // Of a source in trouble nothing can be said but that.
    if (standing.state === 'ok' || standing.state === 'late') {
      const { state, reason, hint } = standing;
      await note({ ...about, topic: 'pace', state, reason, hint });
    }
    const profile = row.profile === null ? null : { state: row.profile, reason: row.profileReason ?? '' };
    const reason = layoutChange(fills.get(row.id) ?? null, profile);
    const state = reason === null ? 'ok' : 'changed';
    await note({ ...about, topic: 'layout', state, reason, hint: layoutHint(row.id) });
  }
}
