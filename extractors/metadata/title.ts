import { type JsonLd, textField } from './json-ld.js';

export type Title = { title: string; from: string };

/** Parts of a document title: ` | `, ` - `, ` :: `; dashes only with space around them. */
const SEPARATORS = /\s+[|\-–—−·•»«:~/\\]+\s+|\s*[|»]\s*|\s::\s/;

/** Lower case, words only: how titles are compared. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The headline by agreement of what the page gives, the site's name cut off. '' when the page has none at all. */
export function readTitle(
  document: Document,
  page: {
    metas: Map<string, string[]>;
    article: JsonLd | null;
    /** Names of the site, its publisher and host. */
    siteNames: string[];
    selector: string | undefined;
    hint: string | null;
  },
): Title {
  const ruled = page.selector ? textBySelector(document, page.selector) : null;
  if (ruled) return { title: ruled, from: `rule ${page.selector}` };
  const clean = (text: string | null | undefined) => (text ? cutSite(squeeze(text), page.siteNames) : '');
  const og = clean(page.metas.get('og:title')?.[0] ?? page.metas.get('twitter:title')?.[0]);
  const headline = clean(textField(page.article, 'headline') ?? textField(page.article, 'name'));
  const document_ = clean(document.querySelector('head title, title')?.textContent);
  const others = [headline, og, document_].filter(Boolean);
  const h1 = headings(document)
    .map((text) => ({ text, score: Math.max(0, ...others.map((o) => agreement(text, o))) }))
    .sort((a, b) => b.score - a.score)[0];
  const agreed = h1 ? agreedPart(h1.text, others) : null;
  if (agreed) return { title: agreed, from: 'h1, without what only it says' };
  if (h1 && (h1.score >= 0.5 || others.length === 0)) return { title: h1.text, from: 'h1' };
  for (const [title, from] of [
    [headline, 'json-ld headline'],
    [og, 'meta og:title'],
    [h1 && document_ === '' ? h1.text : '', 'h1'],
    [document_, 'title'],
    [squeeze(page.hint ?? ''), 'feed'],
  ] as const) {
    if (title !== '' && title !== undefined) return { title, from };
  }
  return { title: h1?.text ?? '', from: 'h1' };
}

/** What two other titles say alike and the h1 says too, with a section before it or a note behind it. */
function agreedPart(h1: string, others: string[]): string | null {
  const whole = plain(h1);
  for (const [i, other] of others.entries()) {
    const said = plain(other);
    if (said === whole) return null;
    const again = others.some((o, k) => k !== i && plain(o) === said);
    const more = whole.split(' ').length - said.split(' ').length;
    if (again && said.length > 15 && more <= 3 && (whole.endsWith(` ${said}`) || whole.startsWith(`${said} `)))
      return other;
  }
  return null;
}

function textBySelector(document: Document, selector: string): string | null {
  try {
    const element = document.querySelector(selector);
    return squeeze(element?.getAttribute('content') ?? element?.textContent ?? '') || null;
  } catch {
    return null;
  }
}

const squeeze = (text: string): string => decodeAgain(text).replace(/\s+/g, ' ').trim();

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};

/** Entities that were escaped twice. */
export function decodeAgain(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : whole;
    },
  );
}

function headings(document: Document): string[] {
  const texts: string[] = [];
  for (const element of document.querySelectorAll('h1, [itemprop="headline"]')) {
    const text = squeeze(element.getAttribute('content') ?? element.textContent ?? '');
    if (text.length > 1 && text.length < 400) texts.push(text);
    if (texts.length >= 12) break;
  }
  return texts;
}

/** How much two titles say the same: shared words as a share of all words of the shorter, less when lengths differ. */
function agreement(a: string, b: string): number {
  const [x, y] = [plain(a), plain(b)];
  if (x === '' || y === '') return 0;
  if (x === y) return 1;
  const [wordsX, wordsY] = [new Set(x.split(' ')), new Set(y.split(' '))];
  const shared = [...wordsX].filter((w) => wordsY.has(w)).length;
  return (2 * shared) / (wordsX.size + wordsY.size);
}

/** Cuts the site's name, and the section before it, from the end or the beginning of a title. */
export function cutSite(title: string, siteNames: string[]): string {
  const names = siteNames.map(plain).filter((n) => n.length > 1);
  const parts: { text: string; start: number; end: number }[] = [];
  let start = 0;
  for (const m of title.matchAll(new RegExp(SEPARATORS, 'g'))) {
    parts.push({ text: title.slice(start, m.index), start, end: m.index });
    start = m.index + m[0].length;
  }
  parts.push({ text: title.slice(start), start, end: title.length });
  const isSite = (text: string) => {
    const p = plain(text);
    const packed = p.replaceAll(' ', '');
    return names.some(
      (n) =>
        p === n ||
        packed === n.replaceAll(' ', '') ||
        (p.length > 3 && n.startsWith(`${p} `)) ||
        (n.length > 3 && p.startsWith(`${n} `) && p.length < n.length + 20),
    );
  };
  while (parts.length > 1 && isSite(parts.at(-1)?.text ?? '')) parts.pop();
  while (parts.length > 1 && isSite(parts[0]?.text ?? '')) parts.shift();
  const [first, last] = [parts[0], parts.at(-1)];
  return first && last ? title.slice(first.start, last.end).trim() : title;
}
