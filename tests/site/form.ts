import { parseHTML } from 'linkedom';
import type { Opened } from './open.js';

/** The token of the form on a page; empty when there is none. */
export async function tokenOf(o: Opened, path: string, headers: Record<string, string> = {}): Promise<string> {
  const { document } = parseHTML(await (await o.get(path, headers)).text());
  return document.querySelector('input[name="token"]')?.getAttribute('value') ?? '';
}
