import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Finnish. */
export const fi: Phrases = {
  readMore: phrases(`lue lisää | lue myös | katso myös`),
  signUp: phrases(`tilaa | seuraa meitä`),
  labels: phrases(`
    mainos | kommentit | jaa | jaa artikkeli | lue lisää | lue myös | luetuimmat | kuva | video | lähde | aiheet
  `),
};
