/** Words of others with what they mean here: of a plain object, `constructor` and its like would be found. */
export function lexicon<T>(entries: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null), entries);
}
