import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Czech. */
export const cs: Phrases = {
  readMore: phrases(`čtěte také | číst dál | více o | přečtěte si`),
  signUp: phrases(`odebírejte | sledujte nás | přihlaste se`),
  labels: phrases(`
    reklama | inzerce | komentáře | diskuse | sdílet | číst dál | čtěte také | související články | související |
    nejčtenější | foto | video | zdroj | témata | štítky
  `),
};
