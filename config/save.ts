import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { messageOf, SourcelinkError } from './errors.js';

/**
 * Replaces a configuration file in one step: a reader sees the old text or the new one. A link stays a link.
 * @param before what the file held when the new text was made from it
 * @throws CONFIG_INVALID when somebody else has changed the file since, or it cannot be written
 */
export function replaceFile(path: string, before: string, text: string): void {
  let beside: string | null = null;
  try {
    const real = realpathSync(path);
    if (readFileSync(real, 'utf8') !== before)
      throw new SourcelinkError(
        'CONFIG_INVALID',
        `${path} was changed by somebody else meanwhile; nothing was written.`,
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
      hint: 'Give this user the right to write the file and its folder.',
    });
  }
}
