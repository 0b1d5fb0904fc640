import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { type BrowserFetcher, createBrowserFetcher } from '../../../crawlers/fetch/browser.js';
import { type Client, createClient } from '../../../crawlers/net/client.js';
import { createHostGate } from '../../../crawlers/net/politeness.js';
import { memoryRobots, page, type Site, serve, settingsWith } from '../net/loopback.js';

const executablePath = inject('browser');
const words = 'The council voted on Tuesday to close the bridge for repairs. '.repeat(10);
const source = resolveSource(SourceEntry.parse({ id: 'a', name: 'A', url: 'http://example.org/', delay: '0s' }));

/** What each page does to the browser that opens it. */
const PAGES: Record<string, string> = {
  '/calm': `<p>${words}</p>`,
  '/waits': `<p>${words}</p><script>setInterval(() => document.body.append('more '), 50)</script>`,
  // It grows too, so that it is not finished before its memory is looked at.
  '/takes': `<p>${words}</p><script>const kept = []; setInterval(() => { kept.push(new Uint8Array(4e7).fill(7)); document.body.append('more '); }, 20)</script>`,
  '/heap': `<p>${words}</p><script>const kept = []; for (;;) kept.push(Array.from({ length: 1e5 }, (_, i) => ({ i })))</script>`,
  '/hangs': '<p>x</p><script>for (;;);</script>',
  '/reloads': `<p>${words}</p><script>location.reload()</script>`,
  '/circles': `<p>${words}</p><script>location.href = '/circles?' + Math.random()</script>`,
  '/stays': `<p>${words}</p><script>addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay'; })</script>`,
  '/asks': `<div id="app"></div><script>for (let i = 0; i < 500; i++) alert(i); confirm('sure?'); prompt('who?'); print(); document.querySelector('#app').innerHTML = '<p>${words}</p>'</script>`,
  '/opens': `<p>${words}</p><script>setInterval(() => window.open('/calm?window'), 20)</script>`,
  '/downloads': `<p>${words}</p><script>const b = document.createElement('a'); b.href = URL.createObjectURL(new Blob(['x'])); b.download = 'x'; b.click()</script>`,
  '/works': `<p>${words}</p><script>navigator.serviceWorker?.register('/calm?worker')</script>`,
};

describe.skipIf(!executablePath)('a browser that pages attack', () => {
  let site: Site;
  let client: Client;
  let browser: BrowserFetcher;

  beforeAll(async () => {
    site = await serve((q, a) => page(a, `<!doctype html>${PAGES[q.url?.split('?')[0] ?? ''] ?? ''}`));
    const settings = settingsWith({
      allowHosts: [site.host],
      timeout: '12s',
      connectTimeout: '5s',
      browser: { pageMemory: '500MB' },
    });
    const log = createLogger('silent');
    client = createClient({ settings, gate: createHostGate(), robots: memoryRobots(), log });
    const patience = { quietMs: 400, shortMs: 1000 };
    browser = createBrowserFetcher({ executablePath: executablePath ?? '', settings, client, log, patience });
  });
  afterAll(async () => {
    await browser?.close();
    await client?.close();
    await site?.close();
  });

  const textOf = async (path: string): Promise<string> =>
    new TextDecoder().decode((await browser.render(source, site.origin + path)).bytes);
  const codeOf = (path: string): Promise<string> =>
    textOf(path).then(
      () => 'rendered',
      (error) => error.code,
    );
  const goesOn = async (): Promise<void> => expect(await textOf('/calm')).toContain(words.trim());

  it('is started again after it was killed, and its open pages are told', async () => {
    await goesOn();
    const open = [codeOf('/waits'), codeOf('/waits')];
    await asked('/waits', 2);
    for (const pid of chromium((line) => !line.includes('--type='))) process.kill(pid, 'SIGKILL');
    expect(await Promise.all(open)).toEqual(['FETCH_BROWSER', 'FETCH_BROWSER']);
    await goesOn();
  }, 120_000);

  it('loses only the page whose process was killed', async () => {
    const open = codeOf('/waits?crash');
    await asked('/waits?crash', 1);
    for (const pid of chromium((line) => line.includes('--type=renderer'))) process.kill(pid, 'SIGKILL');
    expect(await open).toBe('FETCH_CRASHED');
    await goesOn();
  }, 120_000);

  it.skipIf(process.platform !== 'linux')(
    'ends a page that takes memory without end, inside its heap and outside',
    async () => {
      expect(await codeOf('/takes')).toBe('FETCH_CRASHED');
      await goesOn();
      expect(['FETCH_CRASHED', 'FETCH_TIMEOUT']).toContain(await codeOf('/heap'));
      await goesOn();
    },
    120_000,
  );

  it('gives up a page whose script hangs', async () => {
    expect(await codeOf('/hangs')).toBe('FETCH_TIMEOUT');
    await goesOn();
  }, 120_000);

  it('leaves a page that reloads itself without end, and asks its publisher once', async () => {
    site.asked.length = 0;
    expect(await textOf('/reloads')).toContain(words.trim());
    expect(site.asked.filter((q) => q.url === '/reloads')).toHaveLength(1);
    expect(await textOf('/circles')).toContain(words.trim());
    expect(site.asked.filter((q) => q.url?.startsWith('/circles')).length).toBeLessThanOrEqual(4);
    await goesOn();
  }, 120_000);

  it('is held up by no question, neither on the page nor on leaving it', async () => {
    expect(await textOf('/asks')).toContain(words.trim());
    expect(await textOf('/stays')).toContain(words.trim());
    await goesOn();
  }, 120_000);

  it('opens no windows, takes no downloads, starts no workers', async () => {
    site.asked.length = 0;
    for (const path of ['/opens', '/downloads', '/works']) expect(await textOf(path)).toContain(words.trim());
    expect(site.asked.map((q) => q.url).filter((u) => u?.startsWith('/calm'))).toEqual([]);
    await goesOn();
  }, 120_000);

  async function asked(path: string, times: number): Promise<void> {
    while (site.asked.filter((q) => q.url === path).length < times || chromium(() => true).length === 0)
      await new Promise((go) => setTimeout(go, 50));
    // The document has come; its script runs soon after.
    await new Promise((go) => setTimeout(go, 2500));
  }
});

/** Processes of this test's own Chromium, by their command lines. */
function chromium(which: (line: string) => boolean): number[] {
  const parents = new Map<number, { parent: number; line: string }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'latin1'))?.[1]);
      parents.set(Number(name), {
        parent,
        line: readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' '),
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    for (let at = pid, n = 0; n < 10; n++) {
      if (at === process.pid) return true;
      at = parents.get(at)?.parent ?? 0;
    }
    return false;
  };
  return [...parents].filter(([pid, { line }]) => /chrom/.test(line) && isOurs(pid) && which(line)).map(([pid]) => pid);
}
