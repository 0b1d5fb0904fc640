import { stripVTControlCharacters } from 'node:util';

export { ago, count, moment, span } from '../text/elapsed.js';

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

/** A reason with the source that it is about, named once. */
export const sourceReason = (id: string, reason: string): string =>
  reason.startsWith(`${id}:`) ? reason : `${id}: ${reason}`;
