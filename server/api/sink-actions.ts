import { z } from 'zod';
import { SourcelinkError } from '../../config/errors.js';
import { nearest } from '../../config/problems.js';
import { replay } from '../../ledger/replays.js';
import { setSinkPaused } from '../../ledger/sinks.js';
import { driveSinks } from '../../workers/drive-sinks.js';
import { publishedId } from './articles.js';
import { type ApiContext, acting, Done, done, type Endpoint, text, when } from './endpoint.js';

const SinkName = z.strictObject({ sink: text(100).describe('As sourcelink.yaml names it.') });

const pausing = (['pause', 'resume'] as const).map((name) =>
  acting({
    id: `${name}Sink`,
    path: `/v1/sinks/{sink}/${name}`,
    summary:
      name === 'pause'
        ? 'Stop the deliveries to a sink; what comes is kept in order.'
        : 'Deliver to a sink again, at once, whatever failed before.',
    params: SinkName,
    answer: Done,
    problems: ['HTTP_NOT_FOUND'],
    async run(ctx, { params }) {
      const sink = configured(ctx, params.sink);
      await setSinkPaused(ctx.db, sink, name === 'pause');
      if (name === 'resume') await driveSinks(ctx, [sink]);
      return done;
    },
  }),
);

const again = acting({
  id: 'replayToSink',
  path: '/v1/sinks/{sink}/replay',
  summary: 'Send the newest revision of articles to one sink once more, behind the news.',
  description:
    'Each goes out under an idempotency key of its own, `ID-REVISION-replay-N`. What waits for the sink anyway is left out.',
  params: SinkName,
  body: z.union([
    z
      .strictObject({ since: when.describe('Only what was published, changed or retracted since.') })
      .describe('What is new.'),
    z
      .strictObject({ articles: z.array(text(200)).min(1).max(100).describe('Ids or slugs.') })
      .describe('Only these articles.'),
    z.strictObject({ all: z.literal(true) }).describe('Everything.'),
  ]),
  answer: z.object({ articles: z.int().describe('How many will be sent.') }).meta({ id: 'Replayed' }),
  problems: ['HTTP_NOT_FOUND'],
  async run(ctx, { params, body }) {
    const sink = configured(ctx, params.sink);
    const since = 'since' in body ? new Date(body.since / 1000) : null;
    const articles = 'articles' in body ? await Promise.all(body.articles.map((name) => publishedId(ctx, name))) : null;
    const sent = await replay(ctx.db, { sink, since, articles }, ctx.now());
    await driveSinks(ctx, [sink]);
    return { body: { articles: sent } };
  },
});

export const SINK_ACTIONS: Endpoint[] = [...pausing, again];

/** @throws HTTP_NOT_FOUND */
function configured(ctx: ApiContext, wanted: string): string {
  if (ctx.sinks.has(wanted)) return wanted;
  const near = nearest(wanted, [...ctx.sinks.keys()]);
  throw new SourcelinkError('HTTP_NOT_FOUND', `There is no sink \`${wanted}\`.`, {
    hint: near === null ? 'See /v1/sinks.' : `Did you mean \`${near}\`?`,
  });
}
