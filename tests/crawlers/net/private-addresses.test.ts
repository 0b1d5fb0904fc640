import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../../crawlers/net/client.js';
import { clientFor, page, type Site, serve } from './loopback.js';
import { fakeResolver, NOWHERE, PRIVATE_NAMES, SPELLINGS, type Target } from './private-targets.js';
import { setTrap, watchConnections } from './trap.js';

const OUTLET = 'outlet.example.org';
const REFUSED = /^FETCH_(BLOCKED_ADDRESS|BAD_URL)$/;
/** What is no URL at all counts as an answer that the host gave wrongly; what was public when it was looked up leads nowhere. */
const NOT_FOLLOWED = /^FETCH_(BLOCKED_ADDRESS|BAD_URL|HTTP_4XX|CONNECT)$/;
const TARGETS = [...SPELLINGS, ...PRIVATE_NAMES];
const STATUSES = [301, 302, 303, 307, 308];

const trap = await setTrap();
const connections = watchConnections();
/** Redirects to wherever its path names: `/STATUS/INDEX`. */
const outlet: Site = await serve((q, a) => {
  const [, status, index] = /^\/(\d+)\/(\d+)$/.exec(q.url ?? '') ?? [];
  if (index) a.writeHead(Number(status), { location: inHeader(addressOf(TARGETS[Number(index)])) }).end();
  else if (q.url?.startsWith('/to?'))
    a.writeHead(302, { location: inHeader(decodeURIComponent(q.url.slice(4))) }).end();
  else if (q.url !== '/robots.txt') page(a);
});
const resolve = fakeResolver(OUTLET);
let time = Date.now();
const client: Client = clientFor(
  [`${OUTLET}:${outlet.port}`],
  { resolve, now: () => time },
  { connectTimeout: '500ms', timeout: '2s' },
);
const proxied: string[] = [];
const proxy = await serve((q, a) => {
  proxied.push(q.url ?? '');
  page(a);
});

afterAll(async () => {
  connections.stop();
  for (const c of [client, outlet, proxy, trap]) await c.close();
});

const addressOf = (target: Target | undefined): string => target?.url.replace('PORT', String(trap.port)) ?? '';
/** As bytes, since hosts write what they like into a header; without the line ends that would end it. */
const inHeader = (url: string): string => Buffer.from(url.replace(/[\t\n]/g, '')).toString('latin1');
const home = `http://${OUTLET}:${outlet.port}`;

describe('private addresses, asked for by the client', () => {
  beforeEach(() => connections.tried.splice(0));
  afterEach(() => {
    const strangers = connections.tried.filter((t) => t !== `127.0.0.1:${outlet.port}` && !t.startsWith(`${NOWHERE}:`));
    expect(strangers).toEqual([]);
    expect(trap.reached()).toBe(0);
  });

  it.each(SPELLINGS)('are refused at once: $name', async (target) => {
    const refused = await client.fetch({ url: addressOf(target) }).catch((e) => e);
    expect(refused).toMatchObject({ code: expect.stringMatching(REFUSED) });
    expect(connections.tried).toEqual([]);
  });

  it.each(PRIVATE_NAMES)('are refused when the connection is made: $name', async (target) => {
    const ask = () => client.fetch({ url: addressOf(target) }).catch((e) => e);
    const first = await ask();
    if (!target.name.startsWith('turns')) return expect(first).toMatchObject({ code: 'FETCH_BLOCKED_ADDRESS' });
    expect(first).toMatchObject({ code: 'FETCH_CONNECT' });
    expect(resolve.looks.get(new URL(target.url.replace('PORT', '1')).hostname)).toBe(1);
    // A host that was not there is asked again when a minute is over.
    time += 120_000;
    expect(await ask()).toMatchObject({ code: 'FETCH_BLOCKED_ADDRESS' });
  });

  it.each(TARGETS.map((t, index) => ({ ...t, index })))('are not followed to: $name', async ({ index }) => {
    const ended = await client.fetch({ url: `${home}/${STATUSES[index % STATUSES.length]}/${index}` }).then(
      (answer) => answer.url,
      (error) => error.code,
    );
    // A reference without slashes is one to the outlet itself.
    if (TARGETS[index]?.name === 'slashes: none') expect(ended).toMatch(`/127.0.0.1:${trap.port}/secret`);
    else expect(ended).toMatch(NOT_FOLLOWED);
  });

  it('are not followed to by any status, without a scheme, or over an innocent hop', async () => {
    const index = TARGETS.findIndex((t) => t.url.includes('//127.0.0.1:'));
    const ways = STATUSES.map((status) => `/${status}/${index}`);
    for (const to of [
      '//127.0.0.1:PORT/',
      '//[::1]:PORT/',
      '//loopback.example.org:PORT/',
      '\\\\127.0.0.1:PORT',
      '/to?http%3A%2F%2F0x7f.1:PORT',
    ])
      ways.push(`/to?${encodeURIComponent(to.replace('PORT', String(trap.port)))}`);
    for (const way of ways)
      await expect(client.fetch({ url: home + way })).rejects.toMatchObject({ code: 'FETCH_BLOCKED_ADDRESS' });
  });

  it("are not asked for through a source's proxy either, which would find them in its own network", async () => {
    const local = SPELLINGS.concat(
      { name: 'name', url: 'http://redis:PORT/' },
      { name: 'name', url: 'http://db.internal:PORT/' },
    );
    for (const target of local) {
      const refused = client.fetch({ url: addressOf(target), proxy: proxy.origin });
      await expect(refused, target.name).rejects.toMatchObject({ code: expect.stringMatching(REFUSED) });
    }
    expect(proxied).toEqual([]);
    await client.fetch({ url: 'http://news.example.org/', proxy: proxy.origin });
    expect(proxied).toEqual(['http://news.example.org/robots.txt', 'http://news.example.org/']);
    connections.tried.splice(0);
  });
});

describe('the trap', () => {
  it('would have counted', async () => {
    expect(TARGETS.length).toBeGreaterThanOrEqual(80);
    const free = clientFor(['127.0.0.1', 'loopback.example.org'], { resolve });
    for (const host of ['127.0.0.1', 'loopback.example.org']) {
      const before = trap.reached();
      connections.tried.splice(0);
      await free.fetch({ url: `http://${host}:${trap.port}/secret` });
      expect(trap.reached()).toBeGreaterThan(before);
      expect(connections.tried).toContain(`127.0.0.1:${trap.port}`);
    }
    await free.close();
  });
});
