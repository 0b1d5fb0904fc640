import { fold, textOf } from '../../text/html-text.js';

/** More of one text, and more texts, are no names: they are bait for the expressions below. */
const MAX_CHARACTERS = 2000;
const MAX_NAMES = 100;

/** Names of people: several in one string are told apart, addresses and a leading "By" dropped. */
export function namesOf(raws: (string | undefined)[]): string[] {
  const names = raws.slice(0, MAX_NAMES).flatMap((raw) => {
    const text = textOf(raw?.slice(0, MAX_CHARACTERS) ?? '')
      .replace(/[<([]?\b[\w.+-]+@[\w.-]+\.\w+\b[>)\]]?|https?:\/\/\S+/g, '')
      .replace(/^\s*by[:\s]+/i, '');
    const parts = text.split(/\s*(?:;|\||\s&\s|\sand\s|,\s*and\s)\s*/i).flatMap(splitCommas);
    return parts.map((p) => fold(p.replace(/^[\s,()/-]+|[\s,(/-]+$/g, '')));
  });
  return [...new Set(names.filter((n) => n.length > 1 && n.length < 100))].slice(0, MAX_NAMES);
}

/** "Ann Lee, Bo Ray" are two; "Lee, Ann" and "Ann Lee, Jr." are one. */
function splitCommas(text: string): string[] {
  const parts = text.split(/\s*,\s*/);
  return parts.every((p) => /\S\s+\S/.test(p)) ? parts : [text];
}
