import type { Fills } from '../../ledger/read/fields-given.js';
import type { ProfileState } from '../../ledger/schema.js';

/** Articles on each side without which a drop is chance. */
const ENOUGH = 10;
/** A field that this share of the articles had is one that the outlet gives; so few of them means that it is lost. */
const GIVEN = 0.8;
const LOST = 0.4;

const FIELDS = [
  ['title', 'have a title'],
  ['authors', 'name an author'],
  ['date', 'have a date'],
  ['image', 'have an image'],
] as const;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Why an outlet seems to have changed its layout, in words; null when its articles are as full as they were. */
export function layoutChange(
  fills: Fills | null,
  profile: { state: ProfileState; reason: string } | null,
): string | null {
  if (profile?.state === 'set aside') return profile.reason;
  if (fills === null) return null;
  const { recent, before } = fills;
  if (recent.articles < ENOUGH || before.articles < ENOUGH) return null;
  const lost: string[] = [];
  for (const [field, words] of FIELDS)
    if (before[field] >= GIVEN && recent[field] <= before[field] * LOST)
      lost.push(`${percent(recent[field])} ${words}, it was ${percent(before[field])}`);
  if (recent.words < before.words * LOST)
    lost.push(`they have ${Math.round(recent.words)} words, it was ${Math.round(before.words)} (medians)`);
  return lost.length === 0 ? null : `layout changed? Of its last ${recent.articles} articles ${lost.join('; ')}`;
}

export const layoutHint = (sourceId: string): string =>
  `Look at one with \`sourcelink try URL --source ${sourceId}\`, and at its lists with \`sourcelink sources check ${sourceId}\`; then hint \`extract:\`.`;
