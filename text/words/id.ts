import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Indonesian. */
export const id: Phrases = {
  readMore: phrases(`baca juga | baca selengkapnya | lihat juga | simak juga`),
  signUp: phrases(`ikuti kami | berlangganan | dapatkan`),
  labels: phrases(`
    iklan | komentar | bagikan | baca juga | baca selengkapnya | artikel terkait | berita terkait | terpopuler |
    terkini | foto | video | sumber | tag | topik
  `),
};
