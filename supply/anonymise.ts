import { parseDocument } from '../extractors/dom/dom.js';

/** Elements without words for readers. Comments go too. */
const CUT = 'script,style,noscript,svg,iframe,link,meta,template,object,embed';
/** What rules go by; all other attributes are left out. */
const KEPT =
  /^(?:class|id|role|rel|itemprop|itemtype|itemscope|hidden|aria-hidden|style|lang|dir|colspan|rowspan|type|datetime)$/;
const ADDRESSES = /^(?:href|src|srcset|poster|cite|action)$/;
const WORDS = /^(?:alt|title|aria-label)$/;

/** Letters of scripts whose words are replaced by letters of their own; a letter of any other becomes a Latin one. */
const SCRIPTS: [RegExp, string][] = [
  [/\p{sc=Cyrillic}/u, 'абвгдезиклмнопрсту'],
  [/\p{sc=Greek}/u, 'αβγδεζηικλμνοπρστυ'],
  [/\p{sc=Arabic}/u, 'ابتجحدرسطعفقكلمنهو'],
  [/\p{sc=Hebrew}/u, 'אבגדהוזחטיכלמנסעפק'],
  [/\p{sc=Devanagari}/u, 'अइउएकगचजटडतदनपबमरल'],
  [/\p{sc=Hangul}/u, '가나다라마바사아자차카타파하고노도로'],
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/u, 'あいうえおかきくけこさしすせそたちつ'],
  [/\p{sc=Han}/u, '天地人山水火木金土日月云雨春夏秋冬'],
];
const CONSONANTS = 'bdfgklmnprstv';
const VOWELS = 'aeiou';

/**
 * A page with the structure it had and none of its words: elements, classes, ids, lengths of words, punctuation and
 * capitals stay; words, numbers and addresses are invented, the same for the same word.
 */
export function anonymise(html: string): string {
  const document = parseDocument(html);
  for (const element of document.querySelectorAll(CUT)) element.remove();
  const walk = (node: ChildNode): void => {
    if (node.nodeType === 8) node.remove();
    else if (node.nodeType === 3) node.nodeValue = wordsOf(node.nodeValue ?? '');
    else if (node.nodeType === 1) clean(node as Element);
    for (const child of Array.from(node.childNodes)) walk(child);
  };
  walk(document.documentElement);
  return `<!doctype html>\n${document.documentElement.outerHTML}\n`;
}

function clean(element: Element): void {
  for (const { name, value } of Array.from(element.attributes)) {
    if (ADDRESSES.test(name)) element.setAttribute(name, addressOf(value));
    else if (WORDS.test(name)) element.setAttribute(name, wordsOf(value));
    else if (name === 'datetime') element.setAttribute(name, value.replace(/\d{4}-\d\d-\d\d/, '2026-03-01'));
    else if (name === 'id' || name === 'class') element.setAttribute(name, value.replace(/\d/g, '0'));
    else if (!KEPT.test(name)) element.removeAttribute(name);
  }
}

/** An address of an example host; what kind it was (within the page, elsewhere, mail) stays. */
function addressOf(value: string): string {
  const address = value.trim();
  if (address === '' || address === '#') return address;
  if (address.startsWith('#')) return `#${wordsOf(address.slice(1))}`;
  const scheme = /^([a-z][a-z+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'mailto') return 'mailto:desk@gazette.test';
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return `${scheme}:x`;
  const elsewhere = scheme !== undefined || address.startsWith('//');
  const path = hashOf(address).toString(36);
  return elsewhere ? `https://elsewhere.test/${path}` : `/${path}`;
}

/** Each word replaced by an invented one of its length, script and capitals; each digit by another. */
export function wordsOf(text: string): string {
  return text.replace(/[\p{L}\p{M}]+|\p{N}+/gu, (word) => (/^\p{N}/u.test(word) ? figures(word) : invented(word)));
}

function figures(word: string): string {
  const random = sequence(hashOf(word));
  return Array.from(word, () => String(random() % 10)).join('');
}

function invented(word: string): string {
  const random = sequence(hashOf(word.toLowerCase()));
  const pick = (letters: string): string => Array.from(letters)[random() % Array.from(letters).length] ?? 'a';
  return Array.from(word, (letter, i) => {
    const own = SCRIPTS.find(([script]) => script.test(letter))?.[1];
    const made = pick(own ?? (i % 2 === 0 ? CONSONANTS : VOWELS));
    return letter !== letter.toLowerCase() ? made.toUpperCase() : made;
  }).join('');
}

/** FNV-1a: the same word becomes the same word, in every run. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** Whole numbers that follow from a seed (xorshift). */
function sequence(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state >>> 4;
  };
}
