import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../../crawlers/net/client.js';
import { clientFor } from './loopback.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('secure: openssl is not there; tests with certificates are skipped');

const servers: Server[] = [];
const clients: Client[] = [];
afterAll(async () => {
  for (const c of clients) await c.close();
  for (const s of servers) s.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A client for names that all lie on loopback. */
function client(allow: string[], ca?: string): Client {
  const made = clientFor(allow, { resolve: async () => [{ address: '127.0.0.1', family: 4 }], ...(ca && { ca }) });
  clients.push(made);
  return made;
}

describe.skipIf(!hasOpenssl)('client over TLS', () => {
  let key = '';
  let cert = '';
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'sourcelink-tls-'));
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const name = ['-subj', '/CN=news.example.org', '-addext', 'subjectAltName=DNS:news.example.org'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...name, ...files], {
      stdio: 'ignore',
    });
    key = readFileSync(join(folder, 'key.pem'), 'utf8');
    cert = readFileSync(join(folder, 'cert.pem'), 'utf8');
    rmSync(folder, { recursive: true });
  });

  it('speaks HTTP/2 with a host that does', async () => {
    const versions: string[] = [];
    const port = await listen(
      createSecureServer({ key, cert, allowHTTP1: true }, (q, a) => {
        versions.push(q.httpVersion);
        a.writeHead(q.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/html' });
        a.end('<!doctype html><p>Text');
      }),
    );
    const answer = await client([`news.example.org:${port}`], cert).fetch({
      url: `https://news.example.org:${port}/a`,
      accept: 'page',
    });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
    expect(new TextDecoder().decode(answer.bytes)).toContain('Text');
    expect(versions).toEqual(['2.0', '2.0']);
  });

  it('asks again for what HTTP/2 refuses or cuts off once, and goes on over a connection that is taken away', async () => {
    const failed = new Set<string>();
    const port = await listen(
      createSecureServer({ key, cert }, (q, a) => {
        const first = q.url !== '/robots.txt' && !failed.has(q.url);
        failed.add(q.url);
        if (first && q.url === '/refused') return a.stream.close(constants.NGHTTP2_REFUSED_STREAM);
        if (first && q.url === '/taken') return a.stream.session?.destroy();
        a.writeHead(q.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/html' });
        if (first && q.url === '/cut') {
          a.write('<!doctype html><p>Te');
          setTimeout(() => a.stream.close(constants.NGHTTP2_INTERNAL_ERROR), 20);
        } else a.end('<!doctype html><p>Text');
        if (first && q.url === '/last') a.stream.session?.close();
      }),
    );
    const made = client([`news.example.org:${port}`], cert);
    for (const path of ['/a', '/refused', '/cut', '/last', '/taken', '/b']) {
      const answer = await made.fetch({ url: `https://news.example.org:${port}${path}`, accept: 'page', delayMs: 0 });
      expect(new TextDecoder().decode(answer.bytes), path).toBe('<!doctype html><p>Text');
    }
  });

  it('stops an endless body of HTTP/2 at the limit, and leaves the connection to others', async () => {
    const sessions = new Set<unknown>();
    const port = await listen(
      createSecureServer({ key, cert }, (q, a) => {
        sessions.add(a.stream.session);
        a.writeHead(q.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/html' });
        if (q.url !== '/endless') return a.end('<!doctype html><p>Text');
        const more = (): void => {
          while (!a.stream.destroyed && a.write(Buffer.alloc(64 * 1024, 'x')));
          if (!a.stream.destroyed) a.once('drain', more);
        };
        more();
      }),
    );
    const made = client([`news.example.org:${port}`], cert);
    const at = (path: string) => ({ url: `https://news.example.org:${port}${path}`, delayMs: 0, maxBytes: 500_000 });
    await expect(made.fetch(at('/endless'))).rejects.toMatchObject({ code: 'FETCH_TOO_LARGE' });
    expect((await made.fetch(at('/a'))).status).toBe(200);
    expect(sessions.size).toBe(1);
  });

  it('refuses a certificate that nobody vouches for, or that is for another name', async () => {
    const port = await listen(createTlsServer({ key, cert }, (_q, a) => a.end('never')));
    const stranger = client([`news.example.org:${port}`]);
    await expect(stranger.fetch({ url: `https://news.example.org:${port}/` })).rejects.toMatchObject({
      code: 'FETCH_TLS',
    });
    const other = client([`other.example.org:${port}`], cert);
    await expect(other.fetch({ url: `https://other.example.org:${port}/` })).rejects.toMatchObject({
      code: 'FETCH_TLS',
    });
  });

  it('tunnels TLS through a proxy, which sees nothing but the name', async () => {
    const port = await listen(
      createTlsServer({ key, cert }, (q, a) =>
        a.writeHead(q.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/html' }).end('<p>Text'),
      ),
    );
    const lines: string[] = [];
    const proxy = createServer((socket) => {
      socket.once('data', (head) => {
        lines.push(String(head).split('\r\n', 1)[0] ?? '');
        const target = connect(port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(target).pipe(socket);
        });
        for (const end of [socket, target]) end.on('error', () => {});
      });
    });
    const proxyPort = await listen(proxy);
    const answer = await client([], cert).fetch({
      url: 'https://news.example.org/a',
      proxy: `http://127.0.0.1:${proxyPort}`,
      delayMs: 0,
    });
    expect(answer.status).toBe(200);
    expect(new Set(lines)).toEqual(new Set(['CONNECT news.example.org:443 HTTP/1.1']));
  });
});

describe('client through a proxy', () => {
  it('asks for plain pages in absolute form, with the password for the proxy alone', async () => {
    const heads: string[] = [];
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (data) => {
          heads.push(String(data));
          const status = String(data).includes('/robots.txt ') ? '404 Not Found' : '200 OK';
          socket.write(`HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ncontent-length: 7\r\n\r\n<p>Text`);
        });
      }),
    );
    const proxy = `http://operator:secret@127.0.0.1:${port}`;
    const made = client([]);
    const answer = await made.fetch({ url: 'http://news.example.org/a?b=1', proxy, accept: 'page', delayMs: 0 });
    expect(answer.url).toBe('http://news.example.org/a?b=1');
    expect(heads.map((h) => h.split('\r\n', 1)[0])).toEqual([
      'GET http://news.example.org/robots.txt HTTP/1.1',
      'GET http://news.example.org/a?b=1 HTTP/1.1',
    ]);
    expect(heads[1]?.toLowerCase()).toContain(
      `proxy-authorization: basic ${Buffer.from('operator:secret').toString('base64')}`.toLowerCase(),
    );
    expect(heads[1]?.toLowerCase()).toContain('host: news.example.org\r\n');
  });

  it('still refuses private targets, and says when the proxy is not there', async () => {
    const made = client([]);
    const port = await listen(createServer());
    servers.pop()?.close();
    const proxy = `http://127.0.0.1:${port}`;
    for (const url of ['http://127.0.0.1:5432/', 'http://localhost/', 'http://169.254.169.254/', 'http://redis:6379/'])
      await expect(made.fetch({ url, proxy })).rejects.toMatchObject({ code: 'FETCH_BLOCKED_ADDRESS' });
    await expect(made.fetch({ url: 'http://news.example.org/', proxy })).rejects.toMatchObject({
      code: 'FETCH_CONNECT',
    });
    await expect(made.fetch({ url: 'http://other.example.org/', proxy: 'no proxy' })).rejects.toMatchObject({
      code: 'FETCH_BAD_URL',
    });
  });
});
