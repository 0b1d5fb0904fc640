import type { Env } from '../config/env.js';
import { codeOf, messageOf } from '../config/errors.js';
import type { Config } from '../config/load.js';
import type { Article } from '../extractors/article.js';
import type { Profile } from '../extractors/profile/profile.js';
import type { ProfileRecord } from '../ledger/profiles.js';
import type { Rendering } from '../ledger/renderings.js';
import { hasLedger, openLedgerAlone } from './open.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** What the ledger has learned of a source, and what a page is read with. */
export type TriedProfile = {
  record: ProfileRecord | null;
  used: Profile | null;
  missing: string | null;
  /** Whether the source's pages need the browser; null before that was learned. */
  rendering: Rendering | null;
};

/** Looks the source's profile up where there is a ledger; that it cannot be opened hinders no trial. */
export async function profileForTrial(
  terminal: Terminal,
  env: Env,
  config: Config,
  sourceId: string,
): Promise<TriedProfile> {
  const without = (missing: string, rendering: Rendering | null = null): TriedProfile => {
    return { record: null, used: null, missing, rendering };
  };
  if (!config.sources.some((s) => s.id === sourceId))
    return without('none: the page does not belong to a configured source');
  if (!hasLedger(env)) return without('none yet: there is no ledger here');
  try {
    const ledger = await terminal.while('Opening the ledger …', () => openLedgerAlone(terminal, env));
    try {
      const { readProfile } = await import('../ledger/profiles.js');
      const { readRenderings } = await import('../ledger/renderings.js');
      const record = await readProfile(ledger.db, sourceId);
      const rendering = (await readRenderings(ledger.db, [sourceId])).get(sourceId) ?? null;
      if (record === null) return without('none yet: too few articles of this source were read', rendering);
      return { record, used: record.state === 'active' ? record.profile : null, missing: null, rendering };
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (!codeOf(error).startsWith('LEDGER_')) throw error;
    return without(`not looked up: ${messageOf(error)}`);
  }
}

/** What the profile did to a page, as `try` tells it. */
export type ProfileEffect = {
  version: number | null;
  state: ProfileRecord['state'] | null;
  /** Articles that it was learned from. */
  pages: number;
  removed: string[];
  /** Whether the text was found by it. */
  found: boolean;
  /** For a person. */
  says: string;
};

export function effectOf({ record, used, missing }: Omit<TriedProfile, 'rendering'>, article: Article): ProfileEffect {
  const removed = article.removed.filter((r) => r.why === 'boilerplate of the outlet').map((r) => r.what);
  const found = article.provenance['text'] === 'profile';
  const effect = { state: record?.state ?? null, removed, found };
  const profile = record?.profile ?? null;
  if (record === null || profile === null)
    return { ...effect, version: null, pages: 0, says: missing ?? record?.reason ?? '' };
  const name = `version ${profile.version}, learned from ${count(profile.pages, 'article')}`;
  const here = [
    ...(found ? ['it found the text, which could not be found without it'] : []),
    ...(removed.length > 0 ? [`it removed ${count(removed.length, 'line')}`] : []),
  ];
  const did =
    used === null
      ? `not used (${record.state}): ${record.reason}`
      : article.provenance['text'] === 'rule'
        ? 'not used: `extract.body` of the source decides'
        : here.join(', ') || 'it changed nothing on this page';
  return { ...effect, version: profile.version, pages: profile.pages, says: `${name}: ${did}` };
}
