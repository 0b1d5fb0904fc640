import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchemas, writeSchemas } from '../../config/json-schema.js';
import { shippedFolder } from '../../config/shipped.js';

function validatorOf(name: string) {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  return ajv.compile(JSON.parse(configSchemas().get(`${name}.schema.json`) ?? '{}'));
}

describe('config/json-schema', () => {
  it.each([...configSchemas()])(
    'the committed %s is current (npm run build && node dist/config/json-schema.js)',
    (name, text) => {
      expect(readFileSync(join(shippedFolder(), name), 'utf8')).toBe(text);
    },
  );

  it.each(['sources', 'sourcelink'])('the shipped %s.yaml fits its schema and names it for editors', (name) => {
    const text = readFileSync(join(shippedFolder(), `${name}.yaml`), 'utf8');
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=./${name}.schema.json`);
    const fits = validatorOf(name);
    expect([fits(parse(text)), fits.errors]).toEqual([true, null]);
  });

  it('lets a nested tree of categories pass and stops an unknown field in its depth', () => {
    const fits = validatorOf('categories');
    const leaf = { id: 'asia', label: 'Asia' };
    expect(fits({ categories: [{ id: 'world', label: 'World', children: [leaf] }] })).toBe(true);
    expect(fits({ categories: [{ id: 'world', label: 'World', children: [{ ...leaf, lable: '' }] }] })).toBe(false);
  });

  it('stops what the program would refuse', () => {
    const fits = validatorOf('sources');
    const entry = { id: 'a', name: 'A', url: 'https://a.example/' };
    expect(fits({ sources: [entry] })).toBe(true);
    for (const wrong of [{ every: '30' }, { republish: 'all' }, { evry: '1m' }, { feeds: 'x' }, { id: 'A b' }])
      expect(fits({ sources: [{ ...entry, ...wrong }] })).toBe(false);
  });

  it('writes only what changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sourcelink-schemas-'));
    try {
      expect(writeSchemas(folder)).toEqual(['sources.schema.json', 'categories.schema.json', 'sourcelink.schema.json']);
      expect(writeSchemas(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
