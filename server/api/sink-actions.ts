import { z } from 'zod';
import { SourcelinkError } from '../../config/errors.js';
import { nearest } from '../../config/problems.js';
import { replay } from '../../ledger/replays.js';
import { setSinkPaused } from '../../ledger/sinks.js';
import { driveSinks } from '../../workers/drive-sinks.js';
import { publishedId } from './articles.js';
import { type ApiContext, acting, Done, done, type Endpoint, text, when } from './endpoint.js';

const SinkName = z.strictObject({ sink: text(100).describe('Sink name, as in sourcelink.yaml.') });

const pausing = (['pause', 'resume'] as const).map((name) =>
  acting({
    id: `${name}Sink`,
    path: `/v1/sinks/{sink}/${name}`,
    summary:
      name === 'pause'
        ? 'Pause deliveries to a sink. New deliveries wait in order.'
        : 'Resume deliveries to a sink, immediately and regardless of earlier failures.',
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
  summary: 'Send the newest revision of articles to one sink again, after all new deliveries.',
  description:
    'Each message has its own idempotency key, `ID-REVISION-replay-N`. Articles that already wait for the sink are skipped.',
  params: SinkName,
  body: z.union([
    z
      .strictObject({ since: when.describe('A date or time (ISO 8601).') })
      .describe('Articles that were published, updated or retracted since then.'),
    z
      .strictObject({ articles: z.array(text(200)).min(1).max(100).describe('Ids or slugs.') })
      .describe('These articles only.'),
    z.strictObject({ all: z.literal(true) }).describe('All articles.'),
  ]),
  answer: z.object({ articles: z.int().describe('Number of articles that will be sent.') }).meta({ id: 'Replayed' }),
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
