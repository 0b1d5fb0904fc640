#!/usr/bin/env node
import { constants } from 'node:os';
import { main } from './program.js';

const stop = new AbortController();

// The first signal ends in order, the second at once; the ledger stands a process that vanishes.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(128 + constants.signals[name]);
    if (process.stderr.isTTY) process.stderr.write('\nEnding in order; once more ends at once.\n');
    stop.abort(name);
  });
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Standard output is for results alone: what a library or a thread prints there by itself goes to standard error.
const { isTTY, columns } = process.stdout;
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

process.exitCode = await main(process.argv.slice(2), {
  stdout: { write: (text) => print(text), isTTY, columns },
  stderr: process.stderr,
  env: process.env,
  signal: stop.signal,
});
