const AGENCIES =
  'AP|AFP|EPA|EFE|ANSA|PA|Reuters|REUTERS|Getty(?: Images)?|GETTY(?: IMAGES)?|Associated Press|Bloomberg|Alamy|Shutterstock|Xinhua|dpa|Zuma Press';

/** `(… Getty Images)` at the end. */
const IN_BRACKETS = new RegExp(`[([]([^()[\\]]{0,60}\\b(?:${AGENCIES})\\b[^()[\\]]{0,60})[)\\]]\\.?$`);
/** `Photo: …`, `Photograph by …`, `Image credit: …` up to the end. */
const NAMED =
  /(?:^|[^\p{L}])(?:[Pp]hoto(?:graph)?|PHOTO|[Ii]mage|IMAGE|[Pp]icture|PICTURE|[Cc]redit|CREDIT|[Ff]oto|FOTO|[Cc]rédit|[Bb]ild)(?: [Cc]redit| [Ss]ource| photo)?(?: [Bb]y:?(?= \p{Lu})| ?[:©/])\s*([^|()[\]]{2,80}?)\s*[.)\]]*$/u;
/** `… Name/Agency via Agency` as the last sentence; an initial ends none. */
const AGENCY_LAST = new RegExp(
  `^(?:.*(?<!\\b\\p{Lu})[.!?”"] |.*\\s[–—|-]\\s)?([\\p{L}\\p{M} .'’-]{0,50}(?:/| via |, )?(?:${AGENCIES})(?:(?:/| via )[\\p{L}\\p{M} .'’-]{2,40})?)\\.?$`,
  'u',
);
const COPYRIGHT = /©\s*([^|()[\]]{2,60}?)\.?$/;

/** Who made the picture, when its caption says so. */
export function creditOf(caption: string | null | undefined): string | null {
  // A credit stands at the end.
  const text = caption?.replace(/\s+/g, ' ').trim().slice(-300);
  if (!text) return null;
  for (const pattern of [IN_BRACKETS, NAMED, AGENCY_LAST, COPYRIGHT]) {
    const found = pattern
      .exec(text)?.[1]
      ?.replace(/^(?:photo(?:graph)?|image|picture|foto|by|von|par)\b:? (?:by )?/i, '')
      .trim();
    if (found) return found;
  }
  return null;
}
