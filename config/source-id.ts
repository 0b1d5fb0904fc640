const LONGEST = 40;

/** Text as an id of a source: lower-case letters, digits and dashes. */
export function idFrom(text: string): string {
  const id = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return id === '' ? 'outlet' : id;
}

/** The first of these that is not taken, else the first with a number. */
export function freeId(wanted: [string, ...string[]], taken: ReadonlySet<string>): string {
  const free = wanted.find((id) => !taken.has(id));
  if (free !== undefined) return free;
  for (let n = 2; ; n++) if (!taken.has(`${wanted[0]}-${n}`)) return `${wanted[0]}-${n}`;
}
