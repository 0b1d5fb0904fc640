import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Swedish. */
export const sv: Phrases = {
  readMore: phrases(`läs mer | läs också | läs även | mer från | se också`),
  signUp: phrases(`prenumerera | följ oss | tipsa oss`),
  labels: phrases(`
    annons | kommentarer | dela | dela artikel | läs mer | läs också | läs även | relaterat | mer från |
    tipsa oss | prenumerera | logga in | bild | foto | video | källa | taggar | ämnen
  `),
};
