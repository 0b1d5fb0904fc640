import { SourcelinkError } from './errors.js';

/** One thing that is wrong in a configuration file, and where. Lines and columns count from 1. */
export type Problem = {
  file: string;
  line: number;
  column: number;
  /** Such as `sources[2].every`; empty for the whole file. */
  field: string;
  /** Id of the source that contains the field, if it has one. */
  source: string | null;
  what: string;
  hint: string;
};

/** `config/sources.yaml:12:12 sources[1].every of nasa — what is wrong — hint`. */
export function problemLine(p: Problem): string {
  const field = p.field === '' ? '' : ` ${p.field}${p.source === null ? '' : ` of ${p.source}`}`;
  return `${p.file}:${p.line}:${p.column}${field} — ${p.what} — ${p.hint}`;
}

/** Every problem of all configuration files at once (CONFIG_INVALID); the message lists them line by line. */
export class ConfigError extends SourcelinkError {
  override readonly name = 'ConfigError';
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    super(
      'CONFIG_INVALID',
      `${count} in the configuration; nothing was started.\n${problems.map(problemLine).join('\n')}`,
      {
        hint:
          problems.length === 1
            ? 'Correct the file at the line and field shown.'
            : 'Correct the files at the lines and fields shown.',
      },
    );
    this.problems = problems;
  }
}

/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment. */
function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** The known word closest to `written`, or null when none is close (about one edit per three letters). */
export function nearest(written: string, known: readonly string[]): string | null {
  const wanted = written.toLowerCase();
  const ranked = known
    .map((word) => ({ word, edits: distance(wanted, word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(1, Math.floor(wanted.length / 3)) ? best.word : null;
}
