import type { Article } from '../extractors/article.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** Paragraphs of a long text that are shown: mistakes stand at its beginning and at its end. */
const FIRST = 3;
const LAST = 3;
/** Most characters of a paragraph, and of what was taken out. */
const MAX_CHARS = 280;
const MAX_REMOVED = 16;

/** The text as it was read, the first line of a paragraph furthest left; its middle is left out unless all of it was asked for. */
export function showText(terminal: Terminal, text: string, all: boolean): void {
  const paragraphs = text.split('\n');
  const left = all ? 0 : paragraphs.length - FIRST - LAST;
  paragraphs.forEach((paragraph, i) => {
    if (left <= 1 || i < FIRST || i >= paragraphs.length - LAST)
      terminal.print(`  ${terminal.wrapped(all ? paragraph : cut(paragraph), 4)}`);
    else if (i === FIRST) terminal.print(terminal.style('dim', `  … ${left} more paragraphs; --text shows them …`));
  });
}

/** What was taken out of the text and why, in the order of the page; what is repeated stands once. */
export function showRemoved(terminal: Terminal, removed: Article['removed'], all: boolean): void {
  const times = new Map<string, { what: string; why: string; times: number }>();
  for (const { what, why } of removed) {
    const shown = what.replace(/\s+/g, ' ').trim();
    const known = times.get(`${why}\n${shown}`);
    if (known) known.times += 1;
    else times.set(`${why}\n${shown}`, { what: shown, why, times: 1 });
  }
  const parts = [...times.values()];
  const shown = all ? parts : parts.slice(0, MAX_REMOVED);
  const width = Math.max(0, ...shown.map((p) => p.why.length));
  for (const part of shown) {
    const often = part.times > 1 ? terminal.style('dim', ` (${part.times} times)`) : '';
    terminal.hanging(`  ${terminal.style('yellow', part.why.padEnd(width))}  `, `${cut(part.what)}${often}`);
  }
  if (parts.length > shown.length) {
    const more = count(parts.length - shown.length, 'more part');
    terminal.print(terminal.style('dim', `  and ${more}; --text shows them`));
  }
}

const cut = (text: string): string => (text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS).trimEnd()} …` : text);
