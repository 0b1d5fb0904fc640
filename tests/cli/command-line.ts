import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/program.js';

/** What a command line ended with and said. */
export type Ended = { code: number; out: string; err: string };

/** Runs a command line in this process, as in a pipe unless `columns` make it a terminal. */
export async function sourcelink(
  argv: string[],
  options: { env?: NodeJS.ProcessEnv; columns?: number; signal?: AbortSignal } = {},
): Promise<Ended> {
  const said = { out: '', err: '' };
  const output = (to: 'out' | 'err') => ({
    write: (text: string) => {
      said[to] += text;
    },
    isTTY: options.columns !== undefined,
    columns: options.columns ?? 80,
  });
  const code = await main(argv, {
    stdout: output('out'),
    stderr: output('err'),
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, ...said };
}

/** The one object that a command with `--json` prints. */
export function objectOf({ out }: Ended): Record<string, unknown> {
  const lines = out.trim().split('\n');
  if (lines.length !== 1) throw new Error(`expected one line of JSON, got ${lines.length}: ${out}`);
  return JSON.parse(lines[0] ?? '');
}

export const SOURCES = `
sources:
  - { id: herald, name: The Herald, url: "https://herald.example/" }
  - { id: gazette, name: Gazette, url: "https://gazette.example/", enabled: false }
`;

/** An operator's folder with configuration and room for data. */
export function operatorFolder(sources: string = SOURCES): { env: NodeJS.ProcessEnv; folder: string; drop(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-cli-'));
  writeFileSync(join(folder, 'sources.yaml'), sources);
  writeFileSync(join(folder, 'categories.yaml'), 'categories:\n  - { id: world, label: World }\n');
  return {
    folder,
    env: { SOURCELINK_CONFIG: folder, SOURCELINK_DATA: join(folder, 'data') },
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
}
