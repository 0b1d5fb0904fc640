import type { Trace } from '../extractors/trace.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** Most pieces of text shown for one step, and most characters of each. */
const MAX_EFFECTS = 8;
const MAX_CHARS = 120;

/** A trace with nothing in it, timed by this machine's clock. */
export const emptyTrace = (): Trace => ({ now: () => performance.now(), steps: [], lost: [] });

/** The trace as `--json` gives it. */
export const traceData = ({ steps, lost }: Trace) => ({
  steps: steps.map((step, i) => ({ step: i + 1, ...step, ms: Math.round(step.ms * 100) / 100 })),
  lost,
});

/** Each step with its number, its time, what it found, and the text that it took out (−) or brought back (+). */
export function showSteps(terminal: Terminal, { steps, lost }: Trace): void {
  terminal.print(`\n${terminal.style('bold', 'Steps')}`);
  const width = Math.max(0, ...steps.map((s) => s.name.length));
  steps.forEach(({ name, ms, note, took, recovered }, i) => {
    const changed = [
      note,
      took.length > 0 ? `took out ${count(took.length, 'part')}` : null,
      recovered.length > 0 ? `brought back ${count(recovered.length, 'part')}` : null,
    ].filter(Boolean);
    const head = `${String(i + 1).padStart(2)}  ${name.padEnd(width)}  ${terminal.style('dim', timeOf(ms))}  `;
    terminal.hanging(head, changed.join('; '));
    showEffects(terminal, terminal.style('red', '−'), took);
    showEffects(terminal, terminal.style('green', '+'), recovered);
  });
  if (lost.length === 0) {
    terminal.hanging('\n', 'Each paragraph of the page is in the article, or was taken out for a reason.');
    return;
  }
  const head = `Lost without a reason (${count(lost.length, 'paragraph')})`;
  terminal.print(`\n${terminal.style('bold', head)}`);
  terminal.print(
    terminal.wrapped('If any of these belongs to the article, name the element that holds it in `extract.body`.'),
  );
  for (const { what, where } of lost) {
    terminal.hanging('  ', cut(what));
    terminal.hanging('    ', terminal.style('dim', `in ${where}`));
  }
}

function showEffects(terminal: Terminal, sign: string, effects: Trace['steps'][number]['took']): void {
  for (const { what, why } of effects.slice(0, MAX_EFFECTS))
    terminal.hanging(`    ${sign} `, `${terminal.style('yellow', why)}: ${cut(what)}`);
  const more = effects.length - MAX_EFFECTS;
  if (more > 0) terminal.print(terminal.style('dim', `      and ${count(more, 'more part')}; --json has all`));
}

const timeOf = (ms: number): string => `${ms.toFixed(1).padStart(7)} ms`;

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS).trimEnd()} …` : line;
}
