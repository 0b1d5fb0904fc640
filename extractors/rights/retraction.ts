import { startMatcher } from '../../text/words/matcher.js';
import { LABELS, OWN_LIST, RETRACTED } from '../../text/words/retracted.js';
import { articleObject, type JsonLd, textField } from '../metadata/json-ld.js';

/** Values of schema.org's creativeWorkStatus and of IPTC's publishing status by which an outlet takes its article back. */
const TAKEN_BACK = new Set(['retracted', 'withdrawn', 'withheld', 'canceled', 'cancelled']);
/** Where a notice stands. */
const PLACES = 'h1, h2, h3, p, div > strong, div > b, div > em';
/** Characters of a sentence that is a notice, and of a text that leaves no article beside one. */
const SENTENCE = 400;
const SHORT = 1500;

const says = startMatcher(RETRACTED);
const labelled = startMatcher(LABELS);

/** Sentences on a page by which an article may be taken back. */
export function noticesIn(document: Document): string[] {
  const texts = [...document.querySelectorAll(PLACES)].map((e) => (e.textContent ?? '').replace(/\s+/g, ' ').trim());
  return texts.filter(isNotice);
}

/** `Editor's note: This story has been removed …` counts as what follows the colon. */
function isNotice(text: string): boolean {
  if (text === '' || text.length > SENTENCE) return false;
  const said = [text, text.replace(/^[^.:：]{3,40}[:：]\s*/, '')].find((t) => says(t) !== null);
  if (said === undefined) return false;
  return !OWN_LIST.test(said.slice(says(said) ?? 0).split(/[.!?。]/, 1)[0] ?? '');
}

/**
 * The publisher's word that the page's article was taken back, as the page has it; null when it says no such thing. A sentence counts
 * where the article begins or where no article is left: a report may well be about another's retraction.
 */
export function retractionNotice(page: {
  jsonLd: JsonLd[];
  title: string;
  text: string;
  /** Of `noticesIn`. */
  notices: string[];
}): string | null {
  const status = textField(articleObject(page.jsonLd), 'creativeWorkStatus');
  const word = status?.split(/[/#:]/).at(-1)?.trim().toLowerCase() ?? '';
  if (TAKEN_BACK.has(word)) return status;
  if (isLabelled(page.title) || isNotice(page.title)) return page.title;
  const first = page.text.split('\n', 2).find(isNotice);
  return first ?? (page.text.length < SHORT ? (page.notices[0] ?? null) : null);
}

/** `RETRACTED: …`, or nothing but the label. */
function isLabelled(title: string): boolean {
  const length = labelled(title);
  return length !== null && /^\s*(?:$|[\])】]|[:：|–—-]\s)/u.test(title.slice(length));
}
