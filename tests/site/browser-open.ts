import { createServer } from 'node:http';
import { deflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright';

/** A picture of one colour; browsers draw it. */
function png(width: number, height: number): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = (table[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, 0x6b)]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const sign = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([sign, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** An outlet's pictures on loopback, and which of them were asked for. */
export async function startPictures(): Promise<{ host: string; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const body = png(120, 68);
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    answer.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { host: `127.0.0.1:${port}`, asked, close: () => new Promise((done) => server.close(() => done())) };
}

/** A page that writes down whatever it should not do: errors, dialogs, requests to other servers. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: { width?: number; scripts?: boolean } = {},
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1440, height: 900 },
    javaScriptEnabled: options.scripts ?? true,
  });
  const faults: string[] = [];
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => {
    // A browser calls each answer of 404 and 410 an error, which these pages are meant to give.
    if (m.type() === 'error' && !/status of 4(04|10)/.test(m.text())) faults.push(m.text());
  });
  page.on('dialog', (d) => {
    faults.push(`a dialog says ${d.message()}`);
    void d.dismiss();
  });
  page.on('request', (r) => {
    if (new URL(r.url()).origin !== origin) faults.push(`asks ${r.url()}`);
  });
  return { page, faults };
}
