import { fold, textOf } from './html-text.js';

/** Names of people: several in one string are told apart, addresses and a leading "By" dropped. */
export function namesOf(raws: (string | undefined)[]): string[] {
  const names = raws.flatMap((raw) => {
    const text = textOf(raw ?? '')
      .replace(/[<([]?\b[\w.+-]+@[\w.-]+\.\w+\b[>)\]]?|https?:\/\/\S+/g, '')
      .replace(/^\s*by[:\s]+/i, '');
    const parts = text.split(/\s*(?:;|\||\s&\s|\sand\s|,\s*and\s)\s*/i).flatMap(splitCommas);
    return parts.map((p) => fold(p.replace(/^[\s,()/-]+|[\s,(/-]+$/g, '')));
  });
  return [...new Set(names.filter((n) => n.length > 1 && n.length < 100))];
}

/** "Ann Lee, Bo Ray" are two; "Lee, Ann" and "Ann Lee, Jr." are one. */
function splitCommas(text: string): string[] {
  const parts = text.split(/\s*,\s*/);
  return parts.every((p) => /\S\s+\S/.test(p)) ? parts : [text];
}
