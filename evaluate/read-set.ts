import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { z } from 'zod';
import { SourcelinkError } from '../config/errors.js';

/**
 * Rows of `NAME.jsonl.gz` or `NAME.jsonl` of an evaluation set.
 * @throws CONFIG_INVALID naming file and line
 */
export function readRows<T>(dir: string, name: string, row: z.ZodType<T>): T[] {
  const { file, text } = readEither(dir, `${name}.jsonl`);
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parsed(line, row, `${file}:${i + 1}`)]));
}

/** `NAME.json` or `NAME.json.gz` of an evaluation set, null when it has none. @throws CONFIG_INVALID */
export function readObject<T>(dir: string, name: string, shape: z.ZodType<T>): T | null {
  if (!has(dir, `${name}.json`)) return null;
  const { file, text } = readEither(dir, `${name}.json`);
  return parsed(text, shape, file);
}

/** Whether a set has this file, zipped or not. */
export const has = (dir: string, name: string): boolean =>
  existsSync(join(dir, name)) || existsSync(join(dir, `${name}.gz`));

function readEither(dir: string, name: string): { file: string; text: string } {
  const file = join(dir, name);
  if (existsSync(file)) return { file, text: readFileSync(file, 'utf8') };
  try {
    return { file: `${file}.gz`, text: gunzipSync(readFileSync(`${file}.gz`)).toString('utf8') };
  } catch (error) {
    throw new SourcelinkError('CONFIG_INVALID', `cannot read ${file} or ${file}.gz`, {
      cause: error,
      hint: 'Name a folder that holds an evaluation set.',
    });
  }
}

function parsed<T>(text: string, shape: z.ZodType<T>, place: string): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw new SourcelinkError('CONFIG_INVALID', `${place} has not the form of its evaluation set`, { cause: error });
  }
}
