import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { Settings } from '../../../config/settings.js';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { pushedSources } from '../../../ledger/subscriptions.js';
import { type HttpServer, openHttpServer } from '../../../server/http/server.js';
import { keepSubscriptions } from '../../../server/websub/keep.js';
import { websubRoutes } from '../../../server/websub/routes.js';
import { isSigned } from '../../../server/websub/signature.js';
import { openPipeline, type Pipeline } from '../../../workers/main.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { freePort } from '../../setup/servers.js';

const DAY = 24 * 3_600_000;

type Asked = Record<string, string>;

/** A hub on loopback (W3C WebSub, 5 to 7): grants what it is asked for, verifies it, and brings what it is given. */
type Hub = { url: string; asked: Asked[]; leaseSeconds: number; verifies: boolean; close(): Promise<void> };

async function openHub(): Promise<Hub> {
  const hub = { url: '', asked: [] as Asked[], leaseSeconds: 10 * 86_400, verifies: true, close: async () => {} };
  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    hub.asked.push(form);
    response.writeHead(202).end();
    if (hub.verifies) await challenge(form, hub.leaseSeconds);
  });
  hub.url = `${await listening(server)}/hub`;
  hub.close = async () => void (await new Promise((done) => server.close(done)));
  return hub;
}

async function challenge(
  form: Asked,
  leaseSeconds: number,
  more: Asked = {},
): Promise<{ status: number; echoed: boolean }> {
  const query = new URLSearchParams({
    'hub.mode': form['hub.mode'] ?? '',
    'hub.topic': form['hub.topic'] ?? '',
    'hub.challenge': 'a1b2c3',
    ...(form['hub.mode'] === 'subscribe' ? { 'hub.lease_seconds': String(leaseSeconds) } : {}),
    ...more,
  });
  const answer = await fetch(`${form['hub.callback']}?${query}`);
  return { status: answer.status, echoed: (await answer.text()) === 'a1b2c3' };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

describe('a signature of a hub', () => {
  const body = Buffer.from('<rss/>');
  const sign = (method: string) => `${method}=${createHmac(method, 'secret').update(body).digest('hex')}`;

  it('is known by each method that the recommendation names', () => {
    for (const method of ['sha1', 'sha256', 'sha384', 'sha512'])
      expect(isSigned(body, sign(method), 'secret')).toBe(true);
  });

  it('is refused when it is of another body, another secret, another method, or no signature', () => {
    expect(isSigned(Buffer.from('<rss></rss>'), sign('sha256'), 'secret')).toBe(false);
    expect(isSigned(body, sign('sha256'), 'other')).toBe(false);
    expect(isSigned(body, `md5=${createHmac('md5', 'secret').update(body).digest('hex')}`, 'secret')).toBe(false);
    expect(isSigned(body, sign('sha256').slice(0, -2), 'secret')).toBe(false);
    for (const header of [undefined, '', 'sha256=', 'sha256=zz', 'sha999=00'])
      expect(isSigned(body, header, 'secret')).toBe(false);
  });
});

const usable = BACKENDS.filter((b) => b.available);
for (const { name, open } of usable.slice(0, 2)) {
  describe(`a feed that a hub brings, on ${name}`, { timeout: 120_000 }, () => {
    let backend: Backend;
    let hub: Hub;
    let outlet: Server;
    let origin: string;
    let items: string[];
    let headers: Record<string, string>;
    let pipeline: Pipeline;
    let http: HttpServer;
    let base: string;
    let now: Date;

    beforeAll(async () => {
      backend = await open();
      outlet = createServer((request, response) => {
        if (request.url !== '/feed.xml') return void response.writeHead(404).end();
        response.writeHead(200, { 'content-type': 'application/rss+xml', ...headers }).end(feed(items));
      });
      origin = await listening(outlet);
      now = new Date('2026-06-01T00:00:00Z');
      const port = await freePort();
      base = `http://127.0.0.1:${port}`;
      hub = await openHub();
      const settings = Settings.parse({
        fetch: { allowHosts: [new URL(origin).host, new URL(hub.url).host], attempts: 1 },
        http: { url: base, port },
      });
      pipeline = await openPipeline({
        ...backend,
        categories: [],
        browser: null,
        log: createLogger('silent'),
        settings,
        now: () => now,
        sources: [
          resolveSource(
            SourceEntry.parse({
              id: 'quay',
              name: 'The Quay',
              url: `${origin}/`,
              feeds: [`${origin}/feed.xml`],
              delay: '0ms',
            }),
          ),
        ],
      });
      http = await openHttpServer(
        [{ paths: ['/websub/*'], routes: websubRoutes(pipeline.ctx), maxBodyBytes: 1024 * 1024, limited: true }],
        { settings: settings.http, log: pipeline.ctx.log, now: () => now },
      );
    }, 240_000);
    afterAll(async () => {
      await http.close();
      await pipeline.close();
      await hub.close();
      await new Promise((done) => outlet.close(done));
      await backend.drop();
    }, 60_000);
    beforeEach(async () => {
      items = ['/2026/06/01/harbour-opens'];
      headers = {};
      Object.assign(hub, { asked: [], verifies: true, leaseSeconds: 10 * 86_400 });
      now = new Date('2026-06-01T00:00:00Z');
      await pipeline.ctx.db.deleteFrom('sourcelink.subscription').execute();
      await pipeline.ctx.db.deleteFrom('sourcelink.endpoint').execute();
      await pipeline.ctx.db.deleteFrom('sourcelink.candidate').execute();
    });

    const feed = (
      paths: string[],
      links = `<atom:link rel="hub" href="${hub.url}"/><atom:link rel="self" href="${origin}/feed.xml"/>`,
    ) =>
      `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>The Quay</title>${links}${paths
        .map((p) => `<item><title>${p.replace(/\W+/g, ' ')}</title><link>${origin}${p}</link></item>`)
        .join('')}</channel></rss>`;

    /** One look at the feed, as a visit has it. */
    async function visit(): Promise<void> {
      const { crawl } = await import('../../../workers/crawl/crawl.js');
      await crawl(pipeline.ctx, { source: 'quay', discover: true });
    }
    const keep = () => keepSubscriptions(pipeline.ctx, base);
    const rows = () => pipeline.ctx.db.selectFrom('sourcelink.subscription').selectAll().execute();
    async function subscription() {
      const [row] = await rows();
      if (!row) throw new Error('no subscription');
      return row;
    }
    async function until(what: () => Promise<boolean>): Promise<void> {
      for (let i = 0; i < 300; i++, await delay(50)) if (await what()) return;
      throw new Error('what was waited for never came');
    }
    const isActive = async () => (await rows())[0]?.state === 'active';
    async function subscribed() {
      await visit();
      await keep();
      await until(isActive);
      return subscription();
    }
    async function bring(body: string, more: { secret?: string; signature?: string | null; token?: string } = {}) {
      const { token, secret } = await subscription();
      const signature =
        more.signature === undefined
          ? `sha256=${createHmac('sha256', more.secret ?? secret)
              .update(body)
              .digest('hex')}`
          : more.signature;
      const answer = await fetch(`${base}/websub/${more.token ?? token}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/rss+xml',
          ...(signature === null ? {} : { 'x-hub-signature': signature }),
        },
      });
      return answer.status;
    }
    const urls = async () =>
      (await pipeline.ctx.db.selectFrom('sourcelink.candidate').select('url').orderBy('id').execute()).map((c) =>
        c.url.replace(origin, ''),
      );

    it('is subscribed to where the feed names its hub, with a secret and a callback that nobody can guess', async () => {
      const row = await subscribed();
      expect(hub.asked).toEqual([
        {
          'hub.mode': 'subscribe',
          'hub.topic': `${origin}/feed.xml`,
          'hub.callback': `${base}/websub/${row.token}`,
          'hub.lease_seconds': String(10 * 86_400),
          'hub.secret': row.secret,
        },
      ]);
      expect(row.token).toMatch(/^[\w-]{43}$/);
      expect(row.secret).not.toBe(row.token);
      expect(await keep()).toBe(0);
    });

    it('is subscribed to where a Link header names its hub, before what the feed says', async () => {
      headers = { link: `<${hub.url}>; rel="hub", <${origin}/canonical.xml>; rel=self` };
      const row = await subscribed();
      expect(row.topic).toBe(`${origin}/canonical.xml`);
    });

    it('is renewed before the lease ends, and asked for anew after it', async () => {
      hub.leaseSeconds = 86_400;
      const first = await subscribed();
      expect(first.expiresAt).toEqual(new Date(now.getTime() + DAY));
      now = new Date(now.getTime() + 0.75 * DAY);
      expect(await keep()).toBe(0);
      now = new Date(now.getTime() + 0.1 * DAY);
      expect(await keep()).toBe(1);
      await until(async () => (await subscription()).expiresAt?.getTime() === now.getTime() + DAY);
      expect(hub.asked.map((a) => a['hub.callback'])).toEqual([1, 2].map(() => `${base}/websub/${first.token}`));
      // A hub that is silent is asked again, less and less often.
      hub.verifies = false;
      const asked: number[] = [];
      for (let hours = 0; hours < 72; hours++) {
        now = new Date(now.getTime() + DAY / 24);
        asked.push(await keep());
      }
      expect(asked.filter((n) => n > 0).length).toBeGreaterThan(3);
      expect(asked.filter((n) => n > 0).length).toBeLessThan(15);
      expect(await pushedSources(pipeline.ctx.db, now)).toEqual(new Set());
    });

    it('comes in by the way of all feeds, without a look at the outlet', async () => {
      await subscribed();
      expect(await pushedSources(pipeline.ctx.db, now)).toEqual(new Set());
      expect(await bring(feed(['/2026/06/01/harbour-opens', '/2026/06/01/ferry-stops']))).toBe(202);
      expect(await urls()).toEqual(['/2026/06/01/harbour-opens', '/2026/06/01/ferry-stops']);
      const jobs = await pipeline.ctx.queues.stage('crawl').getJobs(['waiting']);
      expect(jobs.map((j) => j.data)).toContainEqual({ source: 'quay', discover: false });
      // Now that it brings, the outlet need not be asked so often.
      expect(await pushedSources(pipeline.ctx.db, now)).toEqual(new Set(['quay']));
    });

    it('is left out, with a friendly answer, when it is not signed as agreed', async () => {
      await subscribed();
      const forged = feed(['/2026/06/01/forged-report']);
      expect(await bring(forged, { signature: null })).toBe(202);
      expect(await bring(forged, { secret: 'guessed' })).toBe(202);
      expect(await bring('no feed')).toBe(202);
      expect(await urls()).toEqual(['/2026/06/01/harbour-opens']);
      expect(await bring(forged, { token: 'x'.repeat(43) })).toBe(410);
    });

    it('is not verified for what was not asked for', async () => {
      const row = await subscribed();
      const form = { 'hub.mode': 'subscribe', 'hub.callback': `${base}/websub/${row.token}` };
      expect((await challenge({ ...form, 'hub.topic': `${origin}/other.xml` }, 10)).status).toBe(404);
      expect((await challenge({ ...form, 'hub.topic': row.topic, 'hub.mode': 'unsubscribe' }, 10)).status).toBe(404);
      expect(
        (await challenge({ ...form, 'hub.topic': row.topic, 'hub.callback': `${base}/websub/abc` }, 10)).status,
      ).toBe(404);
      expect(await isActive()).toBe(true);
    });

    it('is asked for again a day after the hub denied it', async () => {
      const row = await subscribed();
      const form = { 'hub.mode': 'denied', 'hub.topic': row.topic, 'hub.callback': `${base}/websub/${row.token}` };
      expect((await challenge(form, 0, { 'hub.reason': 'not paid' })).status).toBe(200);
      expect(await subscription()).toMatchObject({
        state: 'denied',
        reason: 'the hub denied the subscription: not paid',
      });
      expect(await bring(feed(['/2026/06/01/late-report']))).toBe(410);
      now = new Date(now.getTime() + 0.9 * DAY);
      expect(await keep()).toBe(0);
      now = new Date(now.getTime() + 0.2 * DAY);
      expect(await keep()).toBe(1);
      await until(isActive);
    });

    it('is ended when the source is gone', async () => {
      await subscribed();
      const source = pipeline.ctx.sources.get('quay');
      pipeline.ctx.sources.delete('quay');
      try {
        await keep();
        await until(async () => (await rows()).length === 0);
        expect(hub.asked.map((a) => a['hub.mode'])).toEqual(['subscribe', 'unsubscribe']);
      } finally {
        if (source) pipeline.ctx.sources.set('quay', source);
      }
    });

    it('is never asked for at a private address', async () => {
      headers = { link: `<http://10.0.0.1/hub>; rel="hub", <${origin}/feed.xml>; rel="self"` };
      await visit();
      await keep();
      expect(await subscription()).toMatchObject({ state: 'asked', code: 'FETCH_BLOCKED_ADDRESS' });
    });
  });
}
