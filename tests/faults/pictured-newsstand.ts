import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { drawPicture } from '../../demo/picture.js';
import { freePort, waitFor } from '../setup/servers.js';

/** Captured pages as their real outlets, each with a lead image of its own that can be fetched. */
export type PicturedNewsstand = {
  /** For `proxy:` of the sources. */
  proxy: string;
  /** Of the pictures, for `fetch.allowHosts`. */
  host: string;
  /** The newsstand's own control (`expected`, `revise?id=…`). */
  control(path: string, method?: 'GET' | 'POST'): Promise<unknown>;
  close(): Promise<void>;
};

/**
 * The newsstand serves pages and no pictures; in front of it stands a proxy that gives each page an `og:image` drawn on
 * loopback, so that a sink which copies images has some to copy.
 */
export async function startPicturedNewsstand(
  newsstand: string,
  sets: string[],
  sourcesFile: string,
): Promise<PicturedNewsstand> {
  const port = await freePort();
  const pages = sets.flatMap((set) => ['--pages', set]);
  const args = [
    join(newsstand, 'serve.mjs'),
    ...pages,
    '--port',
    String(port),
    '--latency',
    '2',
    '--sources-yaml',
    sourcesFile,
  ];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: 'ignore' });
  await waitFor(port)
    .catch(() => waitFor(port))
    .catch(() => waitFor(port));
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '/';
    if (url.startsWith('/picture/')) {
      outgoing.writeHead(200, { 'content-type': 'image/png' }).end(drawPicture(url.slice(9)));
      return;
    }
    if (url.startsWith('/')) {
      outgoing.writeHead(404).end();
      return;
    }
    const { 'accept-encoding': _packed, ...headers } = incoming.headers;
    const onward = request({ host: '127.0.0.1', port, path: url, method: incoming.method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        const isPage = answer.statusCode === 200 && answer.headers['content-type']?.startsWith('text/html');
        const sent = isPage ? pictured(body, `${origin}/picture/${encodeURIComponent(url)}`) : body;
        const { 'content-length': _length, 'transfer-encoding': _chunked, ...rest } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, rest).end(sent);
      });
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  return {
    proxy: origin,
    host,
    async control(path, method = 'GET') {
      const answer = await fetch(`http://127.0.0.1:${port}/__newsstand/${path}`, { method });
      const text = await answer.text();
      return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
    },
    async close() {
      child.kill();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Byte for byte the page, but for its own `og:image` elements, whose place ours takes. */
function pictured(page: Buffer, image: string): Buffer {
  const text = page.toString('latin1').replace(/<meta\b[^>]*\bog:image(?::\w+)?["'][^>]*>/gi, '');
  return Buffer.from(
    text.replace(/<head\b[^>]*>/i, (head) => `${head}<meta property="og:image" content="${image}">`),
    'latin1',
  );
}
