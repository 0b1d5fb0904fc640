import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package-lock.json above this file, whether it runs from TypeScript or from `dist-tools/`. */
export function checkout(): { root: string; read(path: string): string } {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package-lock.json')) && dirname(root) !== root) root = dirname(root);
  return { root, read: (path) => readFileSync(join(root, path), 'utf8') };
}

/** Whether the module of this `import.meta.url` is what Node was started with. */
export function isStarted(url: string): boolean {
  const started = process.argv[1];
  return started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(url);
}
