import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Outgoing, Sink } from '../../sink.js';
import { type ExportFormat, exported } from './export-format.js';

/** Of either format, what makes a line unique. */
const Line = z.union([
  z.object({ id: z.string(), revision: z.int() }).transform((l) => `${l.id}-${l.revision}`),
  z.object({ uri: z.string(), version: z.string() }).transform((l) => `${l.uri.replace('urn:uuid:', '')}-${l.version}`),
]);
/** Days whose keys are kept in memory. */
const DAYS = 3;
const CHUNK = 1 << 20;

/**
 * JSON lines, one file a day of the message (UTC), only ever appended to. A delivery is through when its lines are on the
 * disk. One that is repeated adds nothing: its key, id and revision, is looked for in the file; a line that a crash cut
 * short is taken away first.
 */
export function createFolderSink(name: string, options: { folder: string; format: ExportFormat }): Sink {
  const { folder, format } = options;
  const days = new Map<string, Set<string>>();

  function keysOf(file: string): Set<string> {
    const known = days.get(file);
    if (known) return known;
    const keys = readKeys(join(folder, file));
    days.set(file, keys);
    for (const oldest of days.keys()) {
      if (days.size <= DAYS) break;
      days.delete(oldest);
    }
    return keys;
  }

  return {
    name,
    async deliver(batch) {
      mkdirSync(folder, { recursive: true });
      for (const file of new Set(batch.map(fileOf))) {
        const keys = keysOf(file);
        const fresh = batch.filter((one) => fileOf(one) === file && !keys.has(one.key));
        if (fresh.length === 0) continue;
        try {
          append(join(folder, file), fresh.map(({ message }) => `${exported(message, format)}\n`).join(''));
        } catch (error) {
          // How much was written is not known: the file is read again.
          days.delete(file);
          throw error;
        }
        for (const { key } of fresh) keys.add(key);
      }
      return batch.map(() => null);
    },
    close: async () => undefined,
  };
}

const fileOf = ({ message }: Outgoing): string => `${message.sentAt.slice(0, 10)}.jsonl`;

function append(file: string, lines: string): void {
  const handle = openSync(file, 'a');
  try {
    // A power cut must not take the name of a new file either.
    if (fstatSync(handle).size === 0) syncFolder(dirname(file));
    const bytes = Buffer.from(lines);
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The keys in a file, which is shortened to its last whole line. */
function readKeys(file: string): Set<string> {
  const keys = new Set<string>();
  const handle = openSync(file, 'a+');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let [rest, whole, at] = [Buffer.alloc(0), 0, 0];
    for (let n = readSync(handle, chunk, 0, CHUNK, at); n > 0; n = readSync(handle, chunk, 0, CHUNK, at)) {
      at += n;
      rest = Buffer.concat([rest, chunk.subarray(0, n)]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const key = keyOf(rest.subarray(0, end).toString());
        if (key !== null) keys.add(key);
        whole += end + 1;
        rest = rest.subarray(end + 1);
      }
    }
    if (rest.length > 0) ftruncateSync(handle, whole);
  } finally {
    closeSync(handle);
  }
  return keys;
}

/** null for a line of somebody else's. */
function keyOf(line: string): string | null {
  try {
    return Line.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
