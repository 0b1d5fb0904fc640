import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { extract } from '../../extractors/extract.js';
import { lockFolder } from '../../ledger/db/lock.js';
import { saveDigest } from '../../ledger/profiles.js';
import { registerSources } from '../../ledger/sources.js';
import { learnProfiles } from '../../workers/extract/profiles.js';
import { pageInput } from '../extractors/page-input.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { openDesk, outlet, prose } from '../setup/desk.js';
import { CLOSING, outletPage } from '../setup/outlet-pages.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const YAML = `
sources:
  - { id: lantern, name: The Lantern, url: "https://lantern.example/", republish: full }
  - { id: ruled, name: Ruled, url: "https://ruled.example/", republish: full, extract: { body: .story-copy } }
  - { id: changed, name: Changed, url: "https://changed.example/" }
  - { id: young, name: Young, url: "https://young.example/" }
`;
const SOURCES = ['lantern', 'ruled', 'changed', 'young'].map((id) => outlet(id, id));

const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);
let backend: Backend;
let place: ReturnType<typeof operatorFolder>;
let page: string;

beforeAll(async () => {
  if (!where) throw new Error('no backend');
  place = operatorFolder(YAML);
  backend = await where.open();
  place.env['SOURCELINK_DATA'] = backend.dataDir;
  if (backend.databaseUrl) place.env['SOURCELINK_DATABASE_URL'] = backend.databaseUrl;
  page = join(place.folder, 'page.html');
  writeFileSync(page, outletPage(20));
  const desk = await openDesk(backend, SOURCES);
  await registerSources(desk.db, SOURCES);
  const read = async (source: string, seed: number, template: 'old' | 'new'): Promise<void> => {
    const { candidateId } = await desk.put({ source, text: prose(seed) });
    const url = `https://${source}.example/${seed}`;
    const { digest } = extract(pageInput(outletPage(seed, { template }), { url }));
    await saveDigest(desk.db, { candidateId, sourceId: source, digest });
    await learnProfiles(desk.ctx, [source]);
  };
  for (const source of ['lantern', 'ruled']) for (const seed of [1, 2, 3, 4]) await read(source, seed, 'old');
  for (let seed = 1; seed <= 13; seed++) await read('changed', seed, seed <= 8 ? 'old' : 'new');
  await read('young', 1, 'old');
  await desk.ledger.close();
});
afterAll(async () => {
  place.drop();
  await backend.drop();
});

const run = (...argv: string[]) => sourcelink(argv, { env: place.env });

describe('sources profile', () => {
  it('prints what was learned as YAML with comments', async () => {
    const { out, code } = await run('sources', 'profile', 'lantern');
    expect(code).toBe(0);
    expect(out).toMatch(/^# What the pages of this outlet taught\./);
    expect(out).toContain('# elements that contain the paragraphs');
    expect(out.match(/# number of articles/g)).toHaveLength(1);
    expect(parse(out)).toMatchObject({
      source: 'lantern',
      version: 1,
      state: 'active',
      pages: 3,
      newPages: 1,
      reason: expect.stringMatching(/^it takes out 3 lines/),
      fill: { authors: 1, date: 1, inUsualElements: 1 },
      effect: { removed: { pages: 3, lines: 3 }, lost: { lines: 0 } },
      signals: { title: { h1: 4 }, authors: { 'meta author': 4 } },
      bodyPaths: ['article "story" > div "story copy" > p'],
      boilerplate: [{ begins: CLOSING.slice(0, 70), pages: 3 }],
    });
    expect(objectOf(await run('sources', 'profile', 'lantern', '--json'))).toEqual(parse(out));
  });

  it('says of a source without one how many articles there are', async () => {
    const { out, code } = await run('sources', 'profile', 'young');
    expect(code).toBe(0);
    expect(out).toBe(
      'young has no profile yet: it is learned from three different articles, and 1 article of it was read.\n',
    );
    expect(objectOf(await run('sources', 'profile', 'young', '--json'))).toEqual({
      source: 'young',
      state: null,
      articlesRead: 1,
      rendering: null,
    });
  });

  it('refuses an id that is not configured', async () => {
    const { err, code } = await run('sources', 'profile', 'lanten');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean `lantern`?');
  });

  it('needs no ledger to say that there is none', async () => {
    const fresh = operatorFolder(YAML);
    try {
      const { out, code } = await sourcelink(['sources', 'profile', 'lantern'], { env: fresh.env });
      expect([code, out]).toEqual([
        0,
        expect.stringContaining(
          'lantern has no profile yet: it is learned from three different articles, and 0 articles',
        ),
      ]);
    } finally {
      fresh.drop();
    }
  });
});

describe('sources list', () => {
  it('names the source whose pages changed, and what to do', async () => {
    const { out } = await run('sources', 'list');
    expect(out).toMatch(/- changed: its newest 5 pages are not like those before: \d+ % of the text/);
    expect(out).toMatch(/→ Look at one with `sourcelink try URL --source changed`/);
    const { sources } = objectOf(await run('sources', 'list', '--json'));
    expect(sources).toMatchObject([
      { id: 'lantern', profile: { state: 'active', version: 1 } },
      { id: 'ruled' },
      { id: 'changed', profile: { state: 'set aside' } },
      { id: 'young', profile: null },
    ]);
  });
});

describe('try', () => {
  it('reads a page by the profile and says what that did', async () => {
    const { out } = await run('try', page, '--url', 'https://lantern.example/20');
    expect(out).toMatch(/profile +version 1, learned from 3 articles: it removed 1 line\n/);
    expect(out.replace(/\s+/g, ' ')).toContain(`boilerplate of the outlet ${CLOSING}`);
    const json = objectOf(await run('try', page, '--url', 'https://lantern.example/20', '--json'));
    expect(json['why']).toMatchObject({ profile: { version: 1, state: 'active', pages: 3, removed: [CLOSING] } });
    expect(JSON.stringify(json['article'])).not.toContain('brick house');
  });

  it('says why a profile is not used', async () => {
    const of = async (source: string) =>
      /profile +(.*)/.exec((await run('try', page, '--url', `https://${source}.example/20`)).out)?.[1];
    expect(await of('ruled')).toBe(
      'version 1, learned from 3 articles: not used: `extract.body` of the source decides',
    );
    expect(await of('changed')).toMatch(
      /^version 1, learned from \d articles: not used \(set aside\): its newest 5 pages/,
    );
    expect(await of('young')).toBe('none yet: too few articles of this source were read');
  });

  it('goes on without the ledger when another process has it', async () => {
    const busy = operatorFolder(YAML);
    const dataDir = busy.env['SOURCELINK_DATA'] ?? '';
    mkdirSync(join(dataDir, 'ledger'), { recursive: true });
    const unlock = lockFolder(dataDir);
    try {
      const { out, code } = await sourcelink(['try', page, '--url', 'https://lantern.example/20'], { env: busy.env });
      expect(code).toBe(0);
      expect(out).toMatch(/profile +not looked up: .*in use by process \d+/);
      expect(out).toContain('brick house');
    } finally {
      unlock();
      busy.drop();
    }
  });
});

describe('sources profile --forget', () => {
  it('drops what was learned, and says so when there was nothing', async () => {
    expect((await run('sources', 'profile', 'ruled', '--forget')).out).toBe(
      'ruled: the profile learned from 4 articles was deleted. A new one is learned from the next articles.\n',
    );
    expect((await run('sources', 'profile', 'ruled')).out).toContain(
      'no profile yet: it is learned from three different articles, and 0 articles',
    );
    expect((await run('sources', 'profile', 'ruled', '--forget')).out).toBe('ruled: there was no profile to delete.\n');
  });
});
