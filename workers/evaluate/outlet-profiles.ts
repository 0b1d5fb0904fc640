import { getDomain } from 'tldts';
import { learnProfile, type PageDigest, type Profile } from '../../extractors/profile.js';

/** Gives each page the profile of its outlet, learned from the outlet's other pages alone; null where they teach nothing. */
export function profilesWithoutOwn(
  pages: { id: string; url: string; digest: PageDigest }[],
): (id: string) => Profile | null {
  const outlets = new Map(pages.map((p) => [p.id, getDomain(p.url) ?? new URL(p.url).hostname]));
  return (id) => {
    const outlet = outlets.get(id);
    if (outlet === undefined) return null;
    return learnProfile(pages.filter((p) => p.id !== id && outlets.get(p.id) === outlet).map((p) => p.digest));
  };
}
