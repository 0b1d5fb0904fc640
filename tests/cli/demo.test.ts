import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/program.js';
import type { PassSummary } from '../../workers/pass.js';
import { objectOf, sourcelink } from './command-line.js';

describe('demo --once', () => {
  it('publishes every outlet, folds copies, brings the correction, breaks no rule and leaves nothing behind', async () => {
    const ended = await sourcelink(['demo', '--once', '--json']);
    const { first, second, sample, feed, trespasses, violations, articles } = objectOf(ended);
    expect(ended.code).toBe(0);
    expect({ trespasses, violations }).toEqual({ trespasses: [], violations: [] });
    const { bySource, duplicates, waiting } = first as PassSummary;
    // Without a browser the outlet that scripts write stays out.
    for (const [id, s] of Object.entries(bySource))
      if (id !== 'signalworks') expect([id, s.published > 0]).toEqual([id, true]);
    expect(duplicates).toBeGreaterThan(0);
    expect(waiting).toBe(0);
    expect(second).toMatchObject({ published: 0, updated: 1 });
    expect(sample).toMatchObject({ type: 'article.updated', revision: 2 });
    expect((articles as { standing: string }[]).every((a) => a.standing !== 'waiting')).toBe(true);
    expect(existsSync(String(feed))).toBe(false);
  }, 180_000);
});

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
