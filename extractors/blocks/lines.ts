import { MONTHS, TIME_WORDS } from '../../text/words/calendar.js';
import { startMatcher, wholeMatcher } from '../../text/words/matcher.js';
import {
  BY,
  COPYRIGHT,
  CREDIT,
  DISCLOSURE,
  LABELS,
  READ_MORE,
  REPORTED_BY,
  SIGN_UP,
} from '../../text/words/phrases.js';
import type { Block } from './blocks.js';
import type { Reason } from './boilerplate.js';

const READ_MORE_START = startMatcher(READ_MORE);
const SIGN_UP_START = startMatcher(SIGN_UP);
const COPYRIGHT_START = startMatcher(COPYRIGHT);
const DISCLOSURE_START = startMatcher(DISCLOSURE);
const REPORTED_START = startMatcher(REPORTED_BY);
const BY_START = startMatcher(BY);
const CREDIT_START = startMatcher(CREDIT);
const LABEL = wholeMatcher(LABELS, READ_MORE);

/** Agencies and libraries that pictures come from; a short line that names one is a credit. */
const PICTURE_AGENCY =
  /\b(?:getty|istock|shutterstock|alamy|afp|epa|ap photo|ap images|reuters|imago|dpa|picture alliance|wireimage|filmmagic|unsplash|pexels|pixabay|adobe stock|zuma|xinhua|bloomberg|press association|pa images|rex features|splash news|backgrid|mega|wikimedia|flickr|depositphotos|dreamstime)\b/i;

const CALENDAR_WORDS = new Set([
  ...Object.values(MONTHS).flat(2),
  ...Object.values(TIME_WORDS).flatMap((words) => words.split(' ')),
]);

const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;
/** Words of dates in scripts without spaces, the longest first: they are taken away one by one. */
const UNSPACED_WORDS = new RegExp(
  [...CALENDAR_WORDS]
    .filter((w) => UNSPACED.test(w))
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'gu',
);

/** True when a text is a date or a time with the words around it, and nothing else. */
export function isTimestamp(text: string): boolean {
  if (text.length > 160 || !/\d/.test(text)) return false;
  let words = 0;
  for (const token of text
    .toLowerCase()
    .replace(/\u0307/g, '')
    .match(/\p{L}+/gu) ?? []) {
    const known = CALENDAR_WORDS.has(token) || CALENDAR_WORDS.has(token.slice(0, -1));
    if (!known && (!UNSPACED.test(token) || token.replace(UNSPACED_WORDS, '') !== '')) return false;
    words += 1;
  }
  // A bare number may be anything; dates have separators or words.
  return words > 0 || /\d{1,4}\s?[./:-]\s?\d{1,2}/.test(text);
}

const SENTENCE_END = /[.!?…。！？؟।][\p{Pf}\p{Pe}"'”’»)\]]*\s*$/u;

/** True when a text ends like a sentence. */
export const endsSentence = (text: string): boolean => SENTENCE_END.test(text);

export type LineContext = {
  /** Lower-case names, as metadata found them. */
  authors: string[];
  title: string;
  /** 0 at the beginning of the article, 1 at its end, in characters. */
  position: number;
  /** Among the last blocks of the article. */
  nearEnd: boolean;
  /** Whether the article has blocks of text before this one. */
  begun: boolean;
  isHeading: boolean;
  isItem: boolean;
  isCell: boolean;
};

/** Why a block is no text of the article, by what it says; null when nothing speaks against it. */
export function lineReason(block: Block, at: LineContext): Reason | null {
  const { text } = block;
  const length = text.length;
  const density = length === 0 ? 0 : block.linked / length;
  if (!/[\p{L}\p{N}]/u.test(text) || /^[\s_*~=-]+$/.test(text)) return 'label';
  if (at.isCell) return null;
  if (length <= 60 && LABEL(text) && !(at.isItem && density === 0)) return 'label';
  if (isTimestamp(text) && !at.isItem) return 'date';
  if (!at.begun && at.title && sameText(text, at.title)) return 'title';
  if (length < 1000) {
    const legal = COPYRIGHT_START(text) !== null;
    if (legal && (length < 300 || at.position > 0.8)) return 'legal';
    if (DISCLOSURE_START(text) !== null && length < 700) return 'legal';
  }
  if (REPORTED_START(text) !== null && length < 400 && !at.isHeading && (at.position > 0.6 || !at.begun))
    return 'byline';
  if (isByline(text, at)) return 'byline';
  if (isCredit(text, at)) return 'credit';
  if (isAddress(text) || (density === 1 && /^\d+$/.test(text))) return 'label';
  const promo = READ_MORE_START(text) !== null;
  if (promo && !at.isHeading && ((density > 0.25 && length < 400) || length < 40)) return 'related';
  if (
    SIGN_UP_START(text) !== null &&
    length < 420 &&
    (density > 0.15 || at.nearEnd || length < 120) &&
    !at.isHeading &&
    !at.isItem
  )
    return 'newsletter';
  if (isFollow(text, at, block.links)) return 'newsletter';
  if (isAllLink(block, at, density)) return 'related';
  if (isContact(text, at)) return 'author box';
  return null;
}

function isByline(text: string, at: LineContext): boolean {
  if (text.length > 160 || endsSentence(text.replace(/\b\p{L}\.\s*$/u, ''))) return false;
  const lower = text.toLowerCase();
  if (at.authors.some((name) => name.length > 3 && lower.includes(name) && text.length < name.length + 60)) {
    return BY_START(text) !== null || text.length < 70;
  }
  if (at.isHeading || at.isItem) return false;
  return (
    text.length < 100 &&
    BY_START(text) !== null &&
    (!at.begun || at.position > 0.97) &&
    /\p{Lu}|\p{Lo}/u.test(text.slice(3))
  );
}

/** `Jane Doe/House`, `House / Jane Doe`: how pictures are credited everywhere. */
const NAME_SLASH_HOUSE =
  /^\p{Lu}[\p{L}.'’&-]*(?: \p{Lu}[\p{L}.'’&-]*){0,4} ?\/ ?\p{Lu}[\p{L}.'’&!-]*(?: \p{Lu}[\p{L}.'’&!-]*){0,3}$/u;

function isCredit(text: string, at: LineContext): boolean {
  if (at.isHeading || text.length > 200) return false;
  const bare = text.replace(/^[\s([{]+|[\s)\]}]+$/g, '');
  if (
    bare.length < 120 &&
    CREDIT_START(bare) !== null &&
    !endsSentence(bare) &&
    (at.isItem ? /[:：|©]/ : /[:：=＝／/|©]|\bby\b|\bvia\b|\bof\b|(?:photo|image|gallery|video) credit/i).test(bare)
  )
    return true;
  if (/\((?:image|photo|picture|foto|bild|photo credit|image credit|credit)\s*[:©][^)]*\)\s*$/i.test(text)) return true;
  if (!at.isItem && bare.length < 70 && NAME_SLASH_HOUSE.test(bare)) return true;
  return (
    bare.length < 90 && !endsSentence(bare) && PICTURE_AGENCY.test(bare) && /[/|©,]|^\S+(?:\s\S+){0,4}$/.test(bare)
  );
}

const ADDRESS = /^(?:https?:\/\/\S+|www\.\S+|\S+@[\w-]+\.[\w.]+|@\w+|(?:twitter|x|facebook|instagram)\.com\/\S+)$/i;

/** Nothing but the address of a page or a person. */
const isAddress = (text: string): boolean => text.length < 300 && ADDRESS.test(text.trim());

const NETWORK =
  /\b(?:instagram|twitter|facebook|tiktok|youtube|linkedin|telegram|whatsapp|pinterest|threads|bluesky|mastodon|newsletter|podcast|google news|apple news)\b|телеграм|ютуб|فيسبوك|تويتر|微信|微博|카카오|유튜브/i;
const FOLLOW =
  /^\W*(?:follow|like|join|find|check out|connect|subscribe|stay|keep up|get|for more|folgen|suivez|rejoignez|retrouvez|síguenos|sigue|sígue|seguici|segui|siga|acompanhe|volg|obserwuj|dołącz|takip|подпис|следите|читайте|стежте|підпис|تابع|עקבו|扫|关注|關注|팔로우|구독)/iu;

/** Asks to follow the outlet or the writer on a network. */
function isFollow(text: string, at: LineContext, links: number): boolean {
  return text.length < 320 && !at.isHeading && FOLLOW.test(text) && NETWORK.test(text) && (links > 0 || at.nearEnd);
}

/** A paragraph that is one link, in a text of paragraphs that are not: the way to another article. */
function isAllLink(block: Block, at: LineContext, density: number): boolean {
  if (density < 0.9 || at.isHeading || at.isItem) return false;
  return block.text.length > 18 && at.begun;
}

const CONTACT = /(?:@\w+|[\w.+-]+@[\w-]+\.\w+)/;

/** How to reach who wrote it, at the end. */
function isContact(text: string, at: LineContext): boolean {
  if (!at.nearEnd || text.length > 700 || at.isHeading) return false;
  const lower = text.toLowerCase();
  const named = at.authors.some((name) => name.length > 3 && lower.startsWith(name));
  if (
    named &&
    /\b(?:is|was|has|covers|writes|est|ist|es|è|é|jest|является|—|journalist|reporter|editor|writer|correspondent|columnist|professor)\b/iu.test(
      text,
    )
  )
    return true;
  return (
    text.length < 250 &&
    CONTACT.test(text) &&
    /\b(?:follow|reach|contact|email|e-mail|twitter|reached|tweet|tips)\b/i.test(text)
  );
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Same words, whatever punctuation and case. */
export function sameText(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 40) return false;
  return plain(a) === plain(b);
}
