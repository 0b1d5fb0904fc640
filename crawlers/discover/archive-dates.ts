/** A stretch of time, in milliseconds; `to` is not part of it. */
export type Span = { from: number; to: number };

const DAY_MS = 24 * 3_600_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const YEAR = '(?<y>19[89]\\d|20[0-4]\\d)';
const MONTH = '(?<m>0[1-9]|1[0-2])';
const DAY = '(?<d>0[1-9]|[12]\\d|3[01])';

/** From the most exact to the least. */
const IN_NAMES = [
  `(?<!\\d)${YEAR}[-/_.]${MONTH}[-/_.]${DAY}(?!\\d)`,
  `(?<!\\d)${YEAR}${MONTH}${DAY}(?!\\d)`,
  `[?&]\\w*y\\w*=${YEAR}&\\w*m\\w*=(?<m>\\d{1,2})&\\w*d\\w*=(?<d>\\d{1,2})(?!\\d)`,
  `[?&]\\w*y\\w*=${YEAR}&\\w*m\\w*=(?<m>\\d{1,2})(?!\\d)`,
  `(?<!\\d)${YEAR}[-/_.]?${MONTH}(?!\\d)`,
  `(?<!\\d)${YEAR}[-/_.](?<word>${MONTHS.join('|')})`,
  `(?<![\\d])${YEAR}(?!\\d)`,
].map((text) => new RegExp(text, 'i'));

/** A year alone may be what an article is about. */
const IN_ARTICLES = [
  `/${YEAR}[-/]${MONTH}[-/]${DAY}(?=[/_-]|$)`,
  `/${YEAR}/(?<word>${MONTHS.join('|')})[a-z]*/(?<d>\\d{1,2})(?=/|$)`,
  `(?<=[/_-])${YEAR}${MONTH}${DAY}(?=[/_.-]|$)`,
  `(?<=[/_-])${YEAR}-${MONTH}-${DAY}(?=[/_.-]|$)`,
  `/${YEAR}/${MONTH}(?=/)`,
].map((text) => new RegExp(text, 'i'));

/** The days that a sitemap or page of an archive is about, by its address; null when it does not say. */
export function spanOfPlace(url: string): Span | null {
  const { pathname, search } = new URL(url);
  return spanIn(pathname + search, IN_NAMES);
}

/** The day or month of an article, by its address; null when it does not say. */
export function spanOfArticle(url: string): Span | null {
  return spanIn(new URL(url).pathname, IN_ARTICLES);
}

function spanIn(text: string, patterns: RegExp[]): Span | null {
  for (const pattern of patterns) {
    const { y, m, d, word } = pattern.exec(text)?.groups ?? {};
    if (y === undefined) continue;
    const year = Number(y);
    const month = word === undefined ? m && Number(m) - 1 : MONTHS.indexOf(word.slice(0, 3).toLowerCase());
    if (month === undefined || month === '') return { from: Date.UTC(year, 0), to: Date.UTC(year + 1, 0) };
    if (month < 0 || month > 11) continue;
    if (d === undefined) return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
    const from = Date.UTC(year, month, Number(d));
    if (new Date(from).getUTCMonth() !== month) continue;
    return { from, to: from + DAY_MS };
  }
  return null;
}

/** Whether two stretches share a moment; a day more on either side, as an outlet's days are not those of UTC. */
export function touches(span: Span, other: Span): boolean {
  return span.from - DAY_MS < other.to && other.from < span.to + DAY_MS;
}

/**
 * The addresses of an archive that has one for each month or each day, for all that share a moment with `range`, newest
 * first; null when the address given names neither. `/archive/2024/01` stands for `/archive/2026/11` too.
 */
export function datedPlaces(url: string, range: Span, most: number): string[] | null {
  const found = [
    new RegExp(`/${YEAR}(?<s1>[-/])${MONTH}(?<s2>[-/])${DAY}(?=[/.?]|$)`),
    new RegExp(`/${YEAR}(?<s1>[-/])${MONTH}(?=[/.?]|$)`),
    new RegExp(`[?&](?:date|day)=${YEAR}(?<s1>-)${MONTH}(?<s2>-)${DAY}(?!\\d)`),
    new RegExp(`[?&](?:date|month)=${YEAR}(?<s1>-)${MONTH}(?!\\d)`),
  ]
    .map((pattern) => pattern.exec(url))
    .find((match) => match !== null);
  if (!found?.groups) return null;
  const { y = '', s1 = '', s2 } = found.groups;
  const isDaily = s2 !== undefined;
  const at = found.index + found[0].indexOf(y);
  const rest = url.slice(found.index + found[0].length);
  const places: string[] = [];
  const last = new Date(range.to - 1);
  const [year, month, day] = [last.getUTCFullYear(), last.getUTCMonth(), last.getUTCDate()];
  for (let back = 0; places.length < most; back++) {
    const from = isDaily ? Date.UTC(year, month, day - back) : Date.UTC(year, month - back);
    const to = isDaily ? from + DAY_MS : Date.UTC(year, month - back + 1);
    if (to <= range.from) break;
    const [yyyy = '', mm = '', dd = ''] = new Date(from).toISOString().slice(0, 10).split('-');
    places.push(url.slice(0, at) + yyyy + s1 + mm + (isDaily ? s2 + dd : '') + rest);
  }
  return places;
}
