import { eld } from 'eld/extrasmall';

export type LanguageSigns = {
  /** The article's text. */
  text: string;
  /** As the page declares it. */
  declared: string | null;
  /** Where the page declares it, for provenance. */
  declaredBy: string | null;
  /** The `Content-Language` header. */
  header: string | undefined;
  /** What discovery said. */
  hint: string | null;
  /** What the operator set for the source. */
  source: string | null;
};

/** Shorter texts are quotations, names and numbers often enough to mislead. */
const MIN_LETTERS = 120;
const ENOUGH_CHARACTERS = 3000;

/** Languages that the detector has one of, or that differ too little in a news text to outweigh what a page says. */
const FAMILIES = [
  'no nb nn',
  'hr sr bs sh cnr',
  'id ms',
  'tl fil',
  'zh yue cmn',
  'fa prs',
  'he iw',
  'ro mo',
  'pt gl',
  'hi mr ne',
];

const known = new Set(Object.values(eld.info().Languages));

/** A BCP 47 tag in its usual form (`pt_br` → `pt-BR`); null when it is none, or names no language. */
export function normalizeLanguage(tag: string | null | undefined): string | null {
  const first = tag?.split(/[,;]/)[0]?.trim().replaceAll('_', '-');
  if (!first || !/^[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}$/i.test(first)) return null;
  try {
    const [canonical] = Intl.getCanonicalLocales(first);
    return canonical && !/^(?:und|mul|zxx|xx)\b/.test(canonical) ? canonical : null;
  } catch {
    return null;
  }
}

/**
 * The article's language and what told it: the page's word, unless the text is clearly in another language, as templates
 * often say `en` whatever follows.
 */
export function decideLanguage(signs: LanguageSigns): { language: string; from: string } | null {
  const said = [
    { language: normalizeLanguage(signs.declared), from: signs.declaredBy ?? 'page' },
    { language: normalizeLanguage(signs.header), from: 'Content-Language header' },
    { language: normalizeLanguage(signs.hint), from: 'feed' },
    { language: normalizeLanguage(signs.source), from: 'source' },
  ].flatMap(({ language, from }) => (language === null ? [] : [{ language, from }]));
  const found = detect(signs.text);
  if (found === null) return said[0] ?? null;
  // The first that fits the text: it may say more than the text can, such as the country.
  const fitting = said.find(({ language }) => sameLanguage(language, found));
  if (fitting) return fitting;
  const [first] = said;
  if (first && !known.has(primary(first.language))) return first;
  return { language: found, from: first ? `text (${first.from} says ${first.language})` : 'text' };
}

function detect(text: string): string | null {
  const sample = text.slice(0, ENOUGH_CHARACTERS).replace(/https?:\/\/\S+/g, ' ');
  // Scripts without an alphabet say as much with fewer signs.
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const dense =
    sample.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu)?.length ??
    0;
  if (letters + dense * 3 < MIN_LETTERS) return null;
  const result = eld.detect(sample);
  return result.language !== '' && result.isReliable() ? result.language : null;
}

function primary(tag: string): string {
  return tag.split('-')[0] ?? tag;
}

function sameLanguage(tag: string, found: string): boolean {
  const language = primary(tag);
  return language === found || FAMILIES.some((f) => f.split(' ').includes(language) && f.split(' ').includes(found));
}
