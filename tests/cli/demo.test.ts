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
    stop.abort();
    expect(await ending).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  }, 180_000);
});
