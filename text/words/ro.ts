import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Romanian. */
export const ro: Phrases = {
  readMore: phrases(`citește și | citeşte şi | citește mai mult | vezi și`),
  signUp: phrases(`abonează-te | urmărește-ne | urmăriți-ne`),
  labels: phrases(`
    publicitate | reclamă | comentarii | distribuie | citește și | citeşte şi | citește mai mult |
    articole similare | cele mai citite | foto | video | sursa | etichete
  `),
};
