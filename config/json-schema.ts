import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CategoriesFile } from './categories.js';
import { Settings } from './settings.js';
import { shippedFolder } from './shipped.js';
import { SourcesFile } from './sources.js';

/** JSON Schemas (draft 7, which editors' YAML servers read) of the three configuration files, by file name. */
export function configSchemas(): Map<string, string> {
  const schemas = { sources: SourcesFile, categories: CategoriesFile, sourcelink: Settings };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      `${print(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }))}\n`,
    ]),
  );
}

/** Writes the schemas into `folder` and returns the names of those that changed. */
export function writeSchemas(folder: string): string[] {
  return [...configSchemas()].flatMap(([name, text]) => {
    const path = join(folder, name);
    if (current(path) === text) return [];
    writeFileSync(path, text);
    return [name];
  });
}

function current(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** As the formatter leaves it: lists of plain values on one line where they fit into 120 columns. */
function print(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const plain = value.every((v) => typeof v !== 'object' || v === null);
    const line = `[${value.map((v) => print(v)).join(', ')}]`;
    if (plain && indent.length + line.length <= 100) return line;
    return `[\n${value.map((v) => deeper + print(v, deeper)).join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, v]) => v !== undefined);
  if (fields.length === 0) return '{}';
  return `{\n${fields.map(([k, v]) => `${deeper}${JSON.stringify(k)}: ${print(v, deeper)}`).join(',\n')}\n${indent}}`;
}

const started = process.argv[1];
if (started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(import.meta.url)) {
  const changed = writeSchemas(shippedFolder());
  process.stdout.write(changed.length === 0 ? 'The JSON Schemas are current.\n' : `Written: ${changed.join(', ')}\n`);
}
