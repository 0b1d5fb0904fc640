/** The phrases of one language, list by list; `phrases.ts` says what each list is. Lower case. */
export type Phrases = {
  readMore?: string[];
  signUp?: string[];
  labels?: string[];
  copyright?: string[];
  disclosure?: string[];
  reportedBy?: string[];
  by?: string[];
  credit?: string[];
};

/** Phrases written between bars, on as many lines as they need. */
export const phrases = (packed: string): string[] => packed.split('|').map((phrase) => phrase.trim());
