import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/program.js';

// `demo --once` is run from the installed package: tests/package.test.ts.
describe('demo', () => {
  it('ends with the site open, holding all that was published, until it is told to end', async () => {
    const stop = new AbortController();
    let out = '';
    const stdout = {
      write: (text: string) => {
        out += text;
      },
    };
    const ending = main(['demo'], { stdout, stderr: { write: () => undefined }, env: {}, signal: stop.signal });
    let url: string | undefined;
    while (url === undefined) {
      await delay(200);
      url = /^the site +(http:\/\/127\.0\.0\.1:\d+)$/m.exec(out)?.[1];
    }
    const published = Number(/First pass: (\d+) articles published/.exec(out)?.[1]);
    const sitemap = await (await fetch(`${url}/sitemap-1.xml`)).text();
    const listed = (await (await fetch(`${url}/source`)).text()).matchAll(/(\d+) articles?, newest/g);
    expect([...listed].reduce((sum, m) => sum + Number(m[1]), 0)).toBe(published);
    expect(sitemap).toContain('<loc>');
    const front = await (await fetch(url)).text();
    expect(front).toContain('Editors Picks');
    await withdrawFirst(url, /\/desk, password (\S+)/.exec(out)?.[1] ?? '');
    stop.abort();
    expect(await ending).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  }, 180_000);
});

/** Withdraws an article at the desk and waits until it came back through ledger, outbox and queue. */
async function withdrawFirst(url: string, password: string): Promise<void> {
  const read = async (path: string, cookie = '') => await (await fetch(url + path, { headers: { cookie } })).text();
  const tokenIn = (text: string) => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const send = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: url, cookie },
      body: new URLSearchParams(form),
    });
  const login = { token: tokenIn(await read('/desk/login')), name: 'Visitor', password };
  const cookie = (await send('/desk/login', login)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const path = /href="(\/desk\/article\/[^"]+)"/.exec(await read('/desk', cookie))?.[1] ?? '';
  const article = await read(path, cookie);
  const slug = /href="(\/article\/[^"]+)"/.exec(article)?.[1] ?? '';
  expect((await fetch(url + slug)).status).toBe(200);
  await send(`${path}/withdraw`, { token: tokenIn(article), reason: 'shown to a visitor' }, cookie);
  let status = 0;
  for (let n = 0; n < 100 && status !== 410; n++) {
    status = (await fetch(url + slug)).status;
    await delay(100);
  }
  expect(status).toBe(410);
  expect(await read(slug)).toContain('shown to a visitor');
}
