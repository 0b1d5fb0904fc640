import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a file this content: whole, so that a reader never sees half of it, and left alone when it has
 * it already, so that its time and ETag stay. @returns whether it changed
 */
export function replaceFile(file: string, content: string): boolean {
  if (contentOf(file) === content) return false;
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, content);
  renameSync(beside, file);
  return true;
}

/** null when there is no such file. */
export function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
