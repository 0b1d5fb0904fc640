import { createServer as createTcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import zlib, { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Client } from '../../../crawlers/net/client.js';
import { createHostGate } from '../../../crawlers/net/politeness.js';
import { clientFor, page, type Site, serve } from './loopback.js';

const html = '<!doctype html><title>News</title><p>Text of the article';
const QUICK = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };
const opened: (Client | Site)[] = [];
afterAll(async () => {
  for (const o of opened) await o.close();
});

/** A site and a client that may reach it, both closed at the end. */
async function pair(
  answer: Parameters<typeof serve>[0],
  fetch: Record<string, unknown> = {},
  more: Parameters<typeof clientFor>[1] = {},
): Promise<{ site: Site; client: Client }> {
  const site = await serve((q, a) => {
    if (q.url !== '/robots.txt') answer(q, a);
  });
  const client = clientFor([site.host], more, fetch);
  opened.push(client, site);
  return { site, client };
}

const code = (c: string) => ({ code: c });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('client', () => {
  it('fetches a page, and says honestly who asks', async () => {
    const { site, client } = await pair((_q, a) => page(a, html));
    const answer = await client.fetch({ url: `${site.origin}/a?b=1#c`, accept: 'page', headers: { 'X-Token': 't' } });
    expect(answer).toMatchObject({ url: `${site.origin}/a?b=1`, status: 200, notModified: false, moved: false });
    expect(text(answer.bytes)).toBe(html);
    const asked = site.asked.find((q) => q.url === '/a?b=1');
    expect(asked?.headers['user-agent']).toMatch(/^Sourcelink\/.*\+https?:/);
    expect(asked?.headers.accept).toContain('text/html');
    expect(asked?.headers['x-token']).toBe('t');
  });

  it.each([
    ['gzip', gzipSync(html)],
    ['x-gzip', gzipSync(html)],
    ['br', brotliCompressSync(html)],
    ['deflate', deflateSync(html)],
    ['deflate', deflateRawSync(html)],
    ['gzip, br', brotliCompressSync(gzipSync(html))],
    ['identity', Buffer.from(html)],
  ])('undoes %s', async (encoding, body) => {
    const { site, client } = await pair((_q, a) =>
      a.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(body),
    );
    expect(text((await client.fetch({ url: site.origin, accept: 'page' })).bytes)).toBe(html);
  });

  it('undoes zstd where Node can, and asks for it only there', async () => {
    const compress = (zlib as { zstdCompressSync?: (text: string) => Buffer }).zstdCompressSync;
    const { site, client } = await pair((q, a) => {
      const offered = /\bzstd\b/.test(String(q.headers['accept-encoding']));
      if (!offered || !compress) page(a, html);
      else a.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'zstd' }).end(compress(html));
    });
    expect(text((await client.fetch({ url: site.origin, accept: 'page' })).bytes)).toBe(html);
    const asked = site.asked.find((q) => q.url === '/')?.headers['accept-encoding'];
    expect(asked).toBe(compress ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br');
  });

  it.each(['br', 'deflate'])('stops a bomb of %s at the limit', async (encoding) => {
    const bytes = Buffer.alloc(64 * 1024 * 1024);
    const bomb = encoding === 'br' ? brotliCompressSync(bytes, QUICK) : deflateSync(bytes);
    const { site, client } = await pair(
      (_q, a) => a.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(bomb),
      { maxBytes: '1MB' },
    );
    await expect(client.fetch({ url: site.origin, accept: 'page' })).rejects.toMatchObject(code('FETCH_TOO_LARGE'));
  });

  it('takes an empty body for empty, whatever compression is named', async () => {
    const { site, client } = await pair((_q, a) =>
      a.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(),
    );
    expect((await client.fetch({ url: site.origin, accept: 'page' })).bytes.length).toBe(0);
  });

  it.each([
    ['gzip', gzipSync(html).subarray(0, 40)],
    ['br', Buffer.from('no brotli at all')],
    ['gzip', Buffer.from(html)],
    ['rot13', Buffer.from(html)],
    ['gzip, gzip, gzip, gzip', gzipSync(html)],
  ])('calls a broken body of %s broken', async (encoding, body) => {
    const { site, client } = await pair((_q, a) =>
      a.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(body),
    );
    await expect(client.fetch({ url: site.origin })).rejects.toMatchObject(code('FETCH_BAD_ENCODING'));
  });

  it('calls a body shorter than announced broken', async () => {
    const { site, client } = await pair((_q, a) => {
      a.writeHead(200, { 'content-type': 'text/html', 'content-length': '1000' });
      a.write('half', () => a.socket?.destroy());
    });
    await expect(client.fetch({ url: site.origin })).rejects.toMatchObject({ retryable: true });
  });

  it('reads a feed that is a gzip file', async () => {
    const { site, client } = await pair((_q, a) =>
      a.writeHead(200, { 'content-type': 'application/x-gzip' }).end(gzipSync('<urlset/>')),
    );
    expect(text((await client.fetch({ url: `${site.origin}/sitemap.xml.gz`, accept: 'feed' })).bytes)).toBe(
      '<urlset/>',
    );
  });

  it('asks conditionally and understands 304', async () => {
    const { site, client } = await pair((q, a) => {
      if (q.headers['if-none-match'] === 'W/"1"' && q.headers['if-modified-since'])
        a.writeHead(304, { etag: 'W/"1"' }).end();
      else page(a, html);
    });
    const answer = await client.fetch({
      url: site.origin,
      accept: 'page',
      etag: 'W/"1"',
      lastModified: 'Tue, 01 Oct 2024 00:00:00 GMT',
    });
    expect(answer).toMatchObject({ status: 304, notModified: true });
    expect(answer.bytes.length).toBe(0);
    expect((await client.fetch({ url: site.origin, accept: 'page' })).notModified).toBe(false);
  });

  it.each([
    [400, 'FETCH_HTTP_4XX', false],
    [401, 'FETCH_FORBIDDEN', false],
    [403, 'FETCH_FORBIDDEN', false],
    [404, 'FETCH_NOT_FOUND', false],
    [410, 'FETCH_GONE', false],
    [429, 'FETCH_RATE_LIMITED', true],
    [451, 'FETCH_FORBIDDEN', false],
    [500, 'FETCH_HTTP_5XX', true],
    [503, 'FETCH_HTTP_5XX', true],
    [304, 'FETCH_HTTP_4XX', false],
  ])('makes %i to %s', async (status, expected, retryable) => {
    const { site, client } = await pair((_q, a) => a.writeHead(status).end(status === 304 ? undefined : 'no'));
    const fetched = client.fetch({ url: `${site.origin}/x` });
    await expect(fetched).rejects.toMatchObject({ code: expected, retryable });
    await expect(fetched).rejects.toThrow(`${site.origin}/x`);
  });

  it.each([
    ['application/pdf', '%PDF-1.7'],
    ['image/jpeg', 'xx'],
    ['video/mp4', 'xx'],
    ['application/zip', 'PK'],
    ['application/json', '{"a":1}'],
    ['text/plain', 'just words'],
    ['application/octet-stream', '\u0000\u0001\u0002'],
    ['', '%PDF-1.7 with no type'],
    ['application/xml', '<rss version="2.0"></rss>'],
  ])('refuses %j as a page', async (type, body) => {
    const { site, client } = await pair((_q, a) => {
      if (type) a.setHeader('content-type', type);
      a.end(body);
    });
    await expect(client.fetch({ url: site.origin, accept: 'page' })).rejects.toMatchObject(code('FETCH_NOT_HTML'));
  });

  it.each(['text/html', 'application/xhtml+xml', 'text/plain', '', 'application/octet-stream'])(
    'takes a page that is called %j',
    async (type) => {
      const { site, client } = await pair((_q, a) => {
        if (type) a.setHeader('content-type', type);
        a.end(`\uFEFF\n<!-- made by hand -->\n<html><body>${html}`);
      });
      expect((await client.fetch({ url: site.origin, accept: 'page' })).status).toBe(200);
    },
  );
});

describe('client and redirects', () => {
  it('follows them, and says whether all were permanent', async () => {
    const { site, client } = await pair((q, a) => {
      const next: Record<string, [number, string]> = { '/a': [301, '/b'], '/b': [308, '/c'], '/t': [302, '/a'] };
      const [status, location] = next[q.url ?? ''] ?? [];
      if (status && location) a.writeHead(status, { location }).end();
      else page(a, html);
    });
    expect(await client.fetch({ url: `${site.origin}/a` })).toMatchObject({ url: `${site.origin}/c`, moved: true });
    expect(await client.fetch({ url: `${site.origin}/t` })).toMatchObject({ url: `${site.origin}/c`, moved: false });
    expect(await client.fetch({ url: `${site.origin}/c` })).toMatchObject({ moved: false });
  });

  it('leaves a circle, and a chain that is too long', async () => {
    const { site, client } = await pair((q, a) => {
      const n = Number(/\d+/.exec(q.url ?? '')?.[0] ?? 0);
      a.writeHead(302, { location: q.url?.startsWith('/loop') ? `/loop${(n + 1) % 3}` : `/far${n + 1}` }).end();
    });
    await expect(client.fetch({ url: `${site.origin}/loop0` })).rejects.toMatchObject(code('FETCH_REDIRECT_LOOP'));
    await expect(client.fetch({ url: `${site.origin}/far0` })).rejects.toMatchObject(code('FETCH_TOO_MANY_REDIRECTS'));
    expect(site.asked.filter((q) => q.url?.startsWith('/far'))).toHaveLength(6);
  });

  it.each([
    ['http://10.0.0.1/', 'FETCH_BLOCKED_ADDRESS'],
    ['http://127.0.0.1:1/', 'FETCH_BLOCKED_ADDRESS'],
    ['http://169.254.169.254/latest/meta-data/', 'FETCH_BLOCKED_ADDRESS'],
    ['//[::1]/', 'FETCH_BLOCKED_ADDRESS'],
    ['file:///etc/passwd', 'FETCH_BAD_URL'],
    ['http://', 'FETCH_HTTP_4XX'],
    ['', 'FETCH_HTTP_4XX'],
  ])('does not follow one to %j', async (location, expected) => {
    const { site, client } = await pair((_q, a) => a.writeHead(302, location ? { location } : {}).end());
    await expect(client.fetch({ url: site.origin })).rejects.toMatchObject(code(expected));
  });

  it("keeps a source's headers from other origins", async () => {
    const other = await serve((_q, a) => page(a, html));
    opened.push(other);
    const { site, client } = await pair(
      (q, a) =>
        (q.url === '/here'
          ? a.writeHead(302, { location: '/there' })
          : a.writeHead(302, { location: other.origin })
        ).end(),
      {},
    );
    const both = clientFor([site.host, other.host]);
    opened.push(both);
    const headers = { Authorization: 'Bearer secret', Cookie: 'a=b', 'X-Token': 'agreed' };
    await both.fetch({ url: `${site.origin}/here`, headers });
    expect(site.asked.find((q) => q.url === '/there')?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'x-token': 'agreed',
    });
    const seen = other.asked.find((q) => q.url === '/')?.headers ?? {};
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['authorization']));
    expect([seen.authorization, seen.cookie, seen['x-token']]).toEqual([undefined, undefined, undefined]);
    expect(site.asked.find((q) => q.url === '/robots.txt')?.headers.authorization).toBeUndefined();
    await expect(client.fetch({ url: `${site.origin}/away` })).rejects.toMatchObject(code('FETCH_BLOCKED_ADDRESS'));
  });

  it("takes the other host's turn, and obeys its robots.txt", async () => {
    const other = await serve((q, a) =>
      q.url === '/robots.txt' ? a.end('User-agent: *\nDisallow: /no') : page(a, html),
    );
    const { site } = await pair((q, a) => a.writeHead(302, { location: `${other.origin}${q.url}` }).end());
    const turns: string[] = [];
    const gate = createHostGate();
    const client = clientFor([site.host, other.host], {
      gate: {
        ...gate,
        acquire: (host, policy, signal) => {
          turns.push(host);
          return gate.acquire(host, policy, signal);
        },
      },
    });
    opened.push(other, client);
    await client.fetch({ url: `${site.origin}/yes` });
    expect(turns).toEqual([site.host, site.host, other.host, other.host]);
    await expect(client.fetch({ url: `${site.origin}/no` })).rejects.toMatchObject(code('FETCH_ROBOTS'));
  });
});

describe('client against hostile hosts', () => {
  it('says that a dead host does not answer', async () => {
    const site = await serve(() => {});
    await site.close();
    const client = clientFor([site.host]);
    opened.push(client);
    await expect(client.fetch({ url: site.origin })).rejects.toMatchObject({ code: 'FETCH_CONNECT', retryable: true });
  });

  it('says that a name does not resolve', async () => {
    const client = clientFor([], {
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    });
    opened.push(client);
    await expect(client.fetch({ url: 'http://gone.example.org/' })).rejects.toMatchObject(code('FETCH_DNS'));
  });

  it('gives up on a host that never answers', async () => {
    const { site, client } = await pair(() => {}, { timeout: '300ms' });
    await expect(client.fetch({ url: site.origin })).rejects.toMatchObject(code('FETCH_TIMEOUT'));
  });

  it('gives up on an answer that drips', async () => {
    const { site, client } = await pair(
      (q, a) => {
        a.writeHead(200, { 'content-type': 'text/html' });
        const drip = setInterval(() => a.write('.'), 20);
        q.on('close', () => clearInterval(drip));
      },
      { timeout: '300ms' },
    );
    const started = Date.now();
    await expect(client.fetch({ url: site.origin, accept: 'page' })).rejects.toMatchObject(code('FETCH_TIMEOUT'));
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it('counts the time of all redirects together', async () => {
    const { site, client } = await pair(
      (q, a) => void setTimeout(() => a.writeHead(302, { location: `${q.url}x` }).end(), 150),
      { timeout: '400ms', maxRedirects: 20 },
    );
    await expect(client.fetch({ url: `${site.origin}/` })).rejects.toMatchObject(code('FETCH_TIMEOUT'));
    expect(site.asked.length).toBeLessThan(6);
  });

  it('stops an endless body at the limit', async () => {
    let sent = 0;
    const { site, client } = await pair(
      (q, a) => {
        a.writeHead(200, { 'content-type': 'text/html' });
        const block = Buffer.alloc(64 * 1024, 'x');
        const more = (): void => {
          while (!a.destroyed && a.write(block)) sent += block.length;
          if (!a.destroyed) a.once('drain', more);
        };
        q.on('close', () => a.destroy());
        more();
      },
      { maxBytes: '1MB' },
    );
    await expect(client.fetch({ url: site.origin, accept: 'page' })).rejects.toMatchObject(code('FETCH_TOO_LARGE'));
    await delay(50);
    const then = sent;
    await delay(100);
    expect(sent).toBe(then);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('stops a gzip bomb at the limit, with little memory', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(128 * 1024 * 1024), { level: 1 }));
    const { site, client } = await pair(
      (_q, a) => a.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip, gzip' }).end(bomb),
      { maxBytes: '2MB' },
    );
    const before = process.memoryUsage().rss;
    await expect(client.fetch({ url: site.origin, accept: 'page' })).rejects.toMatchObject(code('FETCH_TOO_LARGE'));
    await expect(client.fetch({ url: site.origin, accept: 'feed' })).rejects.toMatchObject(code('FETCH_TOO_LARGE'));
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('survives what is no HTTP', async () => {
    const server = createTcpServer((s) => void s.end('220 mail.example.org ESMTP\r\n'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const client = clientFor([host]);
    opened.push(client);
    await expect(client.fetch({ url: `http://${host}/` })).rejects.toMatchObject(code('FETCH_CONNECT'));
    await expect(client.fetch({ url: `https://${host}/` })).rejects.toMatchObject({ retryable: true });
    server.close();
  });

  it('asks again when a kept connection is closed under its hands', async () => {
    let broken = false;
    const { site, client } = await pair((q, a) => {
      if (q.url === '/second' && !broken) {
        broken = true;
        a.socket?.destroy();
      } else page(a, html);
    });
    await client.fetch({ url: `${site.origin}/first` });
    expect((await client.fetch({ url: `${site.origin}/second` })).status).toBe(200);
  });

  it('pauses the host for as long as Retry-After says', async () => {
    let refusals = 0;
    const { site, client } = await pair((q, a) => {
      if (q.url === '/busy' && refusals++ === 0) a.writeHead(429, { 'retry-after': '1' }).end();
      else if (q.url === '/down')
        a.writeHead(503, { 'retry-after': new Date(Date.now() + 7_200_000).toUTCString() }).end();
      else page(a, html);
    });
    await expect(client.fetch({ url: `${site.origin}/busy` })).rejects.toMatchObject({
      code: 'FETCH_RATE_LIMITED',
      retryAfterMs: 1000,
    });
    const refused = Date.now();
    await client.fetch({ url: `${site.origin}/other` });
    expect(Date.now() - refused).toBeGreaterThan(900);
    const down = client.fetch({ url: `${site.origin}/down` });
    await expect(down).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED', retryAfterMs: 3_600_000 });
    const asked = site.asked.length;
    await expect(client.fetch({ url: `${site.origin}/later` })).rejects.toMatchObject(code('FETCH_RATE_LIMITED'));
    expect(site.asked.length).toBe(asked);
  });

  it('stops when it is told to', async () => {
    const { site, client } = await pair(() => {});
    const stop = new AbortController();
    const fetched = client.fetch({ url: site.origin, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('shutting down')), 50);
    await expect(fetched).rejects.toThrow('shutting down');
  });
});

describe('two clients', () => {
  it('share a gate, and so keep to the concurrency of a host together', async () => {
    let inside = 0;
    let most = 0;
    const site = await serve(async (q, a) => {
      if (q.url === '/robots.txt') return;
      most = Math.max(most, ++inside);
      await delay(15);
      inside--;
      page(a, html);
    });
    const gate = createHostGate();
    const clients = [clientFor([site.host], { gate }), clientFor([site.host], { gate })];
    opened.push(...clients, site);
    const requests = Array.from({ length: 24 }, (_, i) => ({ url: `${site.origin}/${i}`, concurrency: 3, delayMs: 0 }));
    await Promise.all(requests.map((r, i) => clients[i % 2]?.fetch(r)));
    expect(most).toBe(3);
  });
});
