import { request } from 'node:http';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { createLogger } from '../../../config/logger.js';
import { Settings } from '../../../config/settings.js';
import { type HttpPart, type HttpServer, openHttpServer } from '../../../server/http/server.js';

const open: HttpServer[] = [];
afterEach(async () => {
  for (const s of open.splice(0)) await s.close();
});

let time = Date.parse('2026-03-01T10:00:00Z');
const logged: string[] = [];
const log = createLogger('debug', { write: (line) => void logged.push(line) });

function part(more: Partial<HttpPart> = {}): HttpPart {
  const routes = new Hono();
  routes.get('/v1/hello', (c) => c.text('hello'));
  routes.post('/v1/echo', async (c) => c.text(await c.req.text()));
  routes.get('/v1/fault', () => {
    throw new Error('password=hunter2 at db.internal');
  });
  routes.get('/v1/busy', () => {
    throw new SourcelinkError('PUBLISH_BUSY', 'article 7 is looked at again just now');
  });
  return { paths: ['/v1/*'], routes, maxBodyBytes: 100, limited: true, ...more };
}

async function serve(settings: Record<string, unknown> = {}, parts = [part()]): Promise<string> {
  const all = Settings.parse({ http: { port: 0, ...settings } }).http;
  const server = await openHttpServer(parts, { settings: all, log, now: () => new Date(time) });
  open.push(server);
  return `http://127.0.0.1:${server.port}`;
}

/** Sends bytes as they are and reads until the server hangs up. */
async function raw(url: string, text: string): Promise<string> {
  return new Promise((done, fail) => {
    let said = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (d) => {
      said += d;
    });
    socket.on('close', () => done(said));
    socket.on('error', fail);
  });
}

describe('the HTTP server', () => {
  it('answers what its parts answer, with headers that keep browsers out of mischief', async () => {
    const at = await serve();
    const answer = await fetch(`${at}/v1/hello`);
    expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers HEAD without a body', async () => {
    const answer = await fetch(`${await serve()}/v1/hello`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('answers errors as problem details with code and hint, inside and outside of its parts', async () => {
    const at = await serve();
    for (const path of ['/v1/none', '/elsewhere', '/']) {
      const answer = await fetch(`${at}${path}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      expect(await answer.json()).toMatchObject({
        status: 404,
        code: 'HTTP_NOT_FOUND',
        hint: expect.stringMatching(/\w/),
      });
    }
    const busy = await fetch(`${at}/v1/busy`);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([409, '60']);
    expect(await busy.json()).toMatchObject({ code: 'PUBLISH_BUSY', detail: 'article 7 is looked at again just now' });
  });

  it('tells the log what failed, and the client only under which id', async () => {
    logged.length = 0;
    const answer = await fetch(`${await serve()}/v1/fault`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toMatch(/hunter2|db\.internal|node_modules|\.ts/);
    const { instance } = JSON.parse(text);
    expect(logged.find((l) => l.includes(instance))).toContain('hunter2 at db.internal');
  });

  it('refuses a body that is too large, said or not', async () => {
    const at = await serve();
    const fits = await fetch(`${at}/v1/echo`, { method: 'POST', body: 'x'.repeat(100) });
    expect([fits.status, await fits.text()]).toEqual([200, 'x'.repeat(100)]);
    const large = await fetch(`${at}/v1/echo`, { method: 'POST', body: 'x'.repeat(101) });
    expect([large.status, (await large.json()).code]).toEqual([413, 'HTTP_TOO_LARGE']);
    const status = await new Promise<number | undefined>((done, fail) => {
      const sent = request(`${at}/v1/echo`, { method: 'POST' }, (r) => {
        r.resume();
        done(r.statusCode);
      });
      sent.on('error', fail);
      for (let i = 0; i < 20; i++) sent.write('x'.repeat(50));
      sent.end();
    });
    expect(status).toBe(413);
  });

  it('refuses headers that are too large', async () => {
    const at = await serve();
    const said = await raw(at, `GET /v1/hello HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('lets each client ask so often and no more, and says how long to wait', async () => {
    const at = await serve({ burst: 3, perMinute: 60 });
    const ask = async () => (await fetch(`${at}/v1/hello`)).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429]);
    const refused = await fetch(`${at}/v1/hello`);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await refused.json()).code).toBe('HTTP_TOO_MANY');
    time += 1000;
    expect([await ask(), await ask()]).toEqual([200, 429]);
  });

  it('believes X-Forwarded-For only as far as there are proxies', async () => {
    const ask = async (at: string, forwarded: string) =>
      (await fetch(`${at}/v1/hello`, { headers: { 'x-forwarded-for': forwarded } })).status;
    const bare = await serve({ burst: 1 });
    expect([await ask(bare, '192.0.2.1'), await ask(bare, '192.0.2.2')]).toEqual([200, 429]);
    const behind = await serve({ burst: 1, proxies: 1 });
    expect([await ask(behind, '192.0.2.1'), await ask(behind, '192.0.2.2')]).toEqual([200, 200]);
    expect(await ask(behind, '198.51.100.9, 192.0.2.2')).toBe(429);
    expect([await ask(behind, '2001:db8::1'), await ask(behind, '2001:db8:0:0:9::2')]).toEqual([200, 429]);
  });

  it('counts nothing where a part says so', async () => {
    const at = await serve({ burst: 1 }, [part({ limited: false })]);
    const ask = async () => (await fetch(`${at}/v1/hello`)).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 200]);
  });

  it('lets pages of the origins named read, and of no other, and none act', async () => {
    const at = await serve({ cors: ['https://reader.example/'] });
    const ask = (origin: string, method = 'GET') => fetch(`${at}/v1/hello`, { method, headers: { origin } });
    const named = await ask('https://reader.example');
    expect(named.headers.get('access-control-allow-origin')).toBe('https://reader.example');
    expect(named.headers.get('vary')).toContain('Origin');
    expect((await ask('https://other.example')).headers.get('access-control-allow-origin')).toBeNull();
    const before = await ask('https://reader.example', 'OPTIONS');
    expect(before.headers.get('access-control-allow-methods')).toBe('GET,HEAD');
  });

  it('says what to fix when its address is taken', async () => {
    const at = await serve();
    await expect(serve({ port: Number(new URL(at).port) })).rejects.toMatchObject({ code: 'HTTP_ADDRESS' });
  });
});
