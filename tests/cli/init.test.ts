import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.js';
import { objectOf, sourcelink } from './command-line.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sourcelink-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('init', () => {
  it('writes a configuration that can be loaded, and names the next step', async () => {
    const dir = join(folder, 'new', 'config');
    const ended = await sourcelink(['init', dir]);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('sources check');
    expect(readdirSync(dir)).toContain('sources.yaml');
    expect(loadConfig({ configDir: dir }, {}).sources.length).toBeGreaterThan(0);
  });

  it('leaves files that are there as they are', async () => {
    writeFileSync(join(folder, 'sources.yaml'), '# mine\n');
    const result = objectOf(await sourcelink(['init', folder, '--json']));
    expect(result['kept']).toEqual(['sources.yaml']);
    expect(result['written']).toContain('sourcelink.yaml');
    expect(readFileSync(join(folder, 'sources.yaml'), 'utf8')).toBe('# mine\n');
  });

  it('writes where SOURCELINK_CONFIG says', async () => {
    const result = objectOf(await sourcelink(['init', '--json'], { env: { SOURCELINK_CONFIG: folder } }));
    expect(result['folder']).toBe(folder);
    expect(readdirSync(folder)).toContain('sources.yaml');
  });

  it('ends with 2 where it may not write', async () => {
    writeFileSync(join(folder, 'file'), '');
    const ended = await sourcelink(['init', join(folder, 'file')]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('Cannot write into');
  });
});
