import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Greek. */
export const el: Phrases = {
  readMore: phrases(`διαβάστε επίσης | διαβάστε περισσότερα | δείτε επίσης`),
  signUp: phrases(`εγγραφείτε | ακολουθήστε`),
  labels: phrases(`
    διαφήμιση | σχόλια | κοινοποίηση | διαβάστε επίσης | διαβάστε περισσότερα | σχετικά άρθρα | δημοφιλή |
    φωτογραφία | βίντεο | πηγή | ετικέτες
  `),
};
