import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArticleMessage } from '../../contract/contract.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { prose } from '../setup/desk.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);
let backend: Backend;
let place: ReturnType<typeof operatorFolder>;
let server: Server;
let origin: string;

const TITLES = ['Harbour opens after the storm', 'Council repairs the river bridge', 'Teacher praises the new library'];

/** An outlet with a feed of three articles and an advertisement. */
function openOutlet(): Promise<Server> {
  const items = () =>
    [...TITLES.map((title, i) => ({ title, path: `/news/${i}` })), { title: 'Buy now', path: '/ads/1' }]
      .map((a) => `<item><title>${a.title}</title><link>${origin}${a.path}</link></item>`)
      .join('');
  const article = (i: number) => {
    const title = TITLES[i] ?? '';
    const head = `<title>${title}</title><meta property="article:published_time" content="2026-03-0${i + 1}T08:00:00Z">
      <meta name="author" content="Ada Byline">`;
    const paragraphs = prose(i + 1, 24)
      .split('\n')
      .map((p) => `<p>${p}</p>`);
    return `<!doctype html><html lang="en"><head>${head}</head><body><article><h1>${title}</h1>${paragraphs.join('')}</article></body></html>`;
  };
  const outlet = createServer((request, response) => {
    const path = request.url ?? '/';
    const number = /^\/news\/(\d)$/.exec(path)?.[1];
    const [type, body] =
      path === '/feed'
        ? ['application/rss+xml', `<rss version="2.0"><channel><title>Herald</title>${items()}</channel></rss>`]
        : number
          ? ['text/html', article(Number(number))]
          : ['text/plain', ''];
    if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304, { etag: '"1"' }).end();
    response.writeHead(body === '' ? 404 : 200, { 'content-type': `${type}; charset=utf-8`, etag: '"1"' });
    response.end(body);
  });
  return new Promise((done) => outlet.listen(0, '127.0.0.1', () => done(outlet)));
}

beforeAll(async () => {
  server = await openOutlet();
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  place = operatorFolder(`
defaults: { republish: full, delay: 1ms }
sources:
  - { id: herald, name: The Herald, url: "${origin}/", feeds: ["${origin}/feed"], filters: { exclude: ["/ads/"] } }
`);
  const settings = `
fetch: { allowHosts: ["${origin.replace('http://', '')}"], attempts: 1 }
extract: { deadline: 60s, threads: 1 }
`;
  writeFileSync(join(place.folder, 'sourcelink.yaml'), settings);
  if (!where) throw new Error('no backend');
  backend = await where.open();
  place.env['SOURCELINK_DATA'] = backend.dataDir;
  if (backend.databaseUrl) place.env['SOURCELINK_DATABASE_URL'] = backend.databaseUrl;
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  place.drop();
  await backend.drop();
});

const run = (...argv: string[]) => sourcelink(argv, { env: place.env });

describe('sources check', () => {
  it('says what is found at each source, and how', async () => {
    const ended = await run('sources', 'check', '--json');
    expect(ended.code).toBe(0);
    expect(objectOf(ended)).toMatchObject({ sources: [{ id: 'herald', articles: 4, problems: [] }] });
    expect((await run('sources', 'check', 'herald')).out).toMatch(
      /✓ herald {2}4 articles[\s\S]*by 1 feed[\s\S]*feed +http.*\/feed/,
    );
  });
});

describe('try', () => {
  it('prints the message as it would be published, with why beside it', async () => {
    const ended = await run('try', `${origin}/news/0`, '--json');
    expect(ended.code).toBe(0);
    const { why, ...message } = objectOf(ended);
    const read = ArticleMessage.parse(message);
    if (read.type !== 'article.published') throw new Error(read.type);
    expect(read.article).toMatchObject({ title: TITLES[0], publishedAt: '2026-03-01T08:00:00.000Z' });
    expect(read.article.html).toMatch(/>Source link<\/a><\/p>$/);
    expect(why).toMatchObject({ source: 'herald', leftOut: null, page: { via: 'http' } });
  });

  it('reads a saved file without network or ledger, by the source that its canonical link belongs to', async () => {
    const file = join(place.folder, 'saved.html');
    const link = `<link rel="canonical" href="${origin}/news/1">`;
    const html = await (await fetch(`${origin}/news/1`)).text();
    writeFileSync(file, html.replace('<head>', `<head>${link}`));
    const env = { ...place.env, SOURCELINK_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    const ended = await sourcelink(['try', file], { env });
    expect(ended.err).toBe('');
    expect(ended.code).toBe(0);
    expect(ended.out).toContain(TITLES[1]);
    expect(ended.out).toMatch(/source +The Herald \(herald\)/);
    expect(ended.out).toMatch(/published +2026-03-02 08:00Z {2}← /);
    expect(ended.out).toContain('Source link');
  });

  it('says of a page that a filter leaves out that it would be', async () => {
    const file = join(place.folder, 'saved.html');
    const json = objectOf(await run('try', file, '--source', 'herald', '--url', `${origin}/ads/7`, '--json'));
    expect(json['why']).toMatchObject({ leftOut: { code: 'FILTER_EXCLUDE' } });
  });

  it('ends with 1, the code and the hint for what is no article', async () => {
    const file = join(place.folder, 'empty.html');
    writeFileSync(file, '<!doctype html><title>Nothing</title><p>Nothing here.</p>');
    const ended = await run('try', file, '--url', 'https://herald.example/nothing', '--json');
    expect(ended.code).toBe(1);
    expect(ended.out).toBe('');
    const { error } = JSON.parse(ended.err);
    expect(error.code).toMatch(/^EXTRACT_/);
    expect(error.hint).toBeTruthy();
    const nowhere = await run('try', file);
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('Add --url')]);
  });
});

describe('run', () => {
  it('publishes what is there, shows its progress on standard error and ends with one object', async () => {
    const ended = await run('run', '--json');
    expect(ended.code).toBe(0);
    const summary = objectOf(ended);
    const { discovered, fetched, extracted, published, rejected, duplicates, dead, updated } = summary;
    expect({ discovered, fetched, extracted, published, rejected, duplicates, dead, updated }).toEqual({
      discovered: 4,
      fetched: 3,
      extracted: 3,
      published: 3,
      rejected: 1,
      duplicates: 0,
      dead: 0,
      updated: 0,
    });
    expect(summary['bySource']).toMatchObject({ herald: { state: 'ok', published: 3 } });
    expect(summary['seconds']).toBeGreaterThan(0);
    for (const line of ended.err.trim().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object');
  });

  it('finds nothing new the second time, and says so to a person', async () => {
    const ended = await run('run', '--source', 'herald');
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/source +state +new +unchanged +published/);
    expect(ended.out).toMatch(/herald +ok +· +1 +·/);
    expect(ended.out).toMatch(/Done in [\d.]+ s\./);
  });

  it('visits with --due only those whose time has come', async () => {
    const ended = await run('run', '--due', '--json');
    expect(ended.code).toBe(0);
    expect(ended.err).toContain('"sources":{"done":0,"all":0}');
    expect((await run('run', '--due')).err).toContain('Due: 0 of 1 source.');
    expect(objectOf(ended)).toMatchObject({ discovered: 0, notModified: 0, bySource: {} });
    const list = objectOf(await run('sources', 'list', '--json'));
    expect(list).toMatchObject({
      sources: [
        { auto: { minMs: 300_000, maxMs: 21_600_000 }, nextVisitAt: expect.any(String), nextVisitWhy: 'rhythm' },
      ],
    });
  });

  it('keeps the pages that were read, for a labelled set that eval can score', async () => {
    const set = join(place.folder, 'set');
    const ended = await run('articles', 'label', set, '--source', 'herald', '--json');
    expect(ended.code).toBe(0);
    expect(objectOf(ended)).toMatchObject({ dir: set, added: [1, 2, 3].map(() => expect.any(String)), there: [] });
    expect(objectOf(await run('articles', 'label', set, '--json'))).toMatchObject({ added: [], there: { length: 3 } });
    const { sets } = objectOf(await run('eval', 'metadata', set, '--json'));
    expect(sets).toMatchObject([{ ours: { titleExact: { right: 3, of: 3 }, dateSameDay: { right: 3, of: 3 } } }]);
  });

  it('leaves out a paused source', async () => {
    await run('sources', 'pause', 'herald');
    const ended = await run('run');
    await run('sources', 'resume', 'herald');
    expect(ended.code).toBe(0);
    expect(ended.err).toContain('Skipped because they are paused: herald');
  });

  it('ends with 1 and the hint when every source failed', async () => {
    server.close();
    server.closeAllConnections();
    const ended = await run('run');
    server = await openOutlet();
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/herald +failing/);
    expect(ended.out).toContain('→ ');
  });

  it('ends in order when it is interrupted', async () => {
    const ended = await sourcelink(['run', '--json'], { env: place.env, signal: AbortSignal.abort() });
    expect(ended.code).toBe(1);
    expect(objectOf(ended)).toMatchObject({ interrupted: true, published: 0 });
  });
});

describe('start', () => {
  it('says what runs, and drains when it is told to end', async () => {
    const stop = new AbortController();
    const ending = sourcelink(['start', '--json'], { env: place.env, signal: stop.signal });
    await delay(2000);
    stop.abort();
    const ended = await ending;
    expect(ended.code).toBe(0);
    expect(objectOf(ended)).toMatchObject({
      stages: ['crawl', 'backfill', 'extract', 'dedupe', 'categorize', 'publish'],
      sinks: ['articles', 'feed'],
      sources: 1,
      planned: 1,
    });
  });
});
