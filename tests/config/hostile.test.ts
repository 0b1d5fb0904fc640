import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.js';
import { ConfigError } from '../../config/problems.js';
import { shippedFolder } from '../../config/shipped.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sourcelink-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Null when the text is accepted. */
function refusalOf(text: string): ConfigError | null {
  writeFileSync(join(folder, 'sources.yaml'), text);
  try {
    loadConfig({ configDir: folder }, {});
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function expectPlaces(text: string, error: ConfigError | null): void {
  const lines = text.split('\n');
  for (const p of error?.problems ?? []) {
    expect(p.line).toBeGreaterThanOrEqual(1);
    expect(p.line).toBeLessThanOrEqual(lines.length);
    expect(p.column).toBeGreaterThanOrEqual(1);
    expect(p.column).toBeLessThanOrEqual((lines[p.line - 1] ?? '').length + 1);
    expect(p.what).not.toBe('');
    expect(p.hint).not.toBe('');
  }
}

describe('loadConfig on damaged files', () => {
  it('accepts or names places inside the file, whatever was cut out or typed in', () => {
    const shipped = readFileSync(join(shippedFolder(), 'sources.yaml'), 'utf8');
    const damage = fc.record({
      at: fc.nat(shipped.length),
      cut: fc.nat(30),
      typed: fc.oneof(
        fc.string({ unit: fc.constantFrom(...':-[]{}#&*!|>\'"%@`,? \n\ta1<$'), maxLength: 6 }),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
    });
    let refused = 0;
    fc.assert(
      fc.property(damage, ({ at, cut, typed }) => {
        // A lone surrogate cannot be written as UTF-8; the file holds what UTF-8 makes of it.
        const text = Buffer.from(shipped.slice(0, at) + typed + shipped.slice(at + cut)).toString('utf8');
        const error = refusalOf(text);
        if (error !== null) refused++;
        expectPlaces(text, error);
      }),
      { numRuns: 60, seed: 20_260_301 },
    );
    expect(refused).toBeGreaterThan(10);
  });

  it('accepts or refuses any data in the place of the outlets', () => {
    const outlet = { id: 'a', name: 'A', url: 'https://a.example/' };
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom('every', 'feeds', 'headers', 'extract', 'listings', 'id'),
        (value, field) => {
          const text = JSON.stringify({ sources: [{ ...outlet, [field]: value }] });
          expectPlaces(text, refusalOf(text));
        },
      ),
      { numRuns: 80, seed: 20_260_302 },
    );
  });

  it('answers to a thousand outlets, each with a mistake, within seconds', () => {
    const outlets = Array.from(
      { length: 1000 },
      (_, i) => `  - { id: o${i}, name: O, url: "https://o${i}.example/", evry: 5m }\n`,
    );
    const started = performance.now();
    const error = refusalOf(`sources:\n${outlets.join('')}`);
    expect(error?.problems).toHaveLength(1000);
    expect(error?.problems[999]).toMatchObject({ line: 1001, source: 'o999', hint: 'did you mean "every"?' });
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
