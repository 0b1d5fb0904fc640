/** `1 article`, `2 articles`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A moment as people read it, in UTC; `-` when there is none. */
export const moment = (date: Date | string | null): string =>
  date === null ? '-' : `${new Date(date).toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** A time of so many milliseconds, in the largest unit that fits. */
export function span(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return '< 1 min';
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
}

/** How long ago, in the largest unit that fits. */
export function ago(date: Date | null, now: Date): string {
  if (date === null) return 'never';
  const ms = now.getTime() - date.getTime();
  return ms < 60_000 ? 'just now' : `${span(ms)} ago`;
}
