import { ar } from './ar.js';
import { cs } from './cs.js';
import { da } from './da.js';
import { de } from './de.js';
import { el } from './el.js';
import { en } from './en.js';
import { es } from './es.js';
import { fa } from './fa.js';
import { fi } from './fi.js';
import { fr } from './fr.js';
import { he } from './he.js';
import { hi } from './hi.js';
import { hu } from './hu.js';
import { id } from './id.js';
import { it } from './it.js';
import { ja } from './ja.js';
import { ko } from './ko.js';
import { nl } from './nl.js';
import { no } from './no.js';
import type { Phrases } from './packed.js';
import { pl } from './pl.js';
import { pt } from './pt.js';
import { ro } from './ro.js';
import { ru } from './ru.js';
import { sv } from './sv.js';
import { th } from './th.js';
import { tr } from './tr.js';
import { uk } from './uk.js';
import { vi } from './vi.js';
import { zh } from './zh.js';

/**
 * Phrases that tell boilerplate from text, by language. A phrase is matched at the beginning of a block, whatever its case,
 * and must end at a word's end; scripts without spaces have no such border.
 */
export type ByLanguage = Record<string, string[]>;

const LANGUAGES: Record<string, Phrases> = {
  en,
  de,
  fr,
  es,
  it,
  pt,
  nl,
  pl,
  tr,
  ru,
  uk,
  ar,
  he,
  hi,
  ja,
  zh,
  ko,
  sv,
  da,
  no,
  fi,
  cs,
  ro,
  hu,
  el,
  id,
  vi,
  th,
  fa,
};

function inAll(list: keyof Phrases): ByLanguage {
  return Object.fromEntries(Object.entries(LANGUAGES).flatMap(([code, of]) => (of[list] ? [[code, of[list]]] : [])));
}

/** Points to another article. */
export const READ_MORE = inAll('readMore');

/** Asks for an address, a subscription, a follow or a donation. */
export const SIGN_UP = inAll('signUp');

/** Labels that stand alone over or under something that is no text. */
export const LABELS = inAll('labels');

/** Rights and terms. */
export const COPYRIGHT = inAll('copyright');

/** Money the outlet earns with the text's links. */
export const DISCLOSURE = inAll('disclosure');

/** Who made the text, as the last line of a report. */
export const REPORTED_BY = inAll('reportedBy');

/** Stands before a name. */
export const BY = inAll('by');

/** Stands before who made a picture. */
export const CREDIT = inAll('credit');
