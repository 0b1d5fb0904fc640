import { afterAll, describe, expect, it } from 'vitest';
import type { Client } from '../../../crawlers/net/client.js';
import { createHostGate, type HostPolicy } from '../../../crawlers/net/politeness.js';
import { parseRobots, productToken } from '../../../crawlers/net/robots-rules.js';
import { clientFor, memoryRobots, page, type Site, serve } from './loopback.js';

const AGENT = 'Sourcelink/0.1 (+https://example.org/bot; bot@example.org)';
const allows = (robots: string, path: string, agent = AGENT) =>
  parseRobots(robots, agent).allows(new URL(path, 'https://example.org'));

describe('robots.txt rules', () => {
  it.each([
    ['User-agent: *\nDisallow: /a', '/a/b', false],
    ['User-agent: *\nDisallow: /a', '/b', true],
    ['User-agent: *\nDisallow:', '/a', true],
    ['User-agent: *\nDisallow: /', '/robots.txt', true],
    ['User-agent: *\nDisallow: /a\nAllow: /a/b', '/a/b', true],
    ['User-agent: *\nAllow: /a\nDisallow: /a', '/a', true],
    ['User-agent: *\nDisallow: /\n\nUser-agent: sourcelink\nDisallow: /x', '/a', true],
    ['User-agent: SOURCELINK\nDisallow: /x', '/x', false],
    ['User-agent: Sourcelink/2.0\nDisallow: /x', '/x', false],
    ['User-agent: Sourcelink-News\nDisallow: /x\nUser-agent: *\nAllow: /', '/x', true],
    ['User-agent: Sourcelink\nUser-agent: Other\nDisallow: /x', '/x', false],
    [
      'User-agent: Sourcelink\nDisallow: /x\nUser-agent: Other\nDisallow: /\nUser-agent: Sourcelink\nDisallow: /y',
      '/y',
      false,
    ],
    ['\uFEFFUser-agent: *\r\nDisallow: /x\r\n', '/x', false],
    ['user-AGENT : *\rDISALLOW : /x # why', '/x', false],
    ['User-agent: *\nDisallow: /*.pdf$', '/a/b.pdf', false],
    ['User-agent: *\nDisallow: /*.pdf$', '/a/b.pdf?x', true],
    ['User-agent: *\nDisallow: /a*b*c', '/aXbYcZ', false],
    ['User-agent: *\nDisallow: /a*b$', '/ab', false],
    ['User-agent: *\nDisallow: /ab*b$', '/ab', true],
    ['User-agent: *\nDisallow: *', '/anything', false],
    ['User-agent: *\nDisallow: /search?q=', '/search?q=x', false],
    ['User-agent: *\nDisallow: /caf%C3%A9', '/café', false],
    ['User-agent: *\nDisallow: /café', '/caf%c3%a9', false],
    ['User-agent: *\nDisallow: /secret', '/%73ecret', false],
    ['User-agent: *\nDisallow: /%73ecret', '/secret', false],
    ['Disallow: /before-any-group', '/before-any-group', true],
    ['<!doctype html><title>Not found</title>', '/a', true],
    ['', '/a', true],
  ])('%j: %s is %s', (robots, path, allowed) => {
    expect(allows(robots, path)).toBe(allowed);
  });

  it('reads Crawl-delay and Sitemap lines', () => {
    const rules = parseRobots(
      'Sitemap: https://example.org/a.xml\nUser-agent: *\nCrawl-delay: 2.5\nUser-agent: Other\nCrawl-delay: 60\nSitemap: /b.xml',
      AGENT,
    );
    expect(rules.crawlDelay).toBe(2.5);
    expect(rules.sitemaps).toEqual(['https://example.org/a.xml', '/b.xml']);
  });

  it('is not slowed down by patterns made to', () => {
    const pattern = `/${'*a'.repeat(2000)}$`;
    const started = performance.now();
    expect(allows(`User-agent: *\nDisallow: ${pattern}`, `/${'a'.repeat(50_000)}b`)).toBe(true);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('knows a product token', () => {
    expect(productToken(AGENT)).toBe('sourcelink');
    expect(productToken('')).toBe('');
  });
});

const opened: (Client | Site)[] = [];
afterAll(async () => {
  for (const o of opened) await o.close();
});

describe('client and robots.txt', () => {
  async function outlet(
    robots: Parameters<typeof serve>[0],
    more: Parameters<typeof clientFor>[1] = {},
    timeout = '10s',
  ) {
    const site = await serve(
      (q, a) => (q.url === '/robots.txt' || q.url?.startsWith('/moved') ? robots(q, a) : page(a)),
      {
        ownRobots: true,
      },
    );
    const client = clientFor([site.host], more, { timeout });
    opened.push(client, site);
    const asks = () => site.asked.filter((q) => q.url === '/robots.txt').length;
    return { site, client, asks };
  }
  const fetches = (client: Client, url: string) =>
    client.fetch({ url }).then(
      (r) => r.status,
      (e) => e.code,
    );

  it('asks once for all who wait, and again only after a day', async () => {
    let time = Date.now();
    const { site, client, asks } = await outlet((_q, a) => a.end('User-agent: *\nDisallow: /no'), { now: () => time });
    const answers = await Promise.all(['/a', '/b', '/no', '/c'].map((p) => fetches(client, site.origin + p)));
    expect(answers).toEqual([200, 200, 'FETCH_ROBOTS', 200]);
    time += 23 * 3_600_000;
    await fetches(client, `${site.origin}/a`);
    expect(asks()).toBe(1);
    time += 2 * 3_600_000;
    await fetches(client, `${site.origin}/a`);
    expect(asks()).toBe(2);
  });

  it('keeps it between runs in the store', async () => {
    const robots = memoryRobots();
    const { site, client, asks } = await outlet((_q, a) => a.end('User-agent: *\nDisallow: /no'), { robots });
    await fetches(client, `${site.origin}/a`);
    const next = clientFor([site.host], { robots });
    opened.push(next);
    expect(await fetches(next, `${site.origin}/no`)).toBe('FETCH_ROBOTS');
    expect(asks()).toBe(1);
    expect(robots.entries.get(site.origin)).toMatchObject({ state: 'rules', text: 'User-agent: *\nDisallow: /no' });
  });

  it.each([404, 401, 403, 410])('takes %i for leave', async (status) => {
    const { site, client } = await outlet((_q, a) => a.writeHead(status).end('User-agent: *\nDisallow: /'));
    expect(await fetches(client, `${site.origin}/a`)).toBe(200);
  });

  it.each([500, 502, 503, 429])('takes %i for "not now", and asks again after some minutes', async (status) => {
    let time = Date.now();
    let broken = true;
    const { site, client, asks } = await outlet(
      (_q, a) => (broken ? a.writeHead(status).end() : a.writeHead(404).end()),
      { now: () => time },
    );
    const first = client.fetch({ url: `${site.origin}/a` });
    await expect(first).rejects.toMatchObject({
      code: 'FETCH_ROBOTS_UNREACHABLE',
      retryable: true,
      retryAfterMs: expect.any(Number),
    });
    expect(await fetches(client, `${site.origin}/b`)).toBe('FETCH_ROBOTS_UNREACHABLE');
    expect(asks()).toBe(1);
    expect(site.asked.some((q) => q.url === '/a')).toBe(false);
    broken = false;
    time += 6 * 60_000;
    if (status !== 429) expect(await fetches(client, `${site.origin}/a`)).toBe(200);
  });

  it('asks nothing of a host whose robots.txt hangs', async () => {
    const { site, client } = await outlet(() => {}, {}, '500ms');
    expect(await fetches(client, `${site.origin}/a`)).toBe('FETCH_ROBOTS_UNREACHABLE');
    expect(site.asked.map((q) => q.url)).toEqual(['/robots.txt']);
  });

  it('follows up to five redirects, and takes more for no file', async () => {
    const chain =
      (length: number) => (q: { url?: string | undefined }, a: Parameters<Parameters<typeof serve>[0]>[1]) => {
        const n = Number(/\d+/.exec(q.url ?? '')?.[0] ?? 0);
        if (n < length) a.writeHead(301, { location: `/moved${n + 1}` }).end();
        else a.end('User-agent: *\nDisallow: /');
      };
    const five = await outlet(chain(5));
    expect(await fetches(five.client, `${five.site.origin}/a`)).toBe('FETCH_ROBOTS');
    const six = await outlet(chain(6));
    expect(await fetches(six.client, `${six.site.origin}/a`)).toBe(200);
  });

  it('reads only the first 500 KiB', async () => {
    const { site, client } = await outlet((_q, a) => {
      a.write(`User-agent: *\nDisallow: /no\n${'# x\n'.repeat(128 * 1024)}`);
      a.end('Disallow: /late');
    });
    expect(await fetches(client, `${site.origin}/no`)).toBe('FETCH_ROBOTS');
    expect(await fetches(client, `${site.origin}/late`)).toBe(200);
  });

  it('goes as slowly as Crawl-delay asks, within reason', async () => {
    const policies: HostPolicy[] = [];
    const gate = createHostGate();
    const watched = {
      ...gate,
      acquire: (h: string, p: HostPolicy) => {
        policies.push(p);
        return gate.acquire(h, { ...p, delayMs: 0 });
      },
    };
    const slow = await outlet((_q, a) => a.end('User-agent: *\nCrawl-delay: 7'), { gate: watched });
    await fetches(slow.client, `${slow.site.origin}/a`);
    expect(policies.at(-1)?.delayMs).toBe(7000);
    const slower = await outlet((_q, a) => a.end('User-agent: *\nCrawl-delay: 86400'), { gate: watched });
    await fetches(slower.client, `${slower.site.origin}/a`);
    expect(policies.at(-1)?.delayMs).toBe(30_000);
  });

  it('lists the sitemaps', async () => {
    const { site, client } = await outlet((_q, a) =>
      a.end('Sitemap: https://example.org/a.xml\nSitemap: /news.xml\nSitemap: http://[broken'),
    );
    expect(await client.sitemapsOf(`${site.origin}/x`)).toEqual([
      'https://example.org/a.xml',
      `${site.origin}/news.xml`,
    ]);
  });

  it('stops waiting when told to, while others wait on', async () => {
    let arrived = (_answer: () => void): void => {};
    const waiting = new Promise<() => void>((done) => {
      arrived = done;
    });
    const { site, client } = await outlet((_q, a) => arrived(() => void a.writeHead(404).end()));
    const stop = new AbortController();
    const stopped = client.fetch({ url: `${site.origin}/a`, signal: stop.signal });
    const other = client.fetch({ url: `${site.origin}/b` });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(stopped).rejects.toThrow('enough');
    (await waiting)();
    expect((await other).status).toBe(200);
  });
});
