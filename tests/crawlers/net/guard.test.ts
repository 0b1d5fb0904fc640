import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../crawlers/net/addresses.js';
import { createGuard } from '../../../crawlers/net/guard.js';
import { clientFor, page, serve } from './loopback.js';

const PRIVATE_SPELLINGS = [
  'http://localhost/',
  'http://LOCALHOST:8080/',
  'http://localhost./',
  'http://api.localhost/',
  'http://127.0.0.1/',
  'http://127.1/',
  'http://127.0.1/',
  'http://127.255.255.254/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://017700000001/',
  'http://0x7f.1/',
  'http://127.0.0.1./',
  'http://%31%32%37.0.0.1/',
  'http://１２７.０.０.１/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127。0。0。1/',
  'http://user:password@127.0.0.1/',
  'http://example.org@10.0.0.1/',
  'http://0/',
  'http://0.0.0.0/',
  'http://0.1.2.3/',
  'http://10.0.0.1/',
  'http://10.255.255.255:6379/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://3232235521/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0xa9fea9fe/',
  'http://2852039166/',
  'http://100.64.0.1/',
  'http://100.127.255.254/',
  'http://192.0.0.8/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://198.51.100.7/',
  'http://203.0.113.9/',
  'http://192.88.99.1/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://[::]/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::127.0.0.1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::ffff:0:10.0.0.1]/',
  'http://[64:ff9b::10.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::1]/',
  'http://[2002:7f00:1::]/',
  'http://[2002:c0a8:1::1]/',
  'http://[2001:0:7f00:1::]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[ff02::1]/',
  'http://[2001:db8::1]/',
  'http://[3fff::1]/',
  'http://[100::1]/',
  'http://[4000::1]/',
];

const blocked = { code: 'FETCH_BLOCKED_ADDRESS' };

describe('guard', () => {
  const guard = createGuard({ allowHosts: [] });

  it.each(PRIVATE_SPELLINGS)('refuses %s', (url) => {
    expect(() => guard.check(url)).toThrowError(expect.objectContaining(blocked));
    expect(() => guard.check(url, { proxied: true })).toThrowError(expect.objectContaining(blocked));
  });

  it.each([
    'http://93.184.216.34/',
    'https://[2606:4700::1111]/',
    'http://[::ffff:93.184.216.34]/',
    'http://[64:ff9b::8.8.8.8]/',
    'http://172.32.0.1/',
    'http://example.org:8443/',
  ])('lets %s pass', (url) => {
    expect(guard.check(url).href).toBe(
      url === 'http://[::ffff:93.184.216.34]/' ? 'http://[::ffff:5db8:d822]/' : new URL(url).href,
    );
  });

  it.each([
    'file:///etc/passwd',
    'ftp://example.org/',
    'gopher://example.org/',
    'javascript:alert(1)',
    'data:text/html,x',
    '/relative',
    '',
  ])('takes %j for no URL to fetch', (url) => {
    expect(() => guard.check(url)).toThrowError(expect.objectContaining({ code: 'FETCH_BAD_URL' }));
  });

  it('drops credentials and fragment', () => {
    expect(guard.check('https://u:p@example.org/a?b#c').href).toBe('https://example.org/a?b');
  });

  it('refuses names that only a proxy inside a private network could find', () => {
    for (const name of ['redis', 'metadata.google.internal', 'printer.local', 'nas.home.arpa', 'router.lan'])
      expect(() => guard.check(`http://${name}/`, { proxied: true })).toThrowError(expect.objectContaining(blocked));
    expect(guard.check('http://apnews.com/', { proxied: true }).hostname).toBe('apnews.com');
  });

  it('lets exactly the allowed hosts pass, by name and by port', () => {
    const some = createGuard({ allowHosts: ['127.0.0.1:4000', 'localhost'] });
    expect(some.check('http://127.0.0.1:4000/').port).toBe('4000');
    expect(some.check('http://localhost:1/').hostname).toBe('localhost');
    for (const url of ['http://127.0.0.1:4001/', 'http://127.0.0.1/', 'http://a.localhost/', 'http://127.0.0.2:4000/'])
      expect(() => some.check(url)).toThrowError(expect.objectContaining(blocked));
  });

  it('takes no address that is not written as one', () => {
    for (const text of ['', 'example.org', '1.2.3.4.5', '::g', '1.2.3.4/8']) expect(isPublicAddress(text)).toBe(false);
  });
});

describe('guard at the connection', () => {
  const evil = { resolve: async () => [{ address: '127.0.0.1', family: 4 }] };

  it('refuses a public name that resolves to a private address, and sends nothing', async () => {
    const site = await serve((_q, a) => page(a));
    const client = clientFor([], evil);
    await expect(client.fetch({ url: `http://news.example.org:${site.port}/` })).rejects.toMatchObject(blocked);
    expect(site.asked).toEqual([]);
    await client.close();
    await site.close();
  });

  it('refuses a name of which only one address is private', async () => {
    const both = [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const client = clientFor([], { resolve: async () => both });
    await expect(client.fetch({ url: 'http://news.example.org/' })).rejects.toMatchObject(blocked);
    await client.close();
  });

  it('judges each look-up by itself: a name that turns private later is refused then', async () => {
    let looks = 0;
    const guard = createGuard({
      allowHosts: [],
      resolve: async () => [{ address: looks++ === 0 ? '93.184.216.34' : '127.0.0.1', family: 4 }],
    });
    const look = () =>
      new Promise<unknown>((done) => {
        guard.lookupFor('news.example.org', 80)('news.example.org', { all: true }, (error, found) =>
          done(error ?? found),
        );
      });
    // The answer is what net.connect uses, so nothing is looked up between judging and connecting.
    expect(await look()).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await look()).toMatchObject(blocked);
    expect(looks).toBe(2);
  });

  it('reaches an allowed name whose address is private', async () => {
    const site = await serve((_q, a) => page(a));
    const client = clientFor([`outlet.example.org:${site.port}`], evil);
    const answer = await client.fetch({ url: `http://outlet.example.org:${site.port}/a` });
    expect(answer.status).toBe(200);
    await expect(client.fetch({ url: `http://other.example.org:${site.port}/a` })).rejects.toMatchObject(blocked);
    await client.close();
    await site.close();
  });

  it('gives net.connect only judged addresses', async () => {
    const guard = createGuard({ allowHosts: ['ok.example.org:81'], ...evil });
    const outcome = (host: string, port: number) =>
      new Promise<string>((done) => {
        const socket = createConnection({ host, port, lookup: guard.lookupFor(host, port) });
        socket.on('error', (e) => done('code' in e ? String(e.code) : e.message));
        socket.on('connect', () => done('connected'));
      });
    expect(await outcome('news.example.org', 80)).toBe('FETCH_BLOCKED_ADDRESS');
    expect(await outcome('ok.example.org', 81)).toBe('ECONNREFUSED');
  });
});
