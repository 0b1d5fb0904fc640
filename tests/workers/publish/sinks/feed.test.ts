import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJsonFeed } from 'feedsmith';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../../config/logger.js';
import { contractArticle, messageOf } from '../../../../contract/message.js';
import { createFeedsSink } from '../../../../workers/publish/sinks/feeds.js';
import { oneFeed } from '../../../../workers/publish/sinks/open.js';
import type { Outgoing } from '../../../../workers/sink.js';
import { articleRow } from '../../../setup/article-row.js';

const SOURCE = { id: 'herald', name: 'The Herald', url: 'https://herald.example/' };

function outgoing(more: Parameters<typeof articleRow>[0] = {}): Outgoing {
  const row = articleRow(more);
  const message = messageOf(row, contractArticle(row, SOURCE, { excerptWords: 30 }), new Date());
  return { key: `${row.id}-${message.revision}`, message };
}

describe('feed sink', () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sourcelink-feed-'));
    file = join(dir, 'feed.json');
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const sink = (items = 100) =>
    createFeedsSink('feed', {
      ...oneFeed(file),
      items,
      title: 'Wire',
      homepage: 'https://wire.example/',
      log: createLogger('silent'),
    });
  const read = () => parseJsonFeed(readFileSync(file, 'utf8'));

  it('writes a JSON Feed that a reader understands, with the Source link in every item', async () => {
    expect(await sink().deliver([outgoing()])).toEqual([null]);
    const feed = read();
    expect(feed).toMatchObject({ title: 'Wire', home_page_url: 'https://wire.example/' });
    expect(feed.items?.[0]).toMatchObject({ external_url: 'https://herald.example/a' });
    expect(feed.items?.[0]?.content_html).toContain('>Source link</a></p>');
  });

  it('changes nothing when a delivery comes twice', async () => {
    const one = outgoing();
    await sink().deliver([one]);
    const before = readFileSync(file, 'utf8');
    await sink().deliver([one]);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('replaces an article by its newer revision and never by an older one', async () => {
    const first = outgoing({ title: 'First' });
    const second = outgoing({ id: first.message.id, revision: 1, title: 'Second' });
    await sink().deliver([first]);
    await sink().deliver([second]);
    await sink().deliver([first]);
    expect(read().items?.map((i) => i.title)).toEqual(['Second']);
  });

  it('takes a retracted article out', async () => {
    const one = outgoing();
    await sink().deliver([one]);
    const { id } = one.message;
    const article = {
      id,
      canonicalUrl: 'https://herald.example/a',
      source: { id: 'herald', name: 'The Herald', homepage: SOURCE.url },
    };
    const sentAt = new Date().toISOString();
    await sink().deliver([
      {
        key: `${id}-2`,
        message: { type: 'article.retracted', version: 1, id, revision: 2, sentAt, article, reason: 'takedown' },
      },
    ]);
    expect(read().items ?? []).toEqual([]);
  });

  it('keeps the newest items only', async () => {
    const days = [3, 1, 4, 2].map((d) =>
      outgoing({ title: `Day ${d}`, publishedAt: new Date(`2026-03-0${d}T00:00:00Z`) }),
    );
    await sink(2).deliver(days);
    expect(read().items?.map((i) => i.title)).toEqual(['Day 4', 'Day 3']);
  });

  it('refuses a file that it did not write, and leaves it alone', async () => {
    writeFileSync(file, '{"mine": true}');
    await expect(sink().deliver([outgoing()])).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    expect(readFileSync(file, 'utf8')).toBe('{"mine": true}');
  });
});
