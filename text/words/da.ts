import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Danish. */
export const da: Phrases = {
  readMore: phrases(`læs mere | læs også | se også`),
  signUp: phrases(`abonner | følg os | tilmeld`),
  labels: phrases(`
    annonce | reklame | kommentarer | del | del artikel | læs mere | læs også | relaterede artikler | mest læste |
    foto | billede | video | kilde | emner
  `),
};
