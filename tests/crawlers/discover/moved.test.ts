import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discovered, discover, type Endpoint } from '../../../crawlers/discover/discover.js';
import { type Outlet, openOutlet } from './loopback.js';

const rss = (...slugs: string[]) =>
  `<rss version="2.0"><channel><title>T</title><link>/</link>${slugs
    .map((s) => `<item><title>About ${s}</title><link>/2024/05/14/${s}</link></item>`)
    .join('')}</channel></rss>`;
const home = (feed: string) =>
  `<html><head><link rel="alternate" type="application/rss+xml" href="${feed}"></head></html>`;

describe('a configured feed', () => {
  let outlet: Outlet;
  let now = Date.parse('2024-05-14T12:00:00Z');
  const look = (known: Endpoint[] = []): Promise<Discovered> =>
    discover(outlet.source({ feeds: [`${outlet.url}old`] }), known, {
      fetcher: outlet.fetcher,
      now: () => now,
      signal: new AbortController().signal,
    });
  const told = (d: Discovered) =>
    d.problems.map((p) => `${p.error.code} ${p.error.message}`.replaceAll(outlet.url, '/'));

  beforeEach(async () => {
    outlet = await openOutlet();
  });
  afterEach(() => outlet.close());

  it('that has moved for good is read where it is now, named as it is written, and its new place proposed', async () => {
    outlet.pages['/old'] = { status: 301, headers: { location: '/new' } };
    outlet.pages['/new'] = { body: rss('one-two-three'), headers: { etag: '"1"' } };
    const first = await look();
    expect(first.found).toHaveLength(1);
    expect(first.endpoints).toMatchObject([{ url: `${outlet.url}old`, movedTo: `${outlet.url}new`, error: null }]);
    expect(told(first)).toEqual(['DISCOVER_MOVED outlet: feed /old has moved for good to /new']);
    now += 60_000;
    const second = await look(first.endpoints);
    expect(second.notModified).toBe(1);
    expect(told(second)).toEqual(told(first));
  });

  it('is not moved by a passing redirect, another scheme or a slash', async () => {
    outlet.pages['/old'] = { status: 302, headers: { location: '/new' } };
    outlet.pages['/new'] = rss('one-two-three');
    expect(told(await look())).toEqual([]);
    outlet.pages['/old'] = { status: 301, headers: { location: '/old/' } };
    outlet.pages['/old/'] = rss('one-two-three');
    expect(told(await look())).toEqual([]);
  });

  it.each([404, 410])('that answers %i is searched for at once, proposed, and not read', async (status) => {
    outlet.pages['/old'] = { status };
    outlet.pages['/'] = home('/new');
    outlet.pages['/new'] = rss('one-two-three');
    const seen = await look();
    expect(seen.found).toEqual([]);
    expect(seen.endpoints).toMatchObject([{ url: `${outlet.url}old`, movedTo: `${outlet.url}new`, failures: 1 }]);
    expect(told(seen)).toEqual(['DISCOVER_MOVED outlet: feed /old is gone; /new was found in its place']);
  });

  it('that is sent to a page for good is gone', async () => {
    outlet.pages['/old'] = { status: 301, headers: { location: '/' } };
    outlet.pages['/'] = home('/new');
    outlet.pages['/new'] = rss('one-two-three');
    expect((await look()).endpoints).toMatchObject([{ movedTo: `${outlet.url}new` }]);
  });

  it('that is gone is searched for once a day, and the proposal is kept meanwhile', async () => {
    outlet.pages['/'] = home('/new');
    outlet.pages['/new'] = rss('one-two-three');
    const first = await look();
    outlet.asked();
    now += 60_000;
    const second = await look(first.endpoints);
    expect(outlet.asked()).toEqual(['/old']);
    expect(told(second)).toEqual(told(first));
    now += 25 * 3_600_000;
    await look(second.endpoints);
    expect(outlet.asked()).toContain('/new');
  });

  it('that is gone without anything in its place keeps its own problem', async () => {
    const seen = await look();
    expect(seen.endpoints).toMatchObject([{ movedTo: null }]);
    expect(seen.problems.map((p) => p.error.code)).toEqual(['FETCH_HTTP_4XX']);
  });

  it('that comes back is moved no more', async () => {
    outlet.pages['/'] = home('/new');
    outlet.pages['/new'] = rss('one-two-three');
    const { endpoints } = await look();
    outlet.pages['/old'] = rss('four-five-six');
    const seen = await look(endpoints);
    expect(seen.endpoints).toMatchObject([{ movedTo: null, failures: 0 }]);
    expect(told(seen)).toEqual([]);
  });
});
