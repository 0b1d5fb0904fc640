import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectOf, sourcelink } from './command-line.js';
import { HEADLINES, type Outlet, openOutlet, pathOf } from './outlet.js';

describe('sourcelink sources backfill', { timeout: 300_000 }, () => {
  let outlet: Outlet;
  beforeAll(async () => {
    outlet = await openOutlet(
      (origin) => `sources:\n  - { id: quay, name: The Quay & Tide, url: "${origin}/", delay: 0ms, render: never }\n`,
    );
    const urls = HEADLINES.map((_, i) => `<url><loc>${outlet.origin}${pathOf(i)}</loc></url>`);
    outlet.pages.set('/sitemap.xml', {
      type: 'application/xml',
      body: `<urlset>${urls.join('')}<url><loc>${outlet.origin}/2025/11/02/an-older-report</loc></url></urlset>`,
    });
  });
  afterAll(() => outlet.close());
  const run = (...argv: string[]) => sourcelink(['sources', 'backfill', ...argv], { env: outlet.place.env });

  it('only counts with --dry-run', async () => {
    const ended = await run('quay', '--since', '2025-01-01', '--dry-run');
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/2026-03 +5\n2025-11 +1\n/);
    expect(ended.out).toContain('6 articles from this period found');
    const listed = await sourcelink(['sources', 'list', '--json'], { env: outlet.place.env });
    expect(objectOf(listed)).toMatchObject({ sources: [{ id: 'quay', backfill: null }] });
  });

  it('puts what it finds behind the news, once, and says how many are left', async () => {
    const first = await run('quay', '--since', '2026-01-01', '--until', '2026-03-31', '--limit', '2', '--json');
    expect(objectOf(first)).toMatchObject({ source: 'quay', found: 5, added: 2, complete: false });
    const second = await run('quay', '--since', '2026-01-01', '--until', '2026-03-31', '--json');
    expect(objectOf(second)).toMatchObject({ added: 3, complete: true, byMonth: { '2026-03': 3 } });
    const listed = await sourcelink(['sources', 'list', '--json'], { env: outlet.place.env });
    expect(objectOf(listed)).toMatchObject({
      sources: [{ backfill: { since: '2026-01-01T00:00:00.000Z', waiting: 5, published: 0, planned: true } }],
    });
    const shown = await sourcelink(['sources', 'list'], { env: outlet.place.env });
    expect(shown.out).toContain('quay: 5 articles from its archive waiting');
  });

  it('refuses days that cannot be, and a source that is not there', async () => {
    expect(await run('quay', '--since', '2026-03-01', '--until', '2026-01-01')).toMatchObject({ code: 2 });
    expect(await run('quay')).toMatchObject({ code: 2 });
    const unknown = await run('key', '--since', '7d');
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('There is no source `key`') });
  });
});
