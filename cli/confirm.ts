import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.js';

/** Whether a person sits at the terminal who can be asked. */
export const canAsk = (terminal: Terminal): boolean => terminal.live && process.stdin.isTTY === true;

/** Asks a question that yes or no answers; anything but yes is no, the end of the input and Ctrl-C too. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new AbortController();
  for (const event of ['SIGINT', 'close']) asking.once(event, () => ended.abort());
  try {
    const answer = await asking.question(`${question} [y/N] `, {
      signal: AbortSignal.any([terminal.signal, ended.signal]),
    });
    return /^\s*y(?:es)?\s*$/i.test(answer);
  } catch (error) {
    if (!terminal.signal.aborted && !ended.signal.aborted) throw error;
    terminal.note('');
    return false;
  } finally {
    asking.close();
  }
}
