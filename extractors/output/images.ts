import type { Metadata } from '../metadata/metadata.js';
import { creditOf } from './credit.js';

export type Picture = { url: string; alt: string | null; width: number | null; height: number | null };
/** An image as it stands in the article's text. */
export type ArticlePicture = Picture & { caption: string | null };
export type LeadImage = Picture & { credit: string | null };

/** Attributes in which pages keep an image until it is scrolled to; the plain `src` is often a placeholder then. */
const LAZY_SOURCES = [
  'data-src',
  'data-lazy-src',
  'data-original',
  'data-lazy',
  'data-image',
  'data-hi-res-src',
  'data-img-url',
  'data-url',
];
const SOURCE_SETS = ['srcset', 'data-srcset', 'data-lazy-srcset', 'data-original-set', 'data-sizes-srcset'];
/** Enough for any column; larger ones cost readers more than they show. */
const WIDEST = 2000;
const SMALLEST_LEAD = 150;

/** The best address that an `img` or `picture > source` names, absolute, or null when there is none but a placeholder. */
export function imageUrl(element: Element, base: string): string | null {
  const attribute = (name: string) => element.getAttribute(name)?.trim() || null;
  const sets = SOURCE_SETS.map(attribute).map((set) => (set ? bestOfSet(set, base) : null));
  const singles = [...LAZY_SOURCES, 'src'].map(attribute).map((url) => (url ? absolute(url, base) : null));
  return [...sets, ...singles].find((url) => url !== null && !isPlaceholder(url)) ?? null;
}

/** The widest candidate of a `srcset` up to 2,000 pixels (WHATWG HTML, "parsing a srcset attribute"). */
export function bestOfSet(set: string, base: string): string | null {
  let best: { url: string; size: number } | null = null;
  for (const [, url, figure, unit] of set
    .slice(0, 20_000)
    .matchAll(/([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]{1,9})([wxh]))?[^,\s]*\s*(?:,|$)/g)) {
    const size = Number(figure ?? 1) * (unit === 'x' || unit === undefined ? 640 : 1);
    const resolved = absolute(url ?? '', base);
    if (resolved === null || isPlaceholder(resolved)) continue;
    const fits = size <= WIDEST;
    if (best === null || (fits && (size > best.size || best.size > WIDEST)) || (!fits && best.size > size))
      best = { url: resolved, size };
  }
  return best?.url ?? null;
}

/** An http(s) URL, made absolute; null for anything else. */
export function absolute(url: string, base: string): string | null {
  // Line breaks and spaces inside a URL come from templates; a browser drops the former.
  const parsed = URL.canParse(url, base) ? new URL(url, base) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.hostname !== '' ? parsed.href : null;
}

const HOLDERS = 'blank|clear|gr[ae]y|transparent|trans|pixel|loading|loader|dot|empty';
const PLACEHOLDER = new RegExp(
  `(?:^|[/_.-])(?:(?:${HOLDERS})(?:[_-]?\\d+(?:x\\d+)?)?\\.(?:gif|png|svg|webp)|` +
    `(?:spacer|placeholder|1x1|lazy[_-]?load(?:er|ing)?)(?:[_-]\\w{1,12})?\\.(?:gif|png|svg|webp|jpe?g))$`,
  'i',
);

const COUNTING_HOSTS = new RegExp(
  `(?:^|\\.)(?:${[
    'doubleclick',
    'scorecardresearch',
    'google-analytics',
    'googlesyndication',
    'parsely',
    'imrworldwide',
    'taboola',
    'outbrain',
    'moatads',
    'bluekai',
    'agkn',
    'rlcdn',
    'statcounter',
    'histats',
    'quantserve',
    'chartbeat',
    'adsrvr',
    '2mdn',
    'krxd',
    'demdex',
    'omtrdc',
    'pixel\\.wp',
    'stats\\.wp',
  ].join('|')})\\.(?:com|net|org)$`,
  'i',
);

/** The end of a path tells what a file is; paths that go on for kilobytes are not worth the time. */
function endOfPath(url: URL): string {
  return url.pathname.slice(-200);
}

/** What stands where an image will be loaded later, and what only counts readers. */
function isPlaceholder(address: string): boolean {
  const url = new URL(address);
  return PLACEHOLDER.test(endOfPath(url)) || isCounter(url);
}

function isCounter(url: URL): boolean {
  if (COUNTING_HOSTS.test(url.hostname)) return true;
  if (/(?:^|\.)facebook\.com$/i.test(url.hostname)) return url.pathname === '/tr';
  const counting =
    /\/(?:pixel|beacon|track(?:er|ing)?|impression|count(?:er)?|b|p|ping)(?:\.(?:gif|png|php|aspx?))?\/?$/i;
  return counting.test(endOfPath(url)) && url.search.length > 1;
}

/** Whether an image in the text is there to count readers, by its declared size. */
export function isPixel(element: Element): boolean {
  const [width, height] = [sizeOf(element, 'width'), sizeOf(element, 'height')];
  return (width !== null && width <= 3) || (height !== null && height <= 3);
}

const STYLED = {
  width: /(?:^|;)\s*width\s*:\s*(\d{1,5})(?:px)?\s*(?:;|$)/i,
  height: /(?:^|;)\s*height\s*:\s*(\d{1,5})(?:px)?\s*(?:;|$)/i,
};

/** A declared size in pixels; percentages and the like are none. */
export function sizeOf(element: Element, name: 'width' | 'height'): number | null {
  const value = /^\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$/.exec(element.getAttribute(name) ?? '')?.[1];
  const found = value ?? STYLED[name].exec(element.getAttribute('style') ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

const SIGNS = [
  'default|logos?|favicons?|icons?|sprites?|avatars?|placeholder|spacer|blank|no-?image|noimg|apple-touch-icon[\\w-]*',
  'default[_-]?(?:image|img|thumb(?:nail)?|share|social|og)|share[_-]?(?:image|default|card)',
  'social[_-]?(?:image|default|card|share)|fallback(?:[_-]?image)?',
].join('|');
/** Files that show the outlet itself, or stand for a picture that is missing. */
const NOT_ABOUT_THE_STORY = new RegExp(
  `(?:^|[/_.-])(?:(?:site|brand|header|footer|og|app|share|social|default|fallback)[_-]?)?(?:${SIGNS})` +
    '(?:[_-]?(?:\\d+x\\d+|\\d+|[a-z]{2,8}))?\\.(?:png|jpe?g|gif|svg|webp|ico)$',
  'i',
);

/** Whether an image may stand for the article: a picture, not a sign of the outlet. */
export function isLeadWorthy(picture: Picture): boolean {
  const url = new URL(picture.url);
  const path = endOfPath(url);
  if (/\.(?:svg|ico)$/i.test(path) || NOT_ABOUT_THE_STORY.test(path) || isPlaceholder(picture.url)) return false;
  if (/(?:^|\.)gravatar\.com$/i.test(url.hostname)) return false;
  const { width, height } = picture;
  if ((width !== null && width < SMALLEST_LEAD) || (height !== null && height < SMALLEST_LEAD * 0.6)) return false;
  return width === null || height === null || (width / height < 5 && height / width < 4);
}

/**
 * The lead image: the best of what the page names, else the first fit one in the text, else what discovery saw. An image
 * that also stands in the text lends its alternative text and credit.
 */
export function chooseLead(
  declared: Metadata['images'],
  inText: ArticlePicture[],
  hint: string | null,
  base: string,
): { image: LeadImage; from: string } | null {
  for (const { from, credit, ...rest } of declared) {
    const url = absolute(rest.url, base);
    if (url === null || !isLeadWorthy({ ...rest, url })) continue;
    const twin = inText.find((p) => sameFile(p.url, url));
    const alt = clean(rest.alt) ?? clean(twin?.alt);
    const image = {
      url,
      alt,
      credit: clean(credit) ?? creditOf(twin?.caption),
      width: rest.width,
      height: rest.height,
    };
    return { image, from };
  }
  const first = inText.find(isLeadWorthy);
  if (first) {
    const { caption, ...picture } = first;
    return {
      image: { ...picture, alt: clean(picture.alt), credit: creditOf(caption) },
      from: 'first image of the text',
    };
  }
  const url = hint === null ? null : absolute(hint, base);
  if (url === null) return null;
  const image = { url, alt: null, credit: null, width: null, height: null };
  return isLeadWorthy(image) ? { image, from: 'feed' } : null;
}

function clean(text: string | null | undefined): string | null {
  return text?.replace(/\s+/g, ' ').trim() || null;
}

const GENERIC_NAME = /^(?:image|img|photo|picture|original|large|medium|default|main|lead|master|full)\d*$/;

/** The same picture in another size: outlets differ in host, folder and query, not in the file's name. */
function sameFile(a: string, b: string): boolean {
  const name = (url: string) => {
    const last = new URL(url).pathname.split('/').findLast(Boolean) ?? '';
    return last.replace(/[-_]?\d{2,4}x\d{2,4}|[-_]scaled|\.\w{3,4}$/gi, '').toLowerCase();
  };
  return a === b || (name(a).length > 3 && name(a) === name(b) && !GENERIC_NAME.test(name(a)));
}
