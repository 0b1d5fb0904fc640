import { styleText } from 'node:util';
import { MultiBar, Presets } from 'cli-progress';
import CliTable from 'cli-table3';
import { messageOf, SourcelinkError } from '../config/errors.js';
import { ConfigError } from '../config/problems.js';
import { lengthOf, wrap } from './wording.js';

/** Outputs and environment of a command: `process` in the program, arrays in tests. */
export type Surroundings = {
  stdout: Output;
  stderr: Output;
  env: NodeJS.ProcessEnv;
  /** Aborted by SIGINT and SIGTERM, so that the command can end cleanly. */
  signal: AbortSignal;
};

export type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number };

/** Exit code of a command: success, failure, wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;

/** Wraps a command's action: passes it the terminal and uses its result as the exit code. */
export type Act = <A extends unknown[]>(
  action: (terminal: Terminal, ...args: A) => Promise<ExitCode>,
) => (...args: A) => Promise<void>;

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A column with `grow` takes the remaining width and cuts its text there. */
export type Column = { head: string; align?: 'left' | 'right'; grow?: boolean };

/** Progress: a bar on a terminal, an occasional line in a pipe, JSON lines with `--json`. */
export type Meter = { update(state: { done: number; all: number; text: string; data: object }): void; end(): void };

/** The least time between two lines of progress in a pipe, in milliseconds. */
const LINE_EVERY_MS = 2000;
const DRAW_EVERY_MS = 200;
const NARROWEST = 12;

/** Writes results to standard output, and progress, notes and errors to standard error. */
export class Terminal {
  readonly json: boolean;
  readonly #to: Surroundings;
  #bars: MultiBar | null = null;

  constructor(to: Surroundings, json: boolean) {
    this.#to = to;
    this.json = json;
  }

  get env(): NodeJS.ProcessEnv {
    return this.#to.env;
  }

  get signal(): AbortSignal {
    return this.#to.signal;
  }

  /** Whether standard error is a terminal that shows progress. */
  get live(): boolean {
    return this.#to.stderr.isTTY === true && !this.json;
  }

  /** Columns of the terminal; infinite for files and pipes, so that nothing is cut. */
  get width(): number {
    return this.#to.stdout.isTTY ? (this.#to.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  /** Prints a line of the result for people; nothing with `--json`. */
  print(text = ''): void {
    if (!this.json) this.#to.stdout.write(`${text}\n`);
  }

  /** Prints the result as one line of JSON; only with `--json`. */
  result(value: unknown): void {
    if (this.json) this.#to.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Prints a note for people; nothing with `--json`. */
  note(text: string): void {
    if (!this.json) this.log(`${text}\n`);
  }

  /** Writes to standard error without breaking a progress bar. */
  log(text: string): void {
    if (this.#bars) this.#bars.log(text);
    else this.#to.stderr.write(text);
  }

  /** Shows a line on a terminal while `task` runs. In a pipe the line is printed only for a `slow` task. */
  async while<T>(text: string, task: () => Promise<T>, slow = false): Promise<T> {
    const shown = this.live;
    if (shown) this.#to.stderr.write(this.errorStyle('dim', text));
    else if (slow) this.note(text);
    try {
      return await task();
    } finally {
      if (shown) this.#to.stderr.write('\r\u001b[K');
    }
  }

  style(style: Style, text: string): string {
    return this.#styled(this.#to.stdout, style, text);
  }

  errorStyle(style: Style, text: string): string {
    return this.#styled(this.#to.stderr, style, text);
  }

  /** https://no-color.org */
  #styled(output: Output, style: Style, text: string): string {
    const plain = !output.isTTY || this.#to.env['NO_COLOR'] || this.#to.env['TERM'] === 'dumb' || text === '';
    return plain ? text : styleText(style, text, { validateStream: false });
  }

  /** Prints rows under column heads, fitted to the width of the terminal. */
  table(columns: Column[], rows: string[][]): void {
    if (this.json) return;
    const lengths = columns.map((c, i) => Math.max(...[c.head, ...rows.map((r) => r[i] ?? '')].map(lengthOf)));
    const growing = columns.findIndex((c) => c.grow);
    const rest = this.width - lengths.reduce((sum, n, i) => sum + (i === growing ? 0 : n) + 2, 0);
    const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
    const table = new CliTable({
      head: columns.map((c) => this.style('bold', c.head)),
      colAligns: columns.map((c) => c.align ?? 'left'),
      colWidths: lengths.map((n, i) => (i === growing ? Math.max(NARROWEST, Math.min(n, rest)) : n) + 2),
      chars: {
        ...none,
        'bottom-left': '',
        'bottom-right': '',
        left: '',
        'left-mid': '',
        mid: '',
        'mid-mid': '',
        right: '',
        'right-mid': '',
        middle: '',
      },
      style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
    });
    table.push(...rows);
    this.print(table.toString().replace(/[ \t]+$/gm, ''));
  }

  /** Prints names and values, one per line, without null or empty values. */
  facts(pairs: [string, string | null | undefined][]): void {
    const shown = pairs.filter((p): p is [string, string] => Boolean(p[1]));
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    for (const [name, value] of shown) {
      const lines = wrap(value, this.width - width - 2);
      this.print(`${this.style('dim', name.padEnd(width))}  ${lines.join(`\n${' '.repeat(width + 2)}`)}`);
    }
  }

  /** Text broken between words to fit the terminal, at most 100 columns wide, `indent` of them empty from the second line on. */
  wrapped(text: string, indent = 0): string {
    return wrap(text, Math.min(100, this.width) - indent).join(`\n${' '.repeat(indent)}`);
  }

  /** Prints a text after a head; further lines are indented to the start of the text. */
  hanging(head: string, text: string): void {
    const indent = lengthOf(head);
    this.print(head + wrap(text, this.width - indent).join(`\n${' '.repeat(indent)}`));
  }

  /** Prints a list item and, below it, its hint. */
  item(text: string, hint: string | null = null): void {
    this.hanging('- ', text);
    if (hint) for (const line of wrap(`→ ${hint}`, this.width - 2)) this.print(`  ${this.style('dim', line)}`);
  }

  /** Begins to show showing the progress of something. */
  meter(what: string): Meter {
    if (this.json) return this.#lines((s) => JSON.stringify({ progress: what, ...s.data }));
    if (!this.live) return this.#lines((s) => `${what}: ${s.text}`);
    this.#bars = new MultiBar(
      {
        stream: process.stderr,
        format: `${what} {bar} {text}`,
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
        linewrap: false,
      },
      Presets.shades_classic,
    );
    const bars = this.#bars;
    const bar = bars.create(1, 0, { text: '' });
    let drawn = 0;
    return {
      update(state) {
        bar.setTotal(Math.max(1, state.all));
        bar.update(state.done, { text: state.text });
        // By itself it is drawn by a timer, which a task that never waits would hold up.
        if (Date.now() - drawn < DRAW_EVERY_MS) return;
        drawn = Date.now();
        bars.update();
      },
      end: () => {
        this.#bars?.stop();
        this.#bars = null;
      },
    };
  }

  #lines(line: (state: Parameters<Meter['update']>[0]) => string): Meter {
    let last = '';
    let at = 0;
    return {
      update: (state) => {
        const text = line(state);
        if (text === last || Date.now() - at < LINE_EVERY_MS) return;
        last = text;
        at = Date.now();
        this.log(`${text}\n`);
      },
      end: () => undefined,
    };
  }

  /** Prints the message and the hint, or a JSON object with `--json`. The stack follows at log level debug. */
  error(error: unknown): void {
    const known = error instanceof SourcelinkError ? error : null;
    const debug = ['debug', 'trace'].includes(this.#to.env['SOURCELINK_LOG_LEVEL'] ?? '');
    // All problems of a configuration are shown, however many there are.
    const message = error instanceof ConfigError ? error.message : messageOf(error);
    if (this.json) {
      const { code = 'UNEXPECTED', hint = null, retryable = false } = known ?? {};
      const problems = error instanceof ConfigError ? { problems: error.problems } : {};
      this.log(`${JSON.stringify({ error: { code, message, hint, retryable, ...problems } })}\n`);
    } else {
      const hint = known
        ? known.hint
        : 'This error was not expected. Run the command again with SOURCELINK_LOG_LEVEL=debug and report the output.';
      this.log(`${this.errorStyle('red', 'error:')} ${message}\n${hint ? `  ${hint}\n` : ''}`);
    }
    if (debug && error instanceof Error) this.log(`${error.stack}\n`);
  }
}
