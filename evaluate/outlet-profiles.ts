import { getDomain } from 'tldts';
import type { PageDigest } from '../extractors/profile/digest.js';
import { learnAndJudge } from '../extractors/profile/judge.js';
import type { Profile } from '../extractors/profile/profile.js';

/**
 * Gives each page the profile of its outlet, learned from the outlet's other pages alone; null where they are too few, or
 * where a pipeline would not use it.
 */
export function profilesWithoutOwn(
  pages: { id: string; url: string; digest: PageDigest }[],
): (id: string) => Profile | null {
  const outlets = new Map(pages.map((p) => [p.id, getDomain(p.url) ?? new URL(p.url).hostname]));
  return (id) => {
    const outlet = outlets.get(id);
    if (outlet === undefined) return null;
    const judged = learnAndJudge(pages.filter((p) => p.id !== id && outlets.get(p.id) === outlet).map((p) => p.digest));
    return judged?.wins ? { version: 1, ...judged.profile } : null;
  };
}
