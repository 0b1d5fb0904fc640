import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BACKENDS } from '../setup/backends.js';
import { objectOf, sourcelink } from './command-line.js';
import { article, feed, HEADLINES, home, type Outlet, openOutlet, pathOf } from './outlet.js';

let outlet: Outlet;
const file = () => readFileSync(join(outlet.place.folder, 'sources.yaml'), 'utf8');
const check = (...argv: string[]) => sourcelink(['sources', 'check', ...argv], { env: outlet.place.env });

beforeEach(async () => {
  outlet = await openOutlet(
    (origin) => `# Ours.
defaults: { delay: 1ms }
sources:
  - id: quay
    name: The Quay & Tide
    url: ${origin}/
    feeds: [ '${origin}/old' ] # theirs
`,
  );
  for (let i = 0; i < HEADLINES.length; i++) outlet.pages.set(pathOf(i), article(i));
  outlet.pages.set('/', home('/rss'));
  outlet.pages.set('/rss', feed(outlet.origin));
});
afterEach(() => outlet.close());

describe('sources check', () => {
  it('says that all is well, having read the newest article', async () => {
    outlet.pages.set('/old', feed(outlet.origin));
    const ended = await check();
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(
      /✓ quay {2}5 articles[\s\S]*feed +http\S+\/old\n[\s\S]*read +Ada Byline, 2026-03-05, \d+ words/,
    );
    expect(outlet.asked.filter((p) => p.startsWith('/2026'))).toEqual([pathOf(4)]);
  });

  it('finds where a feed is now that is gone, and changes nothing', async () => {
    const before = file();
    const ended = await check('--articles', '0');
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(
      /✗ quay {2}moved[\s\S]*DISCOVER_MOVED[\s\S]*\/old is gone; http\S+\/rss was found in its place/,
    );
    expect(ended.out).toContain('sourcelink sources check ID --accept');
    expect(file()).toBe(before);
  });

  it('writes the new address with --accept, and nothing else', async () => {
    outlet.pages.set('/old', { status: 301, location: '/rss' });
    const before = file();
    const ended = await check('--accept', '--json', '--articles', '0');
    const [was, now] = [`${outlet.origin}/old`, `${outlet.origin}/rss`];
    expect(objectOf(ended)).toMatchObject({
      sources: [{ id: 'quay', state: 'moved', fine: false, articles: 5, endpoints: [{ url: was, movedTo: now }] }],
      accepted: [{ id: 'quay', was, now }],
    });
    expect(file()).toBe(before.replace(`'${was}'`, `"${now}"`));
    expect((await check('--articles', '0')).code).toBe(0);
  });

  it('ends with 1 and a hint when articles are listed and none can be read', async () => {
    outlet.pages.set('/old', feed(outlet.origin));
    for (let i = 0; i < HEADLINES.length; i++)
      outlet.pages.set(pathOf(i), { body: '<html><body>Sign in</body></html>' });
    const ended = await check('--json');
    expect(ended.code).toBe(1);
    expect(objectOf(ended)).toMatchObject({
      sources: [
        { state: 'ok', fine: false, read: { read: 0 }, problems: [{ code: expect.stringMatching(/^EXTRACT_/) }] },
      ],
    });
  });

  it('ends with 1 when a host refuses', async () => {
    outlet.pages.set('/old', { status: 403 });
    const ended = await check('--json');
    expect(ended.code).toBe(1);
    expect(objectOf(ended)).toMatchObject({ sources: [{ state: 'blocked', problems: [{ code: 'FETCH_FORBIDDEN' }] }] });
  });
});

describe('a source whose feed has moved', () => {
  const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);

  it('goes on, and is listed as moved with the hint until the new address is written', async () => {
    if (!where) throw new Error('no backend');
    const backend = await where.open();
    const env = { ...outlet.place.env, SOURCELINK_DATA: backend.dataDir, NO_COLOR: '1' };
    if (backend.databaseUrl) Object.assign(env, { SOURCELINK_DATABASE_URL: backend.databaseUrl });
    const listed = async () => {
      const { sources } = objectOf(await sourcelink(['sources', 'list', '--json'], { env }));
      return (sources as Record<string, unknown>[])[0];
    };
    outlet.pages.set('/old', { status: 301, location: '/rss' });
    await sourcelink(['run'], { env });
    expect(await listed()).toMatchObject({
      state: 'moved',
      code: 'DISCOVER_MOVED',
      failures: 0,
      published: 5,
      lagSeconds: null,
      hint: expect.stringContaining('--accept'),
    });
    expect((await sourcelink(['sources', 'list'], { env, columns: 80 })).out).toMatch(
      /quay +moved +just now[\s\S]*- quay: feed http\S+\/old has moved for good to\s+http\S+\/rss\n +→ Write the new address/,
    );
    outlet.pages.set('/old', { status: 404 });
    await sourcelink(['run'], { env });
    expect(await listed()).toMatchObject({ state: 'moved', failures: 1, reason: expect.stringContaining('is gone') });
    await check('--accept', '--articles', '0');
    await sourcelink(['run'], { env });
    expect(await listed()).toMatchObject({ state: 'ok', failures: 0, reason: null, published: 5 });
    await backend.drop();
  });
});
