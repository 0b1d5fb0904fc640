import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const SOURCES = `# Ours.
defaults: { every: 20m }
sources:
  - id: herald # first
    name: The Herald
    url: https://herald.example/
    feeds: [https://herald.example/feed]
    headers: { x-token: "\${HERALD_TOKEN}" }
  - { id: gazette, name: Gazette, url: "https://gazette.example/", enabled: false }
`;

let place: ReturnType<typeof operatorFolder>;
const run = (...argv: string[]) =>
  sourcelink(['sources', ...argv], { env: { ...place.env, HERALD_TOKEN: 'a-secret' } });
const at = (name: string) => join(place.folder, name);

beforeEach(() => {
  place = operatorFolder(SOURCES);
});
afterEach(() => place.drop());

describe('sources export and import', () => {
  it('lose nothing on the way round, and tell no secret', async () => {
    expect((await run('export', at('out.opml'))).out).toContain('2 sources written to out.opml');
    const opml = readFileSync(at('out.opml'), 'utf8');
    expect(opml).not.toContain('a-secret');
    expect(opml).toContain('xmlUrl="https://herald.example/feed"');
    writeFileSync(
      at('sources.yaml'),
      'defaults: { every: 20m }\nsources:\n  - { id: own, name: O, url: "https://o.example/" }\n',
    );
    const ended = await run('import', at('out.opml'));
    expect(ended.code).toBe(0);
    const [, ...imported] = parse(readFileSync(at('sources.yaml'), 'utf8')).sources;
    expect(imported).toEqual(parse(SOURCES).sources);
  });

  it('keep what is there', async () => {
    await run('export', at('out.opml'));
    const ended = await run('import', at('out.opml'), '--json');
    expect(objectOf(ended)).toMatchObject({ written: false, added: [], known: [{ id: 'herald' }, { id: 'gazette' }] });
    expect(readFileSync(at('sources.yaml'), 'utf8')).toBe(SOURCES);
  });

  it('write over no file without being told to', async () => {
    writeFileSync(at('out.opml'), 'mine');
    expect((await run('export', at('out.opml'))).code).toBe(2);
    expect(readFileSync(at('out.opml'), 'utf8')).toBe('mine');
    expect((await run('export', at('out.opml'), '--force')).code).toBe(0);
  });

  it('warn of secrets that stand in the file itself', async () => {
    writeFileSync(at('sources.yaml'), SOURCES.replace(/"\$\{HERALD_TOKEN\}"/, 'clear'));
    const ended = await run('export');
    expect(ended.err).toMatch(/in clear \(herald\)/);
    expect(ended.out).toMatch(/^<\?xml/);
  });
});

describe('sources import', () => {
  const opml = `<opml version="2.0"><body>
<outline text="Sea"><outline text="Courier" xmlUrl="https://courier.example/rss"/></outline>
<outline text="Bad" xmlUrl="courier"/></body></opml>`;

  it('adds what is right, names what is wrong with its line and hint, and ends with 1', async () => {
    writeFileSync(at('in.opml'), opml);
    const dry = await run('import', at('in.opml'), '--dry-run');
    expect(dry.out).toContain('1 source would be added');
    expect(readFileSync(at('sources.yaml'), 'utf8')).toBe(SOURCES);
    const ended = await run('import', at('in.opml'));
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/courier +Courier +https:\/\/courier\.example\/rss/);
    expect(ended.out).toMatch(/line 3: "Bad" has xmlUrl="courier"[\s\S]*→ Write it as/);
    expect(ended.out).toContain('1 folder not kept');
    expect(readFileSync(at('sources.yaml'), 'utf8').startsWith(SOURCES)).toBe(true);
    expect((await run('list')).out).toContain('courier');
  });

  it('reads other encodings, and refuses what is none', async () => {
    const german = opml.replace('Courier', 'K\u00fcste');
    writeFileSync(at('in.opml'), Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${german}`, 'latin1'));
    expect((await run('import', at('in.opml'))).out).toContain('Küste');
    writeFileSync(at('in.opml'), Buffer.from(german, 'latin1'));
    const ended = await run('import', at('in.opml'));
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/is not utf-8 text/);
  });

  it.each([
    [
      '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>&x;</body></opml>',
      /in\.opml:1:\d+ declares a document type/,
    ],
    ['<opml><body><outline', /in\.opml:1:\d+ is no well-formed XML/],
  ])('refuses %s', async (text, says) => {
    writeFileSync(at('in.opml'), text);
    const ended = await run('import', at('in.opml'));
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(says);
    expect(readFileSync(at('sources.yaml'), 'utf8')).toBe(SOURCES);
  });

  it('says that there is no such file', async () => {
    expect((await run('import', at('none.opml'))).err).toMatch(/Cannot read .*none\.opml/);
  });
});
