import { stripVTControlCharacters } from 'node:util';

/** Characters that are seen, without colours. */
export const lengthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Lines of at most `width` characters, broken between words. */
export function wrap(text: string, width: number): string[] {
  if (!Number.isFinite(width)) return text.split('\n');
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

/** A text without white space, such as an address, cut in its middle to fit. */
export function middleCut(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 3);
  return `${text.slice(0, Math.max(0, width - 1 - end))}…${text.slice(-end)}`;
}

/** `1 article`, `2 articles`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A moment as people read it, in UTC; `-` when there is none. */
export const moment = (date: Date | string | null): string =>
  date === null ? '-' : `${new Date(date).toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** A time of so many milliseconds, in the largest unit that fits. */
export function span(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return '< 1 min';
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
}

/** How long ago, in the largest unit that fits. */
export function ago(date: Date | null, now: Date): string {
  if (date === null) return 'never';
  const ms = now.getTime() - date.getTime();
  return ms < 60_000 ? 'just now' : `${span(ms)} ago`;
}

/** A reason with the source that it is about, named once. */
export const sourceReason = (id: string, reason: string): string =>
  reason.startsWith(`${id}:`) ? reason : `${id}: ${reason}`;
