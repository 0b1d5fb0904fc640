import { afterEach, describe, expect, it } from 'vitest';
import { clientFor, memoryRobots, type Site, serve } from './loopback.js';

describe('tdmrep.json', () => {
  const sites: Site[] = [];
  afterEach(async () => {
    for (const site of sites.splice(0)) await site.close();
  });

  async function host(file: { status?: number; body?: string }) {
    const site = await serve((request, response) => {
      if (request.url === '/.well-known/tdmrep.json') response.writeHead(file.status ?? 200).end(file.body);
      else if (request.url !== '/robots.txt') response.writeHead(404).end();
    });
    sites.push(site);
    const asked = () => site.asked.filter((r) => r.url?.includes('tdmrep')).length;
    return { site, asked, of: (path: string) => `${site.origin}${path}` };
  }
  const rules = (...list: unknown[]) => JSON.stringify(list);

  it('reserves what its first matching rule says, and names the policy', async () => {
    const body = rules(
      { location: '/free/*', 'tdm-reservation': 0 },
      { location: '/exact$', 'tdm-reservation': '1' },
      { location: '/news/', 'tdm-reservation': 1, 'tdm-policy': 'https://news.example/tdm.json' },
    );
    const { site, asked, of } = await host({ body });
    const client = clientFor([site.host]);
    expect(await client.reservationOf(of('/news/a?b=1'))).toEqual({ policy: 'https://news.example/tdm.json' });
    expect(await client.reservationOf(of('/n%65ws/a'))).toEqual({ policy: 'https://news.example/tdm.json' });
    expect(await client.reservationOf(of('/exact'))).toEqual({ policy: null });
    for (const path of ['/exact/more', '/free/news/', '/', '/NEWS/'])
      expect(await client.reservationOf(of(path))).toBeNull();
    expect(asked()).toBe(1);
    await client.close();
  });

  it.each([
    ['is missing', { status: 404 }],
    ['fails', { status: 500 }],
    ['is no JSON', { body: '<html>' }],
    ['has no rules', { body: rules('x', { location: 5 }, { location: '/' }, null) }],
  ])('reserves nothing when it %s', async (_, file) => {
    const { site, of } = await host(file);
    const client = clientFor([site.host]);
    expect(await client.reservationOf(of('/a'))).toBeNull();
    await client.close();
  });

  it('is asked for once a day over all processes, and sooner after a failure', async () => {
    const file = { status: 200, body: rules({ location: '/', 'tdm-reservation': 1 }) };
    const { site, asked, of } = await host(file);
    const robots = memoryRobots();
    let now = Date.parse('2026-03-01T00:00:00Z');
    const look = async () => {
      const client = clientFor([site.host], { robots, now: () => now });
      const found = await Promise.all([client.reservationOf(of('/a')), client.reservationOf(of('/b'))]);
      await client.close();
      return found;
    };
    expect(await look()).toEqual([{ policy: null }, { policy: null }]);
    now += 23 * 3_600_000;
    await look();
    expect(asked()).toBe(1);
    now += 2 * 3_600_000;
    file.status = 500;
    expect(await look()).toEqual([null, null]);
    now += 2 * 3_600_000;
    file.status = 200;
    expect(await look()).toEqual([{ policy: null }, { policy: null }]);
    expect(asked()).toBe(3);
  });
});
