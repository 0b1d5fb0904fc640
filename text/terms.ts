import { tokenise } from './tokens.js';

/** Words that tell nothing of a subject. */
const STOP = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both but by
  can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into
  is it its just like many may me might more most much must my new no nor not now of off on once one only or other our out over own
  per said same say says she should since so some still such than that the their them then there these they this those through to
  told too two under until up us very was we were what when where which while who whom why will with would you your yes
  mr mrs ms dr dont doesnt didnt isnt wasnt wont cant im ive hes shes theyre thats whats lets`
    .split(/\s+/)
    .filter(Boolean),
);

/** Words as they are compared for subject: stop words left out, plural and singular made one. */
export function subjectWords(text: string): string[] {
  const words: string[] = [];
  for (const word of tokenise(text)) if (!STOP.has(word)) words.push(singular(word));
  return words;
}

/** English plurals and possessives only; other languages' words pass through where the endings do not apply. */
export function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
