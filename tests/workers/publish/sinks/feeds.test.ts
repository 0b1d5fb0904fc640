import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../../config/logger.js';
import { createFeedsSink } from '../../../../workers/publish/sinks/feeds.js';
import { createSinkHttp } from '../../../../workers/publish/sinks/http.js';
import { outgoing, retraction } from '../../../setup/outgoing.js';

const asia = [{ path: 'world/asia', label: 'Asia', confidence: 1, by: 'pin' as const }];
const tree = [
  { path: 'world', label: 'World' },
  { path: 'world/asia', label: 'Asia' },
].map((c) => ({ ...c, description: '', keywords: [], examples: [], iptc: null }));

describe('feeds sink', () => {
  let dir: string;
  let hub: { server: Server; url: string; told: string[]; status: number };

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sourcelink-feeds-'));
    const told: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes) => {
        body += bytes;
      });
      request.on('end', () => {
        const form = new URLSearchParams(body);
        if (hub.status < 300) told.push(`${form.get('hub.mode')} ${form.get('hub.url')}`);
        response.writeHead(hub.status).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    hub = { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told, status: 204 };
  });
  afterEach(async () => {
    hub.server.close();
    rmSync(dir, { recursive: true });
  });

  function sink(more: Partial<Parameters<typeof createFeedsSink>[1]> = {}) {
    return createFeedsSink('feeds', {
      folder: join(dir, 'feeds'),
      all: 'all',
      memory: join(dir, 'feeds.state'),
      url: 'https://wire.example/feeds',
      items: 3,
      formats: ['rss', 'atom', 'json'],
      by: ['category', 'source'],
      pages: 'https://wire.example/a/{slug}',
      title: 'Wire',
      homepage: 'https://wire.example/',
      tree: tree as never,
      hub: null,
      log: createLogger('silent'),
      now: () => Date.parse('2026-03-01T12:00:00Z'),
      ...more,
    });
  }
  const withHub = () => {
    const options = { allowPrivateAddress: true, timeoutMs: 5000, userAgent: 'Sourcelink/0.1', now: Date.now };
    return { hub: { url: hub.url, http: createSinkHttp({ url: hub.url, ...options }) } };
  };
  const text = (name: string) => readFileSync(join(dir, 'feeds', name), 'utf8');
  const files = () =>
    readdirSync(join(dir, 'feeds'), { recursive: true, encoding: 'utf8' })
      .filter((f) => statSync(join(dir, 'feeds', f)).isFile())
      .sort();

  it('writes the whole wire, each category with those above it, and each source', async () => {
    expect(await sink().deliver([outgoing({}, { categories: asia })])).toEqual([null]);
    const feeds = ['all', 'category/world', 'category/world/asia', 'source/herald'];
    expect(files()).toEqual(
      [...feeds.flatMap((f) => ['atom', 'json', 'rss'].map((e) => `${f}.${e}`)), 'news-sitemap.xml'].sort(),
    );
    for (const name of feeds) {
      expect(parseRssFeed(text(`${name}.rss`)).items).toHaveLength(1);
      expect(parseAtomFeed(text(`${name}.atom`)).entries).toHaveLength(1);
      expect(parseJsonFeed(text(`${name}.json`)).items).toHaveLength(1);
    }
    expect(parseRssFeed(text('category/world/asia.rss')).title).toBe('Wire: Asia');
    expect(parseRssFeed(text('source/herald.rss'))).toMatchObject({
      title: 'Wire: The Herald',
      atom: { links: [{ rel: 'self', href: 'https://wire.example/feeds/source/herald.rss' }] },
    });
    expect(text('news-sitemap.xml')).toContain('<loc>https://wire.example/a/a-');
  });

  it('leaves a file alone that would not change', async () => {
    const one = outgoing({}, { categories: asia });
    await sink().deliver([one]);
    const before = files().map((f) => statSync(join(dir, 'feeds', f)).mtimeMs);
    await sink().deliver([one]);
    await sink({ by: ['source'] }).deliver([one]);
    expect(files().map((f) => statSync(join(dir, 'feeds', f)).mtimeMs)).toEqual(before);
  });

  it('replaces an article by its newer revision, moves it between categories, and takes a retracted one out', async () => {
    const first = outgoing({ title: 'First' }, { categories: asia });
    const { id } = first.message;
    await sink().deliver([first]);
    await sink().deliver([outgoing({ id, revision: 1, title: 'Second' })]);
    await sink().deliver([first]);
    expect(parseRssFeed(text('all.rss')).items?.map((i) => i.title)).toEqual(['Second']);
    expect(parseRssFeed(text('category/world/asia.rss')).items ?? []).toEqual([]);
    await sink().deliver([retraction(id, 3)]);
    for (const name of ['all', 'source/herald']) {
      expect(parseRssFeed(text(`${name}.rss`)).items ?? []).toEqual([]);
      expect(parseAtomFeed(text(`${name}.atom`)).entries ?? []).toEqual([]);
      expect(text(`${name}.json`)).not.toContain(id);
    }
    expect(text('news-sitemap.xml')).not.toContain('<url>');
    expect(readdirSync(join(dir, 'feeds.state', 'articles'))).toEqual([]);
  });

  it('keeps the newest of each feed, and no more than they need', async () => {
    const days = [3, 1, 5, 2, 4].map((d) =>
      outgoing(
        { title: `Day ${d}`, publishedAt: new Date(`2026-02-0${d}T00:00:00Z`) },
        d === 1 ? { categories: asia } : {},
      ),
    );
    await sink().deliver(days.slice(0, 2));
    await sink().deliver(days.slice(2));
    expect(parseJsonFeed(text('all.json')).items?.map((i) => i.title)).toEqual(['Day 5', 'Day 4', 'Day 3']);
    expect(parseJsonFeed(text('category/world.json')).items?.map((i) => i.title)).toEqual(['Day 1']);
    expect(readdirSync(join(dir, 'feeds.state', 'articles'))).toHaveLength(4);
  });

  it('does again what a crash cut short', async () => {
    const [one, two] = [outgoing({ title: 'One' }), outgoing({ title: 'Two' })];
    await sink().deliver([one]);
    const index = readFileSync(join(dir, 'feeds.state', 'index.json'));
    await sink().deliver([two, retraction(one.message.id, 2)]);
    const after = text('all.rss');
    writeFileSync(join(dir, 'feeds.state', 'index.json'), index);
    await sink().deliver([two, retraction(one.message.id, 2)]);
    expect(text('all.rss')).toBe(after);
    expect(parseRssFeed(after).items?.map((i) => i.title)).toEqual(['Two']);
  });

  it('tells the hub of the feeds that changed, and of none twice', async () => {
    const hubbed = sink({ ...withHub(), formats: ['atom'] });
    const one = outgoing();
    await hubbed.deliver([one]);
    const topics = ['all', 'source/herald'].map((f) => `publish https://wire.example/feeds/${f}.atom`);
    expect(hub.told.sort()).toEqual(topics);
    await hubbed.deliver([one]);
    expect(hub.told).toHaveLength(2);
    expect(parseAtomFeed(text('all.atom')).links?.map((l) => l.rel)).toEqual(['alternate', 'self', 'hub']);
    await hubbed.close();
  });

  it('delivers while the hub is down, and tells it later', async () => {
    hub.status = 503;
    const hubbed = sink({ ...withHub(), formats: ['rss'], by: [] });
    expect(await hubbed.deliver([outgoing({ title: 'One' })])).toEqual([null]);
    expect(parseRssFeed(text('all.rss')).items).toHaveLength(1);
    hub.status = 204;
    await hubbed.deliver([outgoing({ title: 'Two' })]);
    expect(hub.told).toEqual(['publish https://wire.example/feeds/all.rss']);
    await hubbed.close();
  });

  it('refuses a folder that holds something else, and leaves it alone', async () => {
    await sink().deliver([outgoing()]);
    const index = join(dir, 'feeds.state', 'index.json');
    writeFileSync(index, '{"mine":true}');
    await expect(sink().deliver([outgoing()])).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    expect([readFileSync(index, 'utf8'), existsSync(join(dir, 'feeds', 'all.rss'))]).toEqual(['{"mine":true}', true]);
  });
});
