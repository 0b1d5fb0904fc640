import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk so small that it can be filled; it lies in memory. */
export type Disk = { dir: string; fill(): Promise<void>; free(): Promise<void>; close(): void };

/** Mounts one: for root on Linux. */
export function mountDisk(megabytes: number): Disk {
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', dir]);
  const ballast = join(dir, 'ballast');
  return {
    dir,
    /** To the last page: first in large pieces, then in ever smaller ones. */
    async fill() {
      const file = await open(ballast, 'w');
      for (let bytes = 1 << 20; bytes >= 4096; bytes >>= 1) {
        try {
          for (;;) if ((await file.write(Buffer.alloc(bytes))).bytesWritten < bytes) break;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
      await file.close();
    },
    free: () => rm(ballast, { force: true }),
    close() {
      execFileSync('umount', ['-l', dir]);
      rmdirSync(dir);
    },
  };
}
