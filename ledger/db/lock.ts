import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SourcelinkError } from '../../config/errors.js';

/**
 * Takes the data folder for this process: two processes on one PGlite folder silently lose data.
 * The lock of a process that no longer lives is taken over.
 * @returns what gives the folder back
 * @throws LEDGER_LOCKED when another process holds it
 */
export function lockFolder(dataDir: string): () => void {
  const file = join(dataDir, 'sourcelink.lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const fd = openSync(file, 'wx');
      writeSync(fd, `${process.pid} ${startOf(process.pid) ?? ''}\n`);
      closeSync(fd);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw new SourcelinkError('LEDGER_UNREACHABLE', `cannot write the lock file ${file}`, {
          cause: error,
          hint: 'Check that the data folder exists and is writable.',
        });
      }
      const holder = readHolder(file);
      if (holder !== null && isAlive(holder)) {
        throw new SourcelinkError('LEDGER_LOCKED', `the data folder ${dataDir} is in use by process ${holder.pid}`);
      }
      rmSync(file, { force: true });
    }
  }
  throw new SourcelinkError('LEDGER_LOCKED', `the data folder ${dataDir} keeps being taken by other processes`);
}

type Holder = { pid: number; start: string };

function readHolder(file: string): Holder | null {
  try {
    const [pid, start] = readFileSync(file, 'utf8').trim().split(' ');
    return pid && Number(pid) > 0 ? { pid: Number(pid), start: start ?? '' } : null;
  } catch {
    return null;
  }
}

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  // A process number is used again after a restart of the machine: the start time tells them apart, where there is one.
  const now = startOf(pid);
  return now === null || start === '' || now === start;
}

/** Start time of a process in clock ticks since boot (Linux, /proc/PID/stat field 22), else null. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (/^\) Z /.test(stat.slice(stat.lastIndexOf(')')))) return 'zombie';
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
