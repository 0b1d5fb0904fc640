import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Hungarian. */
export const hu: Phrases = {
  readMore: phrases(`olvassa el | olvass tovább | kapcsolódó | ezt is`),
  signUp: phrases(`iratkozzon fel | iratkozz fel | kövess minket`),
  labels: phrases(`
    hirdetés | hozzászólások | megosztás | olvassa el | olvass tovább | kapcsolódó cikkek | legolvasottabb |
    fotó | videó | forrás | címkék
  `),
};
