const AGENCIES =
  'AP|AFP|EPA|EFE|ANSA|PA|Reuters|Getty(?: Images)?|Associated Press|Bloomberg|Alamy|Shutterstock|Xinhua|dpa|Zuma Press';

/** Who made the picture, when its caption says so. */
export function creditOf(caption: string | null | undefined): string | null {
  // A credit stands at the end.
  const text = caption?.replace(/\s+/g, ' ').trim().slice(-300);
  if (!text) return null;
  const found =
    /\b(?:photo(?:graph)?(?: credit)?|image(?: credit| source)?|picture|credit|foto|crédit(?: photo)?|bild)(?: by|:| ?[/©])\s*:?\s*([^|()[\]]{2,80}?)\s*[.)\]]*$/i.exec(
      text,
    )?.[1] ??
    /[([]([^()[\]]{2,80})[)\]]\.?$/.exec(text)?.[1]?.match(new RegExp(`^.*(?:${AGENCIES}).*$`))?.[0] ??
    new RegExp(
      `(?:^|[.!?”"] |\\s[–—|-]\\s)([\\p{L}\\p{M} .'’-]{0,50}(?:/| via |, )?(?:${AGENCIES})(?:(?:/| via )[\\w .]{2,30})?)\\.?$`,
      'u',
    ).exec(text)?.[1] ??
    /©\s*([^|()[\]]{2,60}?)\.?$/.exec(text)?.[1];
  return found?.replace(/^(?:photo(?:graph)?|image|picture|foto|by|von|par)\b[ :]*(?:by )?/i, '').trim() || null;
}
