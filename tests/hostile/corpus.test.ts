import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTrap, type Trap } from '../crawlers/net/trap.js';
import { CORPUS, chosen } from './corpus.js';
import { dangersIn } from './dangers.js';
import { KINDS } from './input.js';
import { faultsOf } from './judge.js';
import { type Outlets, openOutlets } from './outlets.js';
import { MARKUP } from './payloads.js';
import { openVisitor, type Visitor } from './visitor.js';

/** `npm run hostile` runs them all and watches time and memory; here each 25th, without either, as this machine may be busy. */
const SAMPLE = CORPUS.flatMap((input, number) =>
  number % 25 === 4 ? [{ number, kind: input.kind, name: input.name }] : [],
);

describe('the corpus of hostile inputs', () => {
  it('has at least 400, some of each kind, each with a name of its own', () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(400);
    for (const kind of Object.keys(KINDS)) expect(chosen(kind, '').length, kind).toBeGreaterThan(8);
    const names = CORPUS.map((input) => `${input.kind} ${input.name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each(Object.entries(MARKUP))('would notice if it were published as it is: %s', (_, markup) => {
    // What is never closed takes from what follows.
    expect(dangersIn(`${markup}<p title="x">y</p>`)).not.toEqual([]);
  });

  it('would notice time, memory, codes that nobody foresaw and messages that name no place', () => {
    const well = {
      number: 0,
      ends: [{ code: 'published', reason: '' }],
      messages: [],
      strangers: [],
      seconds: 1,
      mb: 1,
    };
    expect(faultsOf(well)).toEqual([]);
    const ends = [
      { code: 'UNEXPECTED', reason: 'http://x/ broke' },
      { code: 'FETCH_TIMEOUT', reason: 'somewhere' },
    ];
    const messages = [{ article: { html: '<p onclick="x()">', canonicalUrl: 'javascript:1', title: 'a\0' } }];
    const ill = { ...well, ends, messages, strangers: ['10.0.0.1:80'], seconds: 16, mb: 301 };
    expect(faultsOf(ill)).toHaveLength(9);
  });
});

describe('hostile inputs, visited', () => {
  let trap: Trap;
  let outlets: Outlets;
  let visitor: Visitor;
  let broken: string[] | null = null;
  const dataDir = mkdtempSync(join(tmpdir(), 'sourcelink-hostile-'));

  beforeAll(async () => {
    trap = await setTrap();
    outlets = await openOutlets(trap.port);
    const entries = SAMPLE.map(({ number }) => outlets.entryOf(number));
    visitor = await openVisitor({ entries, port: outlets.port, dataDir, deadline: '60s' });
  });
  afterAll(async () => {
    if (broken === null) await visitor?.close();
    await outlets?.close();
    await trap?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each(SAMPLE)('end as they may: $kind, $name', async ({ number }) => {
    const input = CORPUS[number];
    const opml = input && 'opml' in input ? input.opml() : '';
    const [ending] = await visitor.visit([{ entry: outlets.entryOf(number), opml }]);
    outlets.forget(number);
    expect(ending && faultsOf({ ...ending, number, seconds: 0, mb: 0 })).toEqual([]);
  });

  it('reach no private address, leave no trace in prototypes and keep the law', async () => {
    expect(trap.reached()).toBe(0);
    expect(outlets.faults).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    broken = await visitor.close();
    expect(broken).toEqual([]);
  });
});
