import type { Source } from '../../config/sources.js';
import type { FetchedPage } from '../../crawlers/fetch/page.js';
import type { Context } from '../context.js';

/** The page with what the tdmrep.json of its host reserves for it. */
export async function withReservation(
  ctx: Pick<Context, 'client'>,
  source: Source,
  page: FetchedPage,
): Promise<FetchedPage> {
  const { proxy, concurrency, delayMs } = source;
  return { ...page, reservation: await ctx.client.reservationOf(page.url, { proxy, concurrency, delayMs }) };
}
