import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { claimForFetch, failed } from '../../ledger/candidates.js';
import { lockFolder } from '../../ledger/db/lock.js';
import { recordFound } from '../../ledger/found.js';
import { violations } from '../../ledger/invariant.js';
import { registerSources } from '../../ledger/sources.js';
import { categorize } from '../../workers/categorize/categorize.js';
import { publish } from '../../workers/publish/publish.js';
import { reconcile } from '../../workers/reconcile.js';
import type { Sink } from '../../workers/sink.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../setup/desk.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const sources = [outlet('herald', 'The Herald'), outlet('gazette', 'Gazette', { category: 'world' })];
const categories = [
  { path: 'world', id: 'world', label: 'World', parent: null, description: '', keywords: [], examples: [], iptc: null },
];

// A server where there is one: a PGlite for each command would take a second and more.
const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);
let backend: Backend;
let place: ReturnType<typeof operatorFolder>;
let ids: { first: string; refused: string; refusedNumber: number; unreachable: number; excluded: number };
let refuses = true;

/** Takes everything but what is called Refused, as long as `refuses` says so. */
const sink: Sink = {
  name: 'articles',
  deliver: async (batch) =>
    batch.map(({ message }) =>
      refuses && message.type !== 'article.retracted' && message.article.title === 'Refused'
        ? new SourcelinkError('SINK_REFUSED', 'the site says no')
        : null,
    ),
  close: async () => undefined,
};

/** The operator's ledger, for the time of `work`; the commands open it by themselves. */
async function onLedger<T>(work: (desk: Desk) => Promise<T>): Promise<T> {
  // The commands read the real clock.
  const desk = await openDesk(backend, sources, { categories, now: () => new Date() });
  desk.ctx.sinks.set('articles', sink);
  try {
    return await work(desk);
  } finally {
    await desk.ledger.close();
  }
}

const hints = {
  guid: null,
  title: null,
  authors: [],
  publishedAt: null,
  updatedAt: null,
  summary: null,
  image: null,
  language: null,
  tags: [],
  via: 'https://herald.example/feed',
};

beforeAll(async () => {
  place = operatorFolder(`
sources:
  - { id: herald, name: The Herald, url: "https://herald.example/" }
  - { id: gazette, name: Gazette, url: "https://gazette.example/", category: world }
`);
  if (!where) throw new Error('no backend');
  backend = await where.open();
  place.env['SOURCELINK_DATA'] = backend.dataDir;
  if (backend.databaseUrl) place.env['SOURCELINK_DATABASE_URL'] = backend.databaseUrl;
  ids = await onLedger(async ({ ctx, db, put }) => {
    await registerSources(db, sources);
    const first = await put({ source: 'herald', text: prose(1), title: 'Harbour opens', stage: 'categorize' });
    const pinned = await put({ source: 'gazette', text: prose(2), title: 'Bridge closes', stage: 'categorize' });
    const refused = await put({ source: 'gazette', text: prose(3), title: 'Refused', stage: 'categorize' });
    await categorize(ctx, { ids: [first.candidateId, pinned.candidateId, refused.candidateId] });
    await publish(ctx, { sink: 'articles' });
    await recordFound(db, 'herald', [
      { url: 'https://herald.example/gone', urlKey: 'herald.example/gone', hints, rejected: null },
      {
        url: 'https://herald.example/ad',
        urlKey: 'herald.example/ad',
        hints,
        rejected: { code: 'FILTER_EXCLUDE', reason: 'the URL matches filters.exclude /ad' },
      },
    ]);
    const [gone] = await claimForFetch(db, 'herald', ctx.owner, 1);
    if (!gone) throw new Error('nothing to fetch');
    const error = new SourcelinkError('FETCH_GONE', 'https://herald.example/gone answers 410');
    const held = { id: gone.id, owner: ctx.owner, attempts: 0, published: false };
    await failed(db, held, 'fetch', error, { attempts: 3, retryDelayMs: 1 });
    expect(await violations(db, ['articles'])).toEqual([]);
    return {
      first: first.id,
      refused: refused.id,
      refusedNumber: refused.candidateId,
      unreachable: gone.id,
      excluded: gone.id + 1,
    };
  });
});
afterAll(async () => {
  place.drop();
  await backend.drop();
});

const run = (...argv: string[]) => sourcelink(argv, { env: place.env });
type Line = { title: string | null; standing: string; source: string; categories: string[]; code: string | null };
const lines = async (...argv: string[]): Promise<Line[]> =>
  objectOf(await run('articles', 'list', '--json', ...argv))['articles'] as Line[];

describe('articles list', () => {
  it('shows every candidate with its outcome, and its article where there is one', async () => {
    const all = await lines();
    expect(all.map((a) => a.standing).sort()).toEqual(['dead', 'dead', 'published', 'published', 'rejected']);
    expect(all.find((a) => a.title === 'Bridge closes')).toMatchObject({ source: 'gazette', categories: ['world'] });
    expect(all.find((a) => a.standing === 'rejected')).toMatchObject({ code: 'FILTER_EXCLUDE', id: null });
  });

  it('filters by source, outcome, category and time, and limits', async () => {
    expect((await lines('--source', 'gazette')).every((a) => a.source === 'gazette')).toBe(true);
    expect((await lines('--outcome', 'dead', 'rejected')).map((a) => a.standing).sort()).toEqual([
      'dead',
      'dead',
      'rejected',
    ]);
    const world = await lines('--category', 'world');
    expect(world.every((a) => a.categories.includes('world'))).toBe(true);
    expect(world.map((a) => a.title)).toEqual(expect.arrayContaining(['Bridge closes', 'Refused']));
    expect(await lines('--category', 'wor')).toEqual([]);
    expect(await lines('--since', '1h')).toHaveLength(5);
    expect(await lines('--since', '2999-01-01')).toEqual([]);
    expect(await lines('--limit', '2')).toHaveLength(2);
  });

  it('fits its table to the terminal', async () => {
    const { out, err } = await sourcelink(['articles', 'list'], { env: { ...place.env, NO_COLOR: '1' }, columns: 60 });
    expect(err).toBe('Opening the ledger …\r\u001b[K');
    expect(out.split('\n').every((line) => line.length <= 60)).toBe(true);
    expect(out).toContain('Bridge closes');
  });
});

describe('articles show', () => {
  it('finds an article by id, start of the id, number and URL', async () => {
    for (const name of [ids.refused, ids.refused.slice(0, 8), String(ids.refusedNumber)]) {
      const shown = objectOf(await run('articles', 'show', name, '--json'));
      expect(shown).toMatchObject({
        candidate: { id: ids.refusedNumber, standing: 'dead', deadStage: 'publish', code: 'SINK_REFUSED' },
        article: { id: ids.refused, title: 'Refused' },
        revisions: [{ revision: 1, type: 'article.published' }],
        deliveries: [{ sink: 'articles', state: 'dead', reason: 'the site says no' }],
      });
    }
    const byUrl = objectOf(await run('articles', 'show', 'https://herald.example/gone', '--json'));
    expect(byUrl).toMatchObject({ candidate: { id: ids.unreachable, code: 'FETCH_GONE' }, article: null });
  });

  it('tells a person what became of it and what to do', async () => {
    const { out, code } = await run('articles', 'show', String(ids.refusedNumber));
    expect(code).toBe(0);
    expect(out).toMatch(/outcome +dead/);
    expect(out).toMatch(/hint +The sink refused/);
    expect(out).toMatch(/Source link +https:\/\/gazette\.example\//);
    expect(out).toMatch(/categories +world 1\.00 \(pin\)/);
    expect(out).not.toContain('discovered by');
    const why = await run('articles', 'show', String(ids.unreachable), '--why');
    expect(why.out).toMatch(/discovered by +https:\/\/herald\.example\/feed/);
  });
});

describe('sources', () => {
  it('list counts what became of each source', async () => {
    const { sources: all } = objectOf(await run('sources', 'list', '--json'));
    expect(all).toMatchObject([
      { id: 'herald', published: 1, dead: 1, waiting: 0 },
      { id: 'gazette', published: 1, dead: 1 },
    ]);
  });

  it('pause holds until resume', async () => {
    const paused = async () =>
      (objectOf(await run('sources', 'list', '--json'))['sources'] as { paused: boolean }[]).map((s) => s.paused);
    expect(objectOf(await run('sources', 'pause', 'herald', '--json'))).toEqual({ paused: true, sources: ['herald'] });
    expect(await paused()).toEqual([true, false]);
    expect((await run('sources', 'resume', 'herald')).code).toBe(0);
    expect(await paused()).toEqual([false, false]);
  });
});

describe('dead', () => {
  it('list names stage, code, reason and hint', async () => {
    const { dead } = objectOf(await run('dead', 'list', '--json'));
    expect(dead).toHaveLength(2);
    expect(dead).toContainEqual(
      expect.objectContaining({ candidate: ids.unreachable, stage: 'fetch', code: 'FETCH_GONE', sinks: [] }),
    );
    expect(dead).toContainEqual(
      expect.objectContaining({ candidate: ids.refusedNumber, stage: 'publish', sinks: ['articles'] }),
    );
    expect((await run('dead', 'list', '--source', 'gazette')).out).toContain('→ The sink refused the article');
  });

  it('retry puts a delivery back, and the next publishing brings it to its sink', async () => {
    const result = objectOf(await run('dead', 'retry', String(ids.refusedNumber), '--json'));
    expect(result).toMatchObject({ retried: [{ id: ids.refusedNumber, stage: 'publish' }], notDead: [] });
    refuses = false;
    await onLedger(async ({ ctx, db, jobs, outcome }) => {
      expect(await violations(db, ['articles'])).toEqual([]);
      await reconcile(Object.assign(ctx, { queues: { ...ctx.queues, stage: () => EMPTY_QUEUE } }));
      expect(jobs).toContainEqual({ queue: 'publish', data: { sink: 'articles' } });
      await publish(ctx, { sink: 'articles' });
      expect((await outcome(ids.refusedNumber)).outcome).toBe('published');
      expect(await violations(db, ['articles'])).toEqual([]);
    });
  });

  it('retry puts a page back to fetching with all its tries, and reconciling drives it', async () => {
    expect((await run('dead', 'retry', '--all')).out).toContain('back to fetch');
    await onLedger(async ({ ctx, db, jobs }) => {
      const row = await db.selectFrom('sourcelink.candidate').selectAll().where('id', '=', ids.unreachable).execute();
      expect(row).toMatchObject([{ stage: 'fetch', outcome: null, attempts: 0, code: null, deadStage: null }]);
      await reconcile(Object.assign(ctx, { queues: { ...ctx.queues, stage: () => EMPTY_QUEUE } }));
      expect(jobs).toContainEqual({ queue: 'crawl', data: { source: 'herald', discover: false } });
      expect(await violations(db, ['articles'])).toEqual([]);
    });
  });

  it('retry of what is not dead ends with 1 and says so', async () => {
    const ended = await run('dead', 'retry', String(ids.excluded));
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('is not dead');
  });
});

const EMPTY_QUEUE = { getJobCounts: async () => ({ waiting: 0 }) } as never;

describe('a PGlite that another process uses', () => {
  it('is named, and sources list still tells what is configured', async () => {
    const busy = operatorFolder();
    const dataDir = busy.env['SOURCELINK_DATA'] ?? '';
    mkdirSync(join(dataDir, 'ledger'), { recursive: true });
    const unlock = lockFolder(dataDir);
    try {
      const list = await sourcelink(['articles', 'list'], { env: busy.env });
      expect(list.code).toBe(1);
      expect(list.err).toMatch(/in use by process \d+\n {2}Stop the other/);
      const known = await sourcelink(['sources', 'list'], { env: busy.env });
      expect(known.code).toBe(0);
      expect(known.out).toContain('The Herald');
      expect(known.err).toContain('in use by process');
    } finally {
      unlock();
      busy.drop();
    }
  });
});

describe('sinks', () => {
  it('list shows what waits for each, and pause holds until resume', async () => {
    const states = async () =>
      (objectOf(await run('sinks', 'list', '--json'))['sinks'] as { name: string; state: string }[]).map(
        (s) => s.state,
      );
    expect(objectOf(await run('sinks', 'list', '--json'))['sinks']).toMatchObject([
      { name: 'articles', state: 'ok', waiting: 0, lagSeconds: 0, hint: null },
    ]);
    expect((await run('sinks', 'pause', 'articles')).out).toBe('articles is paused: new deliveries wait in order.\n');
    expect(await states()).toEqual(['paused']);
    expect((await run('sinks', 'resume', 'articles')).code).toBe(0);
    expect(await states()).toEqual(['ok']);
  });

  it('a misspelt name is answered with the nearest', async () => {
    const ended = await run('sinks', 'pause', 'artcles');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('Did you mean `articles`?');
  });
});

describe('articles replay, retract and show --diff', () => {
  const sent: string[] = [];
  const send = () =>
    onLedger(async ({ ctx, db }) => {
      sent.length = 0;
      ctx.sinks.set('articles', {
        ...sink,
        deliver: async (batch) => {
          sent.push(...batch.map(({ key, message }) => `${message.type} ${key.replace(message.id, 'ID')}`));
          return batch.map(() => null);
        },
      });
      await publish(ctx, { sink: 'articles' });
      expect(await violations(db, ['articles'])).toEqual([]);
    });

  it('replay sends the newest revision again, under another key each time', async () => {
    const dry = await run('articles', 'replay', '--sink', 'articles', '--since', '1h', '--dry-run');
    expect(dry.out).toMatch(/^3 articles since .* would be sent to articles again/);
    for (const n of [1, 2]) {
      expect(objectOf(await run('articles', 'replay', ids.first, '--sink', 'articles', '--json'))).toMatchObject({
        articles: 1,
      });
      await send();
      expect(sent).toEqual([`article.published ID-1-replay-${n}`]);
    }
    expect((await run('articles', 'replay', '--sink', 'nowhere')).code).toBe(2);
  });

  it('retract needs a reason, tells the sinks, and is undone', async () => {
    expect((await run('articles', 'retract', ids.first)).err).toContain('needs --reason');
    const taken = await run('articles', 'retract', ids.first, '--reason', 'court order');
    expect(taken.out).toMatch(/"Harbour opens" is retracted\n.*will be sent to articles/);
    await send();
    expect(sent).toEqual(['article.retracted ID-2']);
    expect((await run('articles', 'show', ids.first)).out).toMatch(/retracted +\d.* by the operator: court order/);
    expect((await lines('--outcome', 'retracted')).map((a) => a.title)).toEqual(['Harbour opens']);
    expect((await run('articles', 'show', ids.first, '--revisions')).out).toMatch(
      /^revision 1 {2}article\.published .*\nrevision 2 {2}article\.retracted .* court order\n$/,
    );
    expect((await run('articles', 'retract', ids.first, '--undo')).out).toContain(
      'is processed again from stage dedupe',
    );
    expect((await run('articles', 'retract', ids.first, '--undo')).code).toBe(1);
  });
});
