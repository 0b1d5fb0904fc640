import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { resolveSource, type Source, SourceEntry } from '../../../config/sources.js';
import { type BrowserFetcher, createBrowserFetcher, findBrowser } from '../../../crawlers/fetch/browser.js';
import { openEgress } from '../../../crawlers/fetch/egress.js';
import { createGuard } from '../../../crawlers/net/guard.js';
import { clientFor, page, type Site, serve, settingsWith } from '../net/loopback.js';

const executablePath = inject('browser');
const words = 'The council voted on Tuesday to close the bridge for repairs. '.repeat(10);
const closing: { close(): Promise<unknown> }[] = [];
afterAll(async () => {
  for (const c of closing.reverse()) await c.close();
});

const sourceWith = (more: Record<string, unknown> = {}): Source =>
  resolveSource(SourceEntry.parse({ id: 'a', name: 'A', url: 'http://example.org/', delay: '0s', ...more }));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const code = (c: string) => ({ code: c });

/** A page whose script runs this and then writes what came of it into the text. */
const scripted = (script: string) =>
  `<!doctype html><meta charset="iso-8859-1"><title>x</title><div id="app"></div><script type="module">
  const app = document.querySelector('#app');
  const say = (s) => app.insertAdjacentHTML('beforeend', '<p>' + s + '</p>');
  ${script}</script>`;

/** One outlet, whose answer each test sets, and two browsers that may reach it: a patient one and a strict one. */
const outlet = { answer: (() => {}) as RequestListener, site: null as Site | null };
const browsers: BrowserFetcher[] = [];

async function setUp(
  answer: RequestListener,
): Promise<{ site: Site; browser: BrowserFetcher; strict: BrowserFetcher }> {
  outlet.answer = answer;
  outlet.site ??= await serve((q, a) => {
    if (q.url === '/robots.txt') a.end('User-agent: *\nDisallow: /private/');
    else outlet.answer(q, a);
  });
  const site = outlet.site;
  site.asked.length = 0;
  if (browsers.length === 0) {
    closing.push(site);
    for (const limits of [{ timeout: '25s', maxBytes: '1MB' }, { timeout: '6s' }]) {
      const settings = settingsWith({ allowHosts: [site.host], ...limits });
      const client = clientFor([site.host], {}, limits);
      const made = createBrowserFetcher({
        executablePath: executablePath ?? '',
        settings,
        client,
        log: createLogger('silent'),
        patience: { quietMs: 400, shortMs: 1000 },
      });
      browsers.push(made);
      closing.push(client, made);
    }
  }
  const [browser, strict] = browsers;
  if (!browser || !strict) throw new Error('no browser');
  return { site, browser, strict };
}

describe('findBrowser', () => {
  it('refuses a named one that does not exist', () => {
    expect(() => findBrowser('/nowhere/chromium')).toThrowError(expect.objectContaining(code('CONFIG_ENV')));
  });

  it.skipIf(!executablePath)('takes the named one, else finds the system one', () => {
    expect(findBrowser(executablePath)).toBe(executablePath);
    expect(findBrowser(null)).toEqual(expect.any(String));
  });
});

describe('egress', () => {
  it('lets nobody through who does not know its password, and nobody to a private address', async () => {
    const site = await serve((_q, a) => page(a));
    const guard = createGuard({
      allowHosts: ['public.example.org'],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    const egress = await openEgress({ guard, upstream: null });
    closing.push(site, egress);
    const ask = (target: string, password: string | null) =>
      new Promise<string>((done) => {
        const socket = connect(Number(new URL(egress.server).port), '127.0.0.1');
        const pass =
          password === null
            ? ''
            : `Proxy-Authorization: Basic ${Buffer.from(`${egress.username}:${password}`).toString('base64')}\r\n`;
        socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${pass}\r\n`);
        let answer = '';
        socket.on('data', (d) => {
          answer += d;
          socket.end();
        });
        socket.on('close', () => done(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? 'closed'));
        socket.on('error', () => {});
      });
    const target = `public.example.org:${site.port}`;
    expect(await ask(target, null)).toBe('407');
    expect(await ask(target, 'guessed')).toBe('407');
    expect(await ask(target, egress.password)).toBe('200');
    for (const inner of [
      `127.0.0.1:${site.port}`,
      `localhost:${site.port}`,
      `[::1]:${site.port}`,
      `0x7f.1:${site.port}`,
      '169.254.169.254:80',
    ])
      expect(await ask(inner, egress.password)).toBe('403');
    expect(await ask(`rebound.example.org:${site.port}`, egress.password)).not.toBe('200');
  });
});

describe.skipIf(!executablePath)('browser', () => {
  it('gives the page as its scripts made it', async () => {
    const { site, browser } = await setUp((q, a) => {
      if (q.url === '/api')
        a.setHeader('content-type', 'application/json').end(JSON.stringify({ body: words, name: 'Zoë' }));
      else page(a, scripted(`const r = await (await fetch('/api')).json(); say(r.body); say(r.name);`));
    });
    const found = await browser.render(sourceWith(), `${site.origin}/a#top`);
    expect(found).toMatchObject({
      url: `${site.origin}/a`,
      via: 'browser',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(text(found.bytes)).toContain(words.trim());
    expect(text(found.bytes)).toContain('Zoë');
    expect(site.asked.find((q) => q.url === '/api')?.headers['user-agent']).toMatch(/^Sourcelink\//);
    expect(site.asked.filter((q) => q.url === '/a')).toHaveLength(1);
  });

  it('loads no images, fonts, media, frames or windows', async () => {
    const { site, browser } = await setUp((q, a) => {
      if (q.url === '/a')
        page(
          a,
          `<!doctype html><img src="/i.png"><video src="/v.mp4"></video><iframe src="/f"></iframe><link rel="icon" href="/favicon.ico"><style>@font-face{font-family:x;src:url(/x.woff2)}p{font-family:x}</style><p>${words}</p><script>window.open('/popup');navigator.sendBeacon('/beacon');try{new WebSocket('ws://'+location.host+'/ws')}catch{}</script>`,
        );
      else page(a);
    });
    await browser.render(sourceWith(), `${site.origin}/a`);
    expect(site.asked.map((q) => q.url).filter((u) => u !== '/robots.txt')).toEqual(['/a']);
  });

  it('obeys robots.txt, and passes the errors of the client on', async () => {
    const { site, browser } = await setUp((_q, a) => a.writeHead(410).end());
    await expect(browser.render(sourceWith(), `${site.origin}/private/a`)).rejects.toMatchObject(code('FETCH_ROBOTS'));
    await expect(browser.render(sourceWith(), `${site.origin}/gone`)).rejects.toMatchObject(code('FETCH_GONE'));
    await expect(browser.render(sourceWith(), 'http://10.0.0.1/')).rejects.toMatchObject(code('FETCH_BLOCKED_ADDRESS'));
  });

  it('lets no script reach a private address, by whatever name', async () => {
    const secret = await serve((_q, a) => {
      a.setHeader('access-control-allow-origin', '*');
      a.end('secret');
    });
    closing.push(secret);
    const targets = [
      `http://127.0.0.1:${secret.port}/`,
      `http://localhost:${secret.port}/`,
      `http://[::1]:${secret.port}/`,
      `http://0.0.0.0:${secret.port}/`,
      `http://2130706433:${secret.port}/`,
      `http://[::ffff:127.0.0.1]:${secret.port}/`,
    ];
    const { site, browser } = await setUp((_q, a) =>
      page(
        a,
        scripted(`for (const u of ${JSON.stringify(targets)}) { try { say('GOT ' + await (await fetch(u)).text()); } catch (e) { say('refused'); } }
        try { new RTCPeerConnection(); say('RTC'); } catch { say('no peers'); }
        await new Promise((r) => { const s = document.createElement('script'); s.src = ${JSON.stringify(targets[0])}; s.onload = s.onerror = r; document.body.append(s); });
        say(${JSON.stringify(words)});`),
      ),
    );
    const found = text((await browser.render(sourceWith(), `${site.origin}/a`)).bytes);
    expect(found.match(/<p>refused<\/p>/g)).toHaveLength(targets.length);
    expect(found).toContain('<p>no peers</p>');
    expect(secret.asked).toEqual([]);
  });

  it('follows a script to another page of the outlet, but not where robots.txt forbids', async () => {
    const { site, browser } = await setUp((q, a) => {
      if (q.url === '/a') page(a, `<script>location.replace('/b')</script>`);
      else if (q.url === '/c') page(a, `<p>${words}</p><script>location.replace('/private/x')</script>`);
      else page(a, `<p>${words}</p>`);
    });
    expect((await browser.render(sourceWith(), `${site.origin}/a`)).url).toBe(`${site.origin}/b`);
    expect((await browser.render(sourceWith(), `${site.origin}/c`)).url).toBe(`${site.origin}/c`);
    expect(site.asked.filter((q) => q.url?.startsWith('/private'))).toEqual([]);
  });

  it('takes a page that never goes quiet as it is when its time is nearly over', async () => {
    const { site, strict } = await setUp((q, a) => {
      if (q.url === '/a') page(a, scripted(`say(${JSON.stringify(words)}); fetch('/poll')`));
    });
    expect(text((await strict.render(sourceWith(), `${site.origin}/a`)).bytes)).toContain(words.trim());
  });

  it('gives up on a page that keeps the processor busy, and goes on with the next', async () => {
    const { site, strict } = await setUp((q, a) =>
      page(a, q.url === '/busy' ? scripted('for (;;);') : `<p>${words}</p>`),
    );
    await expect(strict.render(sourceWith(), `${site.origin}/busy`)).rejects.toMatchObject(code('FETCH_TIMEOUT'));
    expect((await strict.render(sourceWith(), `${site.origin}/calm`)).via).toBe('browser');
  });

  it('refuses a page that writes or loads without end', async () => {
    const { site, browser } = await setUp((q, a) => {
      if (q.url === '/writes') page(a, scripted(`app.hidden = true; say('x'.repeat(2_000_000))`));
      else if (q.url === '/loads') page(a, scripted(`for (let i = 0; ; i++) await (await fetch('/data' + i)).text()`));
      else a.end('x'.repeat(500_000));
    });
    await expect(browser.render(sourceWith(), `${site.origin}/writes`)).rejects.toMatchObject(code('FETCH_TOO_LARGE'));
    await expect(browser.render(sourceWith(), `${site.origin}/loads`)).rejects.toMatchObject(code('FETCH_TOO_LARGE'));
  });

  it('starts again after the browser is gone', async () => {
    const { site, strict } = await setUp((_q, a) => page(a, `<p>${words}</p>`));
    await strict.render(sourceWith(), `${site.origin}/a`);
    await strict.close();
    expect((await strict.render(sourceWith(), `${site.origin}/b`)).url).toBe(`${site.origin}/b`);
  });

  it('stops when it is told to', async () => {
    const { site, browser } = await setUp((_q, a) => page(a, scripted('setInterval(() => say(1), 50)')));
    const stop = new AbortController();
    const reason = new Error('shutting down');
    setTimeout(() => stop.abort(reason), 700);
    await expect(browser.render(sourceWith(), `${site.origin}/a`, stop.signal)).rejects.toBe(reason);
  });

  it('renders pages of several sources at the same time', async () => {
    const { site, browser } = await setUp((q, a) =>
      page(a, scripted(`say(${JSON.stringify(words)} + ${JSON.stringify(q.url)})`)),
    );
    const found = await Promise.all(
      [1, 2, 3, 4].map((n) => browser.render(sourceWith({ id: `s${n % 2}` }), `${site.origin}/p${n}`)),
    );
    expect(found.map((f, i) => text(f.bytes).includes(`/p${i + 1}</p>`))).toEqual([true, true, true, true]);
  });

  it("goes through a source's own proxy", async () => {
    const asked: string[] = [];
    const proxy = await serve((q, a) => {
      asked.push(q.url ?? '');
      if (q.url?.endsWith('/robots.txt')) a.writeHead(404).end();
      else if (q.url?.endsWith('/api')) a.end(words);
      else page(a, scripted(`say(await (await fetch('/api')).text())`));
    });
    closing.push(proxy);
    const { browser } = await setUp(() => {});
    const found = await browser.render(sourceWith({ proxy: proxy.origin }), 'http://outlet.example.org/story');
    expect(found.url).toBe('http://outlet.example.org/story');
    expect(text(found.bytes)).toContain(words.trim());
    expect(asked).toContain('http://outlet.example.org/api');
  });
});
