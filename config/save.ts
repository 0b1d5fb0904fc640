import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { messageOf, SourcelinkError } from './errors.js';

/**
 * Replaces a configuration file atomically: a reader sees the old text or the new one. A symbolic link stays a link.
 * @param before text of the file from which the new text was made
 * @throws CONFIG_INVALID when the file has changed since, or cannot be written
 */
export function replaceFile(path: string, before: string, text: string): void {
  let beside: string | null = null;
  try {
    const real = realpathSync(path);
    if (readFileSync(real, 'utf8') !== before)
      throw new SourcelinkError(
        'CONFIG_INVALID',
        `${path} was changed by another program in the meantime; nothing was written.`,
        {
          hint: 'Run the command again.',
        },
      );
    beside = `${real}.new-${process.pid}`;
    writeFileSync(beside, text, { mode: statSync(real).mode, flag: 'wx' });
    renameSync(beside, real);
  } catch (cause) {
    if (beside !== null) rmSync(beside, { force: true });
    if (cause instanceof SourcelinkError) throw cause;
    throw new SourcelinkError('CONFIG_INVALID', `Cannot write ${path}: ${messageOf(cause)}`, {
      cause,
      hint: 'Allow this user to write to the file and its folder.',
    });
  }
}
