import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { parseTar } from 'nanotar';

/**
 * Makes `folder` an empty PGlite database. Unpacking the one that the build made takes a tenth of the time of making one, and
 * spares some 500 MB that PGlite keeps afterwards (docs/decisions/0017).
 * @returns false when there is no such archive: PGlite then makes the folder by itself
 */
export function unpackNewFolder(folder: string): boolean {
  const archive = places().find(existsSync);
  if (archive === undefined) return false;
  const made = `${folder}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true, mode: 0o700 });
  for (const entry of parseTar(brotliDecompressSync(readFileSync(archive)))) {
    const path = join(made, entry.name);
    if (entry.type === 'directory') mkdirSync(path, { recursive: true, mode: 0o700 });
    else writeFileSync(path, entry.data ?? '', { mode: 0o600 });
  }
  // Only whole: PGlite would take half a folder for a database.
  renameSync(made, folder);
  return true;
}

/** The archive belongs to one version of PGlite. It lies in `dist`, wherever this file was compiled to. */
function places(): string[] {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return ['../..', '../../dist', '../../../dist'].map((up) =>
    fileURLToPath(new URL(`${up}/pglite-${version}.tar.br`, import.meta.url)),
  );
}

/** What the build does once for each version of PGlite. */
async function makeArchive(): Promise<void> {
  const [archive] = places();
  if (archive === undefined || existsSync(archive)) return;
  const { PGlite } = await import('@electric-sql/pglite');
  const lite = await PGlite.create();
  const dump = await lite.dumpDataDir('none').finally(() => lite.close());
  const part = `${archive}.part`;
  // Three databases of the same pages lie some megabytes apart: within this window, beyond that of gzip.
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 6,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  };
  writeFileSync(part, brotliCompressSync(Buffer.from(await dump.arrayBuffer()), { params }));
  renameSync(part, archive);
}

const started = process.argv[1];
if (started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(import.meta.url))
  await makeArchive();
