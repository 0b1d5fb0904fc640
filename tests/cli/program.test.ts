import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const COMMANDS = [
  ['demo'],
  ['init'],
  ['run'],
  ['start'],
  ['worker'],
  ['scheduler'],
  ['try'],
  ['eval'],
  ['doctor'],
  ['sources', 'add'],
  ['sources', 'import'],
  ['sources', 'export'],
  ['sources', 'list'],
  ['sources', 'check'],
  ['sources', 'pause'],
  ['sources', 'resume'],
  ['articles', 'list'],
  ['articles', 'show'],
  ['articles', 'label'],
  ['dead', 'list'],
  ['dead', 'retry'],
  ['alerts', 'list'],
  ['alerts', 'test'],
];

let place: ReturnType<typeof operatorFolder>;
beforeAll(() => {
  place = operatorFolder();
});
afterAll(() => place.drop());

describe('help', () => {
  it.each(COMMANDS)('of %s %s shows its options, --json and an example, and ends with 0', async (...words) => {
    const name = words.filter((w) => typeof w === 'string');
    const ended = await sourcelink([...name, '--help']);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain(`Usage: sourcelink ${name.join(' ')}`);
    expect(ended.out).toContain('--json');
    expect(ended.out).toMatch(/Example.*:/);
    expect(ended.out).toMatch(new RegExp(`\\n {2}(?:\\S+=\\S+ )*sourcelink ${name.join(' ')}`));
    expect(ended.err).toBe('');
  });

  it('names every command', async () => {
    const { out } = await sourcelink(['--help']);
    for (const [name] of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  it('tells the version of the package', async () => {
    expect((await sourcelink(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['runn'], /unknown command 'runn'/],
    [['run', '--sauce'], /unknown option '--sauce'/],
    [['try'], /missing required argument 'page'/],
    [['eval', 'poems', '.'], /Allowed choices are extraction/],
    [['eval', 'dedupe', '/nowhere/at/all'], /no folder \/nowhere\/at\/all/],
    [['run', '--source', 'heralt'], /no source `heralt`[\s\S]*Did you mean `herald`/],
    [['run', '--source', 'gazette'], /`gazette` is switched off/],
    [['articles', 'list', '--limit', 'many'], /whole number/],
    [['articles', 'list', '--since', 'yore'], /how long ago/],
    [['articles', 'list', '--outcome', 'lost'], /Allowed choices are published/],
    [['articles', 'show', 'nothing'], /no article `nothing`/],
    [['dead', 'retry'], /Name what to retry/],
    [['dead', 'retry', '1', '--all'], /by one of/],
    [['worker', '--stages', 'bake'], /`bake` is not a stage/],
    [['worker'], /SOURCELINK_DATABASE_URL/],
    [['scheduler'], /SOURCELINK_DATABASE_URL/],
    [['try', '/nowhere/page.html'], /Cannot read \/nowhere\/page.html/],
  ])('%j ends with 2, one clear line and a hint', async (argv, says) => {
    const ended = await sourcelink(argv, { env: place.env });
    expect(ended.code).toBe(2);
    expect(ended.out).toBe('');
    expect(ended.err).toMatch(says);
    expect(ended.err).toMatch(/^error: /);
    expect(ended.err).not.toMatch(/\n\s+at /);
  });

  it('is told as one object on standard error with --json', async () => {
    const ended = await sourcelink(['run', '--json', '--source', 'heralt'], { env: place.env });
    expect(ended.code).toBe(2);
    expect(ended.out).toBe('');
    expect(JSON.parse(ended.err)).toEqual({
      error: {
        code: 'USAGE',
        message: 'There is no source `heralt`.',
        hint: 'Did you mean `herald`?',
        retryable: false,
      },
    });
  });

  it('shows the stack only where the log level asks for it', async () => {
    const env = { ...place.env, SOURCELINK_LOG_LEVEL: 'debug' };
    expect((await sourcelink(['run', '-s', 'heralt'], { env })).err).toMatch(/\n\s+at /);
  });
});

describe('a wrong configuration', () => {
  it('ends with 2 and names every problem with file, line, field and hint', async () => {
    const wrong = operatorFolder('sources:\n  - { id: Herald, name: H, url: ftp://herald.example/ }\n');
    const ended = await sourcelink(['run'], { env: wrong.env });
    const json = await sourcelink(['run', '--json'], { env: wrong.env });
    wrong.drop();
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/sources\.yaml:2:\d+ sources\[0\]\.id/);
    expect(ended.err).toMatch(/sources\.yaml:2:\d+ sources\[0\]\.url/);
    const { error } = JSON.parse(json.err);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.problems.map((p: { field: string }) => p.field)).toEqual(['sources[0].id', 'sources[0].url']);
  });

  it('ends with 2 where there is none, and points to init', async () => {
    const ended = await sourcelink(['run'], { env: { SOURCELINK_CONFIG: '/nowhere/config' } });
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('sourcelink init');
  });

  it('never repeats a connection URL', async () => {
    const env = { ...place.env, SOURCELINK_DATABASE_URL: 'mysql://me:secret@db/x' };
    const ended = await sourcelink(['articles', 'list'], { env });
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('SOURCELINK_DATABASE_URL');
    expect(ended.err).not.toContain('secret');
  });
});

describe('before there is a ledger', () => {
  it('looking makes none', async () => {
    expect(objectOf(await sourcelink(['articles', 'list', '--json'], { env: place.env }))).toEqual({ articles: [] });
    expect(objectOf(await sourcelink(['dead', 'list', '--json'], { env: place.env }))).toEqual({ dead: [] });
    const { sources } = objectOf(await sourcelink(['sources', 'list', '--json'], { env: place.env }));
    expect(sources).toMatchObject([
      {
        id: 'herald',
        enabled: true,
        paused: false,
        state: 'new',
        everyMs: null,
        cron: null,
        lastVisitAt: null,
        published: 0,
      },
      { id: 'gazette', enabled: false },
    ]);
    const { existsSync } = await import('node:fs');
    expect(existsSync(place.env['SOURCELINK_DATA'] ?? '')).toBe(false);
  });
});
