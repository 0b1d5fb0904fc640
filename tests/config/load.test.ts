// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as an operator writes them
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { loadConfig } from '../../config/load.js';
import { ConfigError, problemLine } from '../../config/problems.js';
import { Settings } from '../../config/settings.js';
import { shippedFolder } from '../../config/shipped.js';
import { badConfigurations } from './bad-configurations.js';

const folders: string[] = [];
afterEach(() => {
  for (const f of folders.splice(0)) rmSync(f, { recursive: true, force: true });
});

function folderWith(files: Record<string, string | Uint8Array | undefined>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-config-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) if (text !== undefined) writeFileSync(join(folder, name), text);
  return folder;
}

function refusalOf(
  files: Record<string, string | Uint8Array | undefined>,
  variables: Record<string, string> = {},
): ConfigError {
  const folder = folderWith(files);
  try {
    loadConfig({ configDir: folder }, variables);
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const p of error.problems) p.file = p.file.replace(`${folder}/`, '');
      return error;
    }
    throw error;
  }
  throw new Error('nothing was refused');
}

const outlet = 'sources:\n  - { id: gazette, name: The Gazette, url: "https://gazette.example/" }\n';

/** `### mistake`, then the lines it is answered with. */
const answers = new Map(
  readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'bad-configurations.txt'), 'utf8')
    .split('### ')
    .slice(1)
    .map((block): [string, string] => {
      const [mistake = '', ...lines] = block.trim().split('\n');
      return [mistake, lines.join('\n')];
    }),
);

describe('loadConfig refuses', () => {
  it.each(badConfigurations)('$mistake', ({ mistake, files, variables }) => {
    const error = refusalOf(files, variables);
    expect(error.problems.map(problemLine).join('\n')).toBe(answers.get(mistake));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).not.toMatch(/hunter2|s3cret|123456/);
  });

  it('nothing without an answer on record', () => {
    expect([...answers.keys()].sort()).toEqual(badConfigurations.map((c) => c.mistake).sort());
  });

  it('a file that is not UTF-8', () => {
    const { problems } = refusalOf({ 'sources.yaml': Buffer.from(outlet.replace('Gazette', 'Gazétte'), 'latin1') });
    expect(problems.map(problemLine)).toEqual(['sources.yaml:1:1 — is not UTF-8 text — save it as UTF-8']);
  });

  it('a file larger than 5 MB', () => {
    const { problems } = refusalOf({ 'sources.yaml': `# ${'x'.repeat(5_000_001)}` });
    expect(problems.map((p) => p.what)).toEqual(['is larger than 5 MB']);
  });

  it('a folder in place of a file', () => {
    const folder = folderWith({ 'sources.yaml': outlet });
    mkdirSync(join(folder, 'sourcelink.yaml'));
    expect(() => loadConfig({ configDir: folder }, {})).toThrow('sourcelink.yaml:1:1 — cannot be read (EISDIR)');
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read', () => {
    const folder = folderWith({ 'sources.yaml': outlet });
    chmodSync(join(folder, 'sources.yaml'), 0);
    expect(() => loadConfig({ configDir: folder }, {})).toThrow('cannot be read (EACCES)');
  });

  it('a folder without sources.yaml, and says how to start', () => {
    const folder = folderWith({});
    try {
      loadConfig({ configDir: folder }, {});
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SourcelinkError);
      expect(error).toMatchObject({ code: 'CONFIG_MISSING', message: `There is no sources.yaml in ${folder}.` });
      expect(error).toHaveProperty('hint', expect.stringContaining('sourcelink init'));
    }
  });

  it('several mistakes with one error that lists them all', () => {
    const error = refusalOf({
      'sources.yaml': 'sources:\n  - { id: a, url: x, name: A }\n  - { id: a, url: y, name: B }\n',
    });
    expect(error.message).toMatch(/^3 problems in the configuration; nothing was started\.\n(.+\n){2}.+$/);
    expect(error.problems.map((p) => [p.field, p.source])).toEqual([
      ['sources[0].url', 'a'],
      ['sources[1].id', 'a'],
      ['sources[1].url', 'a'],
    ]);
  });
});

describe('loadConfig', () => {
  it('needs sources.yaml alone and has defaults for the rest', () => {
    const config = loadConfig({ configDir: folderWith({ 'sources.yaml': outlet }) }, {});
    expect(config.sources).toEqual([
      expect.objectContaining({
        id: 'gazette',
        every: { minMs: 300_000, maxMs: 21_600_000 },
        cron: null,
        republish: 'excerpt',
        render: 'auto',
      }),
    ]);
    expect(config.settings).toEqual(Settings.parse({}));
  });

  it('takes settings that hold only comments for the defaults', () => {
    const folder = folderWith({ 'sources.yaml': outlet, 'sourcelink.yaml': '# later\n' });
    expect(loadConfig({ configDir: folder }, {}).settings).toEqual(Settings.parse({}));
  });

  it('applies the defaults of the file, which each source may overrule', () => {
    const text = `defaults: { every: 5m, republish: link, headers: { a: "1" } }\n${outlet}  - { id: b, name: B, url: "https://b.example/", cron: "0 6 * * *", headers: { b: "2" } }\n`;
    const { sources } = loadConfig({ configDir: folderWith({ 'sources.yaml': text }) }, {});
    expect(sources[0]).toMatchObject({
      every: { minMs: 300_000, maxMs: 300_000 },
      cron: null,
      republish: 'link',
      headers: { a: '1' },
    });
    expect(sources[1]).toMatchObject({ cron: '0 6 * * *', headers: { a: '1', b: '2' } });
  });

  it('fills in variables inside text, more than one and in shared anchors too', () => {
    const text =
      'defaults: { headers: &h { x-a: "${A}-${B}", x-b: "$${A}" } }\nsources:\n  - { id: g, name: G, url: "https://g.example/", headers: *h, proxy: "http://u:${A}@proxy.example" }\n';
    const { sources } = loadConfig({ configDir: folderWith({ 'sources.yaml': text }) }, { A: 'one', B: 'two' });
    expect(sources[0]?.headers).toEqual({ 'x-a': 'one-two', 'x-b': '${A}' });
    expect(sources[0]?.proxy).toBe('http://u:one@proxy.example');
  });

  it('understands merge keys, and names the place where a merged mistake was written', () => {
    const text = 'defaults: &d { every: 10m }\nsources:\n  - { id: g, name: G, url: "https://g.example/", <<: *d }\n';
    expect(loadConfig({ configDir: folderWith({ 'sources.yaml': text }) }, {}).sources[0]?.every.maxMs).toBe(600_000);
    const { problems } = refusalOf({ 'sources.yaml': text.replace('10m', 'ten') });
    expect(problems.map((p) => `${p.line}:${p.column} ${p.field}`)).toEqual([
      '1:23 defaults.every',
      '1:23 sources[0].every',
    ]);
  });

  it('reads a byte order mark and Windows line ends', () => {
    const folder = folderWith({ 'sources.yaml': `\uFEFF${outlet.replaceAll('\n', '\r\n')}` });
    expect(loadConfig({ configDir: folder }, {}).sources).toHaveLength(1);
  });

  it('makes paths of a tree of categories and finds the pins in it', () => {
    const folder = folderWith({
      'sources.yaml': outlet.replace(' }', ', category: world/asia }'),
      'categories.yaml':
        'categories: [{ id: world, label: World, children: [{ id: asia, label: Asia, iptc: "11000000" }] }]\n',
    });
    const config = loadConfig({ configDir: folder }, {});
    expect(config.categories.map((c) => [c.path, c.iptc])).toEqual([
      ['world', null],
      ['world/asia', 'medtop:11000000'],
    ]);
    expect(config.sources[0]?.category).toBe('world/asia');
  });

  it('reads the shipped configuration, which shows the defaults', () => {
    const config = loadConfig({ configDir: shippedFolder() }, {});
    expect(config.sources.length).toBeGreaterThanOrEqual(5);
    expect(config.settings).toEqual(Settings.parse({}));
  });

  it('names each setting in the shipped sourcelink.yaml', () => {
    const text = readFileSync(join(shippedFolder(), 'sourcelink.yaml'), 'utf8');
    const missing = Object.entries(Settings.parse({})).flatMap(([section, value]) =>
      [section, ...(typeof value === 'object' ? Object.keys(value) : [])].filter((key) => !text.includes(`${key}:`)),
    );
    expect(missing).toEqual([]);
  });
});
