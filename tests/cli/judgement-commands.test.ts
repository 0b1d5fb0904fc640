import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flattenCategories } from '../../config/categories.js';
import { violations } from '../../ledger/invariant.js';
import { registerSources } from '../../ledger/sources.js';
import { categorize } from '../../workers/categorize/categorize.js';
import { dedupe } from '../../workers/dedupe/dedupe.js';
import { publish } from '../../workers/publish/publish.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../setup/desk.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const sources = [outlet('herald', 'The Herald'), outlet('gazette', 'Gazette'), outlet('courier', 'Courier')];
const tree = [
  { id: 'sea', label: 'Sea', keywords: ['flood', 'storm'], examples: ['Storm floods the coast'] },
  { id: 'music', label: 'Music', keywords: ['orchestra', 'conductor'], examples: ['Orchestra plays again'] },
];
const categories = flattenCategories(tree);
const FLOOD = 'Flood in Port Verity drives hundreds from their homes';
const LEDE = 'Flood water entered Port Verity on Monday and hundreds left their homes.';

/** Longer than what of a text says which event it reports. */
const MUSIC = `The orchestra has a new conductor, ${'Mira Lund of Ostholm, who plays viola and leads choirs, '.repeat(8)}since May.`;
const BREAD = `Bakers in Ellwick, ${'who knead rye dough by hand at dawn and sell loaves, '.repeat(9)}take a rest.`;

// A server where there is one: a PGlite for each command would take a second and more.
const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);
let backend: Backend;
let place: ReturnType<typeof operatorFolder>;
let ids: Record<'flood' | 'copy' | 'other' | 'music' | 'unsorted', { id: string; candidateId: number }>;

async function onLedger<T>(work: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = await openDesk(backend, sources, { categories, settings: { categorize: { threshold: 0.6 } } });
  const sink = { name: 'articles', deliver: async (b: unknown[]) => b.map(() => null), close: async () => undefined };
  desk.ctx.sinks.set('articles', sink);
  try {
    return await work(desk);
  } finally {
    await desk.ledger.close();
  }
}

/** What a worker does with what was changed. */
const carryOut = ({ ctx }: Desk, ...numbers: number[]): Promise<void> =>
  dedupe(ctx, { ids: numbers })
    .then(() => categorize(ctx, { ids: numbers }))
    .then(() => publish(ctx, { sink: 'articles' }));

beforeAll(async () => {
  place = operatorFolder(`
sources:
  - { id: herald, name: The Herald, url: "https://herald.example/" }
  - { id: gazette, name: Gazette, url: "https://gazette.example/" }
  - { id: courier, name: Courier, url: "https://courier.example/" }
`);
  const folder = place.env['SOURCELINK_CONFIG'] ?? '';
  writeFileSync(join(folder, 'categories.yaml'), JSON.stringify({ categories: tree }));
  writeFileSync(join(folder, 'sourcelink.yaml'), 'publish: { sinks: { articles: { type: queue } } }\n');
  if (!where) throw new Error('no backend');
  backend = await where.open();
  place.env['SOURCELINK_DATA'] = backend.dataDir;
  if (backend.databaseUrl) place.env['SOURCELINK_DATABASE_URL'] = backend.databaseUrl;
  ids = await onLedger(async (desk) => {
    await registerSources(desk.db, sources);
    const put = (source: string, title: string, text: string) => desk.put({ source, title, text });
    const made = {
      flood: await put('herald', FLOOD, `${LEDE}\n${prose(1)}`),
      copy: await put('courier', FLOOD, `${LEDE}\n${prose(1)}`),
      other: await put('gazette', 'Hundreds leave their homes as flood reaches Port Verity', `${LEDE}\n${prose(2)}`),
      music: await put('herald', 'Orchestra names a conductor', `${MUSIC}\n${prose(3)}`),
      unsorted: await put('gazette', 'Nothing of the sort', `${BREAD}\n${prose(4)}`),
    };
    await carryOut(desk, ...Object.values(made).map((a) => a.candidateId));
    return made;
  });
});
afterAll(async () => {
  place.drop();
  await backend.drop();
});

const run = (...argv: string[]) => sourcelink(argv, { env: place.env });

describe('articles show --why', () => {
  it('tells of what an article is a copy, with a passage of both', async () => {
    const { out } = await run('articles', 'show', ids.copy.id, '--why');
    expect(out).toMatch(
      /copy +of "Flood in Port Verity drives hundreds from their homes" \(herald, [0-9a-f]{8}\): the texts are the same/,
    );
    expect(out).toContain('“flood water entered port verity');
    expect(out).toMatch(/story +"Flood .*, with 2 other articles; in common: .*flood/);
  });

  it('tells which words filed it', async () => {
    expect((await run('articles', 'show', ids.music.id, '--why')).out).toMatch(
      /category +music: by keywords: .*orchestra/,
    );
    const { why } = objectOf(await run('articles', 'show', ids.music.id, '--why', '--json'));
    expect(why).toMatchObject({ copy: null, categories: [{ path: 'music', by: 'keywords' }] });
  });
});

describe('articles split and merge', () => {
  it('are carried out by what runs next', async () => {
    const { out, err, code } = await run('articles', 'split', ids.copy.id.slice(0, 8));
    expect([code, out]).toEqual([
      0,
      `"${FLOOD}" (courier) is now an article of its own, separate from "${FLOOD}" (herald).\n`,
    ]);
    expect(err).toContain('The next `sourcelink run`, or a running worker, applies this.');
    await onLedger(async (desk) => {
      await carryOut(desk, ids.copy.candidateId);
      expect((await desk.outcome(ids.copy.candidateId)).outcome).toBe('published');
    });
    const merged = objectOf(await run('articles', 'merge', String(ids.copy.candidateId), ids.flood.id, '--json'));
    expect(merged).toMatchObject({ id: ids.copy.id, copyOf: { id: ids.flood.id, source: 'herald' } });
    await onLedger(async (desk) => {
      await carryOut(desk, ids.copy.candidateId);
      expect(await desk.outcome(ids.copy.candidateId)).toMatchObject({
        outcome: 'duplicate',
        duplicateOf: ids.flood.id,
      });
      expect(await violations(desk.db, ['articles'])).toEqual([]);
    });
    expect((await run('articles', 'show', ids.copy.id, '--why')).out).toContain('decided by a person');
  });

  it('say what cannot be', async () => {
    const ended = await run('articles', 'split', ids.music.id);
    expect([ended.code, ended.err]).toEqual([2, expect.stringContaining('is not a copy of another article.')]);
    expect((await run('articles', 'merge', ids.music.id, 'nothing')).err).toContain('There is no article `nothing`.');
  });
});

describe('stories', () => {
  it('are listed with how many have them, and shown with their articles', async () => {
    const { stories } = objectOf(await run('stories', 'list', '--json'));
    expect(stories).toMatchObject([{ title: FLOOD, size: 3, sources: 3, pinned: false }]);
    const { out } = await run('stories', 'show', ids.flood.id.slice(0, 8));
    expect(out).toMatch(/articles +3, of 3 sources/);
    expect(out).toContain('(copy of ');
  });

  it('let an article go and take it back, and stay as a person made them', async () => {
    expect((await run('stories', 'split', ids.other.id)).out).toContain('was moved to a story of its own');
    expect(objectOf(await run('stories', 'list', '--json'))['stories']).toMatchObject([{ size: 2 }]);
    await onLedger(async (desk) => {
      const late = await desk.put({ source: 'gazette', title: FLOOD, text: `${LEDE}\n${prose(7)}` });
      await carryOut(desk, late.candidateId);
    });
    const of = async (id: string) =>
      (objectOf(await run('articles', 'show', id, '--json'))['article'] as { storyId: string }).storyId;
    expect(await of(ids.other.id)).not.toBe(await of(ids.flood.id));
    const merged = await run('stories', 'merge', await of(ids.other.id), await of(ids.flood.id));
    expect(merged.code).toBe(0);
    expect(await of(ids.other.id)).toBe(await of(ids.flood.id));
    expect((await run('stories', 'show', ids.other.id)).out).toContain('corrected');
    await onLedger(async (desk) => expect(await violations(desk.db, ['articles'])).toEqual([]));
  });

  it('say what is not there', async () => {
    expect((await run('stories', 'show', 'ffffffff')).err).toContain('There is no story `ffffffff`.');
    expect((await run('stories', 'merge', ids.flood.id, ids.flood.id)).err).toContain('cannot be merged into itself');
  });
});

describe('categories', () => {
  it('review lists what is unsorted first, and what the classifier is not sure of', async () => {
    const { articles } = objectOf(await run('categories', 'review', '--below', '0.01', '--json'));
    expect(articles).toMatchObject([{ number: ids.unsorted.candidateId, categories: [] }]);
    expect((await run('categories', 'review', '--below', '1')).out).toMatch(/music 0\.\d\d +Orchestra names/);
    expect((await run('categories', 'review', '--below', '7')).err).toContain('Write a number above 0 and up to 1.');
  });

  it('accept and file make examples, which the sinks and the next classifier get', async () => {
    expect((await run('categories', 'accept', ids.music.id)).out).toContain('is filed under music.');
    expect((await run('categories', 'accept', ids.unsorted.id)).err).toContain('there is nothing to accept');
    expect((await run('categories', 'file', ids.unsorted.id, 'muzic')).err).toContain('Did you mean `music`?');
    expect((await run('categories', 'file', ids.unsorted.id, 'sea', 'music')).out).toContain(
      'is filed under sea, music.',
    );
    const { article } = objectOf(await run('articles', 'show', ids.unsorted.id, '--json'));
    expect(article).toMatchObject({ revision: 2, categories: [{ path: 'sea', by: 'person' }, { path: 'music' }] });
    await onLedger(async (desk) => {
      await publish(desk.ctx, { sink: 'articles' });
      expect(await violations(desk.db, ['articles'])).toEqual([]);
    });
    expect(objectOf(await run('categories', 'list', '--json'))).toMatchObject({
      categories: [
        { path: 'sea', examples: 1 },
        { path: 'music', examples: 1 },
      ],
    });
    expect(objectOf(await run('categories', 'review', '--below', '0.01', '--json'))).toEqual({ articles: [] });
  });
});
