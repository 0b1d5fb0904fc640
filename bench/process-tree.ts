import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second of /proc, the same on every Linux that Node runs on (proc(5)). */
const TICKS = 100;

/** CPU time of a process, of those it started and of their own that have ended, in milliseconds; 0 where there is no /proc. */
export function cpuMsOfTree(pid: number): number {
  let ticks = 0;
  for (const name of listProcesses()) {
    const fields = fieldsOf(name);
    if (fields === null || (Number(name) !== pid && Number(fields[1]) !== pid)) continue;
    // Of the process itself also what its ended children took; a child's own children are none of PostgreSQL's or Redis's.
    ticks += Number(fields[11]) + Number(fields[12]);
    if (Number(name) === pid) ticks += Number(fields[13]) + Number(fields[14]);
  }
  return (ticks * 1000) / TICKS;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** The fields after the name, from the state on: 1 is the parent, 11 to 14 are utime, stime, cutime, cstime. */
function fieldsOf(name: string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
