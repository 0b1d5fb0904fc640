import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFetcher, pictureType } from '../../site/image-fetch.js';
import { openImages } from '../../site/images.js';
import { signer } from '../../site/signature.js';

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(64)]);
let server: Server;
let host = '';
let asked = 0;
beforeAll(async () => {
  server = createServer((req, res) => {
    asked++;
    const path = req.url ?? '';
    if (path.startsWith('/to?')) return void res.writeHead(302, { location: decodeURIComponent(path.slice(4)) }).end();
    if (path === '/svg') return void res.setHeader('content-type', 'image/png').end('<svg onload="alert(1)"/>');
    if (path === '/large') return void res.end(Buffer.alloc(7_000_000, PNG));
    if (path === '/404') return void res.writeHead(404).end();
    res.setHeader('content-type', 'text/html').end(PNG);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  host = typeof address === 'object' && address ? `127.0.0.1:${address.port}` : '';
});
afterAll(() => new Promise((done) => server.close(done)));

const open = (allowHosts: string[], now = () => new Date(0)) =>
  openImages({ signer: signer('s'), allowHosts, userAgent: 'test', now, log: () => undefined });

describe('the picture proxy', () => {
  it('serves pictures that this site signed, with their true type, and asks for each once', async () => {
    const images = open([host]);
    const path = images.address(`http://${host}/a.png`) ?? '';
    const before = asked;
    const [one, two] = await Promise.all([images.routes.request(path), images.routes.request(path)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.headers.get('content-type')).toBe('image/png');
    expect(one.headers.get('content-security-policy')).toContain('sandbox');
    expect(Buffer.from(await one.arrayBuffer()).equals(PNG)).toBe(true);
    await images.routes.request(path);
    expect(asked - before).toBe(1);
    await images.close();
  });

  it('fetches no address that it did not sign', async () => {
    const images = open([host]);
    const before = asked;
    const path = images.address(`http://${host}/a.png`) ?? '';
    for (const wrong of [path.replace('a.png', 'b.png'), path.replace(/sig=.*/, 'sig='), `${path}x`, '/image'])
      expect((await images.routes.request(wrong)).status, wrong).toBe(403);
    expect(asked).toBe(before);
    expect(images.address('file:///etc/passwd')).toBeNull();
    expect(images.address('javascript:alert(1)')).toBeNull();
    await images.close();
  });

  it('forgets a failure after ten minutes, not before', async () => {
    let ms = 0;
    const images = open([host], () => new Date(ms));
    const path = images.address(`http://${host}/404`) ?? '';
    const before = asked;
    expect((await images.routes.request(path)).status).toBe(404);
    expect((await images.routes.request(path)).status).toBe(404);
    expect(asked - before).toBe(1);
    ms = 10 * 60_000;
    await images.routes.request(path);
    expect(asked - before).toBe(2);
    await images.close();
  });
});

describe('fetching a picture', () => {
  it.each([
    'http://127.0.0.1/a.png',
    'http://localhost/a.png',
    'http://[::1]/a.png',
    'http://[::ffff:127.0.0.1]/a.png',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/a.png',
    'http://0/a.png',
    'http://2130706433/a.png',
    'http://0x7f.1/a.png',
    'file:///etc/passwd',
  ])('refuses the private %s', async (url) => {
    const fetcher = pictureFetcher({ allowHosts: [], userAgent: 'test' });
    await expect(fetcher.fetch(url)).rejects.toThrow(/private|no public address|not a web address|fetch failed/);
    await fetcher.close();
  });

  it('refuses to be sent to a private address', async () => {
    const fetcher = pictureFetcher({ allowHosts: [host], userAgent: 'test' });
    for (const target of ['http://127.0.0.1:1/a.png', 'http://localhost:1/a.png', 'file:///etc/passwd'])
      await expect(fetcher.fetch(`http://${host}/to?${encodeURIComponent(target)}`)).rejects.toThrow(
        /private|no public address|not a web address/,
      );
    await expect(fetcher.fetch(`http://${host}/to?${encodeURIComponent('/b.png')}`)).resolves.toMatchObject({
      type: 'image/png',
    });
    await fetcher.close();
  });

  it('refuses what is no picture, whatever it is called, and what is too large', async () => {
    const fetcher = pictureFetcher({ allowHosts: [host], userAgent: 'test' });
    await expect(fetcher.fetch(`http://${host}/svg`)).rejects.toThrow('is not a picture');
    await expect(fetcher.fetch(`http://${host}/large`)).rejects.toThrow('larger than');
    await expect(fetcher.fetch(`http://${host}/404`)).rejects.toThrow('answers 404');
    await fetcher.close();
  });

  it('knows pictures by their first bytes', () => {
    expect(pictureType(Buffer.from('GIF89a'))).toBe('image/gif');
    expect(pictureType(Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'))).toBe('image/webp');
    expect(pictureType(Buffer.from('\0\0\0\x1cftypavif', 'latin1'))).toBe('image/avif');
    expect(pictureType(Buffer.from('\xff\xd8\xff\xe0', 'latin1'))).toBe('image/jpeg');
    expect(pictureType(Buffer.from('<svg>'))).toBeNull();
  });
});
