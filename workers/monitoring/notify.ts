import { messageOf } from '../../config/errors.js';
import { claimNotices, type Notice, noticeFailed, noticeSent } from '../../ledger/alerts.js';
import type { Context } from '../context.js';

/** Notices taken at a time. */
const BATCH = 100;
/** Seconds before the second try; doubles up to an hour. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 3600;
/** Three days of tries; then only the list of alerts knows. */
const MAX_TRIES = 80;

/** Brings the alerts that are due to their channels, at least once. @returns how many went out */
export async function notify(ctx: Context): Promise<number> {
  const due = await claimNotices(ctx.db, ctx.owner, [...ctx.channels.keys()], BATCH);
  let sent = 0;
  for (const channel of ctx.channels.values()) {
    const notices = due.filter((n) => n.channel === channel.name);
    if (notices.length === 0) continue;
    const results = await channel.send(notices.map((n) => n.alert));
    for (const [i, notice] of notices.entries()) {
      const error = results[i];
      if (error) await putBack(ctx, notice, error);
      else await noticeSent(ctx.db, notice, ctx.owner);
      sent += error ? 0 : 1;
    }
  }
  return sent;
}

async function putBack(ctx: Context, notice: Notice, error: Error): Promise<void> {
  const giveUp = notice.attempts + 1 >= MAX_TRIES;
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(notice.attempts, 12));
  await noticeFailed(ctx.db, notice, ctx.owner, messageOf(error), giveUp ? null : pause);
  const { channel, alert } = notice;
  ctx.log.warn({ channel, alert: alert.id, how: giveUp ? 'given up' : 'retry' }, messageOf(error));
}
