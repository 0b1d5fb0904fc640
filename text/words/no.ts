import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Norwegian. */
export const no: Phrases = {
  readMore: phrases(`les mer | les også | se også`),
  signUp: phrases(`abonner | følg oss | meld deg på`),
  labels: phrases(`
    annonse | reklame | kommentarer | del | del artikkel | les mer | les også | relaterte artikler | mest lest |
    foto | bilde | video | kilde | emner
  `),
};
