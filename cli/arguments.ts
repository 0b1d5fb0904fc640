import { InvalidArgumentError } from 'commander';
import { duration } from '../config/values.js';

/** A whole number from 1. @throws InvalidArgumentError, as commander wants it */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('Write a whole number of at least 1.');
  return Number(text);
}

/** A moment, as a date or as how long ago. @throws InvalidArgumentError */
export function whenOf(text: string): Date {
  const back = duration.safeParse(text);
  if (back.success) return new Date(Date.now() - back.data);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('Write how long ago (24h, 7d) or a date (2026-03-01).');
  return new Date(at);
}

/** A TCP port; 0 takes any free one. @throws InvalidArgumentError */
export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Write a port from 0 to 65535.');
  return Number(text);
}
