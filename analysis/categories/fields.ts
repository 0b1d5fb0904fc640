import { subjectWords } from '../../text/terms.js';

/** What is read of an article to file it. */
export type Classifiable = {
  title: string;
  text: string;
  url: string;
  section: string | null;
  tags: string[];
  language: string | null;
};

/** Words of the body that are read; the subject of a report stands at its beginning. */
const MAX_WORDS = 400;
/** Words of the body that count as its lede. */
const LEDE_WORDS = 60;

/** What a word of the title weighs. */
export const TITLE_WEIGHT = 3;

/** An article's subject words by where they stand, each part with what a word there weighs. */
export type Field = { words: string[]; weight: number };

/** Title, what the page itself says of its subject, lede, and the rest. */
export function fieldsOf(a: Classifiable): Field[] {
  const body = subjectWords(firstWords(a.text));
  const hints = [a.section ?? '', ...a.tags.slice(0, 12), ...sectionsOf(a.url)].join(' . ');
  return [
    { words: subjectWords(a.title), weight: TITLE_WEIGHT },
    { words: subjectWords(hints), weight: 2 },
    { words: body.slice(0, LEDE_WORDS), weight: 1 },
    { words: body.slice(LEDE_WORDS), weight: 0.6 },
  ];
}

/** Enough of a text, cut before it is divided into words; scripts without spaces are cut by length alone. */
function firstWords(text: string): string {
  const most = MAX_WORDS * 8;
  return text.length <= most ? text : text.slice(0, most);
}

/** The folders of a URL, which often name its section; numbers and dates do not. */
export function sectionsOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  return new URL(url).pathname
    .split('/')
    .slice(1, -1)
    .filter((part) => /^[\p{L}-]{3,40}$/u.test(part))
    .map((part) => part.replaceAll('-', ' '));
}
