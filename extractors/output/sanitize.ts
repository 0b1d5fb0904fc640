import createDOMPurify, { type Config, type DOMPurify } from 'dompurify';
import { JSDOM } from 'jsdom';
import { toAllowList } from './allow-list.js';
import type { ArticlePicture } from './images.js';

export type Sanitized = { html: string; pictures: ArticlePicture[] };

const TAGS =
  'a abbr b blockquote br caption cite code dd del dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins li mark ol p pre q s small strong sub sup table tbody td tfoot th thead time tr u ul';
const ATTRIBUTES = 'alt cite colspan datetime dir height href lang rel rowspan src start title width';

const CONFIG: Config = {
  // The body is what DOMPurify walks; not allowed, all that it holds would be copied once more, for nothing.
  ALLOWED_TAGS: [...TAGS.split(' '), '#text', 'body'],
  ALLOWED_ATTR: ATTRIBUTES.split(' '),
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  // DOMPurify holds every attribute to that expression but those it is told are no addresses.
  ADD_URI_SAFE_ATTR: ATTRIBUTES.split(' ').filter((a) => !['href', 'src', 'cite'].includes(a)),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
};

let purifier: DOMPurify | undefined;

/** DOMPurify on one jsdom window, made at first need and used for every article of this thread. */
function purify(html: string): string {
  purifier ??= createPurifier();
  return purifier.sanitize(html, CONFIG);
}

function createPurifier(): DOMPurify {
  const made = createDOMPurify(new JSDOM('').window);
  // An unsupported DOM makes DOMPurify hand its input back as it came.
  if (!made.isSupported) throw new Error('DOMPurify does not support this version of jsdom');
  made.addHook('afterSanitizeAttributes', (node) => {
    if (node.tagName === 'A') node.setAttribute('rel', 'noopener external');
    if (node.tagName === 'IMG' && !/^https?:/i.test(node.getAttribute('src') ?? '')) node.remove();
  });
  return made;
}

/**
 * An article's HTML, safe to show anywhere: a small vocabulary, absolute http(s) and mailto addresses, no scripts, styles,
 * frames or tracking pixels; without `images`, no pictures either. Sanitising twice changes nothing.
 */
export function sanitize(dirty: string, base: string, { images = true } = {}): Sanitized {
  const { html, pictures } = toAllowList(dirty, base, images);
  let [strict, safe] = [html, purifyMarkup(html)];
  // DOMPurify's parser may move what was in a wrong place; what it left is then judged again.
  for (let round = 0; safe !== strict && round < 4; round++) {
    strict = toAllowList(safe, base, images).html;
    safe = purifyMarkup(strict);
  }
  return { html: safe, pictures };
}

const [OPEN, CLOSE] = ['\ue000', '\ue001'];
/** Paragraphs of nothing but escaped text, and other escaped text of some length. */
const INERT = /(?:<p>[^<]*<\/p>)+|(?<=>)[^<]{24,}/g;

/**
 * DOMPurify on jsdom, shown every tag and attribute but not the running text: that is escaped, holds no `<`, and takes no
 * part in what it decides, yet costs most of its time. The marks cannot come from the page: toAllowList drops them.
 */
function purifyMarkup(strict: string): string {
  const aside: string[] = [];
  const markup = strict.replace(INERT, (inert) =>
    inert.trim() === '' ? inert : `${OPEN}${aside.push(inert) - 1}${CLOSE}`,
  );
  const restore = (_: string, index: string) => aside[Number(index)] ?? '';
  return purify(markup).replace(new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g'), restore);
}
