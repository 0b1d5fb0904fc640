/** Builds the program where a test may run it: threads, processes and the package come from `dist/`. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/.tsbuildinfo';

/** @throws Error when the sources do not compile; the compiler has said why */
export function buildIfOlder(): void {
  const rooms = (JSON.parse(readFileSync('tsconfig.build.json', 'utf8')) as { include: string[] }).include;
  const sources = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
  );
  const inputs = [...rooms, ...sources, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  const changed = Math.max(...inputs.map((path) => statSync(path).mtimeMs));
  if ((statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0) > changed) return;
  const started = new Date();
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  // The compiler leaves the file as it was when no output changed.
  utimesSync(BUILT, started, started);
}
