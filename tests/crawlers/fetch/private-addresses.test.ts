import type { Browser, BrowserContext } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { type BrowserFetcher, createBrowserFetcher } from '../../../crawlers/fetch/browser.js';
import { launchChromium } from '../../../crawlers/fetch/chromium.js';
import { openEgress } from '../../../crawlers/fetch/egress.js';
import { createGuard } from '../../../crawlers/net/guard.js';
import { clientFor, page, type Site, serve, settingsWith } from '../net/loopback.js';
import { fakeResolver, NOWHERE, PRIVATE_NAMES, SPELLINGS } from '../net/private-targets.js';
import { setTrap, type Trap, watchConnections } from '../net/trap.js';

const executablePath = inject('browser') ?? '';
const OUTLET = 'outlet.example.org';
const words = 'The council voted on Tuesday to close the bridge for repairs. '.repeat(10);
/** What a page can do to make a browser ask for something. */
const WAYS = {
  fetch: `fetch(url, { mode: 'no-cors' })`,
  image: `add('img', 'src')`,
  script: `add('script', 'src')`,
  style: `add('link', 'href')`,
  frame: `add('iframe', 'src')`,
  object: `add('object', 'data')`,
  media: `add('video', 'src')`,
  socket: `new Promise((done) => { const s = new WebSocket(url.replace(/^http/, 'ws')); s.onopen = s.onerror = s.onclose = done; })`,
  events: `new Promise((done) => { const s = new EventSource(url); s.onopen = s.onerror = () => { s.close(); done(); }; })`,
  beacon: `navigator.sendBeacon(url)`,
  worker: `new Promise((done) => { const w = new Worker(URL.createObjectURL(new Blob(['importScripts(' + JSON.stringify(url) + ')']))); w.onerror = done; setTimeout(done, 500); })`,
};

const OVER_REDIRECTS = ['fetch', 'script', 'frame'];

let trap: Trap;
let outlet: Site;
let targets: { name: string; url: string }[];
const closing: { close(): Promise<unknown> }[] = [];
const connections = watchConnections();

beforeAll(async () => {
  trap = await setTrap();
  targets = [...SPELLINGS, ...PRIVATE_NAMES].map((t) => ({ ...t, url: t.url.replace('PORT', String(trap.port)) }));
  outlet = await serve((q, a) => {
    const url = new URL(q.url ?? '/', 'http://x');
    const to = Buffer.from((url.searchParams.get('to') ?? '').replace(/[\t\n]/g, '')).toString('latin1');
    if (url.pathname === '/robots.txt') return;
    if (url.pathname === '/redirect') a.writeHead(Number(url.searchParams.get('status')), { location: to }).end();
    else if (url.pathname === '/refresh') page(a, `<meta http-equiv="refresh" content="0; url=${to}"><p>${words}`);
    else if (url.pathname === '/go')
      page(a, `<script>location.assign(${JSON.stringify(url.searchParams.get('to'))})</script>`);
    else if (url.pathname === '/all') page(a, asking(url.searchParams.get('way') ?? '', url.searchParams.has('over')));
    else page(a, `<p>${words}`);
  });
  closing.push(trap, outlet);
});
afterAll(async () => {
  connections.stop();
  for (const c of closing.reverse()) await c.close();
});

/** A page that asks for all targets in one way, straight or over a redirect of the outlet, and says when it is through. */
function asking(way: string, over: boolean): string {
  // A frame shows a page of its own for each refusal, which takes its time: every third target stands for all.
  const asked = targets.filter((_, i) => i % 3 === 0 || !['frame', 'object'].includes(way));
  const urls = asked.map((t) => (over ? `/redirect?status=302&to=${encodeURIComponent(t.url)}` : t.url));
  return `<!doctype html><p>${words}</p><script type="module">
  const ask = async (given) => {
    const url = ${over} ? new URL(given, location.href).href : given;
    const add = (tag, attribute) => new Promise((done) => {
      const e = document.createElement(tag);
      if (tag === 'link') e.rel = 'stylesheet';
      e.onload = e.onerror = done;
      e[attribute] = url;
      document.body.append(e);
    });
    try { await Promise.race([${WAYS[way as keyof typeof WAYS]}, new Promise((r) => setTimeout(r, 1500))]); } catch {}
  };
  const urls = ${JSON.stringify(urls).replaceAll('<', '\\u003c')};
  while (urls.length > 0) await Promise.all(urls.splice(0, 60).map(ask));
  document.title = 'through';
  </script>`;
}

/** Chromium with nothing between it and the network but its way out. */
async function openContext(allowHosts: string[]): Promise<BrowserContext> {
  const guard = createGuard({ allowHosts, resolve: fakeResolver(OUTLET) });
  const egress = await openEgress({ guard, upstream: null });
  const context = await (await browser()).newContext({ proxy: egress });
  closing.push(egress, context);
  return context;
}

let started: Promise<Browser> | null = null;
function browser(): Promise<Browser> {
  started ??= launchChromium(executablePath).then((b) => {
    closing.push(b);
    return b;
  });
  return started;
}

/** Connections of this process, which the way out is part of, to anything but the outlet. */
function strangers(): string[] {
  return connections.tried.filter((t) => !t.endsWith(`:${outlet.port}`) && !t.startsWith(`${NOWHERE}:`));
}

describe.skipIf(!executablePath)("the browser's way out, with nothing else to hold a page back", () => {
  const home = () => `http://${OUTLET}:${outlet.port}`;
  let guarded: BrowserContext;
  beforeAll(async () => {
    guarded = await openContext([`${OUTLET}:${outlet.port}`]);
  });

  // At the same time: a page waits for its refusals, and nobody is let through for anybody.
  it.concurrent.each(Object.keys(WAYS))(
    'lets no page reach a private address by %s',
    async (way) => {
      const page = await guarded.newPage();
      for (const over of OVER_REDIRECTS.includes(way) ? ['', '&over'] : ['']) {
        await page.goto(`${home()}/all?way=${way}${over}`, { waitUntil: 'commit' });
        await page.waitForFunction(() => document.title === 'through', undefined, { timeout: 100_000 });
      }
      await page.close();
      expect(trap.reached()).toBe(0);
      expect(strangers()).toEqual([]);
    },
    240_000,
  );

  it.concurrent('lets no page go to one: by address, by redirect, by refresh, by script', async () => {
    const visits = targets.flatMap(({ url }, i) => {
      const to = encodeURIComponent(url);
      const status = [301, 302, 303, 307, 308][i % 5];
      return [
        url,
        `${home()}/redirect?status=${status}&to=${to}`,
        ...(i % 8 === 0 ? [`${home()}/refresh?to=${to}`, `${home()}/go?to=${to}`] : []),
      ];
    });
    const inTurn = async (): Promise<void> => {
      const page = await guarded.newPage();
      for (let url = visits.pop(); url; url = visits.pop()) {
        await page.goto(url, { timeout: 5000 }).catch(() => {});
        if (/\/(refresh|go)\?/.test(url))
          await page.waitForURL((u) => u.hostname !== OUTLET, { timeout: 1500 }).catch(() => {});
      }
      await page.close();
    };
    await Promise.all(Array.from({ length: 8 }, inTurn));
    expect(trap.reached()).toBe(0);
    expect(strangers()).toEqual([]);
  }, 600_000);

  it('would show in the count', async () => {
    const free = await openContext([
      `${OUTLET}:${outlet.port}`,
      `127.0.0.1:${trap.port}`,
      `loopback.example.org:${trap.port}`,
    ]);
    const page = await free.newPage();
    const before = trap.reached();
    for (const host of ['127.0.0.1', 'loopback.example.org']) await page.goto(`http://${host}:${trap.port}/secret`);
    expect(await page.textContent('body')).toBe('secret');
    expect(trap.reached()).toBeGreaterThan(before + 1);
    expect(strangers().length).toBeGreaterThan(0);
  });
});

describe.skipIf(!executablePath)('pages rendered for a source', () => {
  let fetcher: BrowserFetcher;
  let before: number;
  beforeAll(() => {
    before = trap.reached();
    connections.tried.splice(0);
    const limits = { allowHosts: [`${OUTLET}:${outlet.port}`], timeout: '100s', browser: { pages: 5 } };
    const resolve = fakeResolver(OUTLET);
    const client = clientFor(limits.allowHosts, { resolve }, limits);
    const log = createLogger('silent');
    fetcher = createBrowserFetcher({ executablePath, settings: settingsWith(limits), client, log, resolve });
    closing.push(client, fetcher);
  });

  it.concurrent.each(['fetch', 'script', 'image', 'frame', 'socket', 'worker'])(
    'reach no private address by %s',
    async (way) => {
      const source = resolveSource(SourceEntry.parse({ id: 'a', name: 'A', url: 'http://example.org/', delay: '0s' }));
      const found = await fetcher.render(source, `http://${OUTLET}:${outlet.port}/all?way=${way}`);
      expect(new TextDecoder().decode(found.bytes)).toContain('The council voted');
      expect(trap.reached()).toBe(before);
      expect(strangers()).toEqual([]);
    },
    150_000,
  );
});
