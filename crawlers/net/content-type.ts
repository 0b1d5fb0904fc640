import { SourcelinkError } from '../../config/errors.js';

const MEDIA = /^(image|audio|video|font|model)\//;
/** Documents and archives that no reader of ours can use. A sitemap may come as gzip, so that one is let through. */
const FILES =
  /^application\/(pdf|zip|x-zip-compressed|msword|vnd\.(ms-|openxmlformats|oasis|android|apple)|epub|x-(rar|7z|tar|bzip|shockwave|msdownload)|java-archive|wasm)/;
const HTML = /^(text\/html|application\/xhtml\+xml|application\/vnd\.wap\.xhtml\+xml)$/;
/** Types that servers give to pages when they do not know better. */
const UNSURE = /^(|text\/plain|application\/octet-stream|application\/xml|text\/xml|unknown\/unknown|\*\/\*)$/;

/** The first tag of a page (after the idea of WHATWG MIME Sniffing, 7.1, with tags that fragments begin with). */
const HTML_TAG =
  /<(?:!doctype\s+html|html|head|body|title|script|style|meta|link|iframe|table|main|article|section|header|nav|div|span|font|center|h[1-6]|a|br|b|p)[\s>/]/iy;
/** What may stand before it, and how each ends. */
const BEFORE: [begin: RegExp, end: string][] = [
  [/<!--/y, '-->'],
  [/<\?xml/iy, '>'],
];

/**
 * Refuses by header what cannot be what was asked for, before its body is read.
 * @throws SourcelinkError `FETCH_NOT_HTML`
 */
export function refuseByType(url: string, header: string | undefined, accept: 'page' | 'feed'): void {
  const type = essence(header);
  const wrong = MEDIA.test(type) && type !== 'image/svg+xml' ? true : FILES.test(type);
  if (wrong || (accept === 'page' && !HTML.test(type) && !UNSURE.test(type)))
    throw new SourcelinkError('FETCH_NOT_HTML', `${url} is ${type}, no ${accept === 'page' ? 'web page' : 'feed'}`);
}

/**
 * Judges by its beginning a page whose header says nothing useful.
 * @throws SourcelinkError `FETCH_NOT_HTML`
 */
export function refuseByContent(url: string, header: string | undefined, bytes: Uint8Array): void {
  if (HTML.test(essence(header)) || bytes.length === 0) return;
  const start = new TextDecoder(encodingByMark(bytes)).decode(bytes.subarray(0, 2048));
  if (!beginsLikeHtml(start))
    throw new SourcelinkError(
      'FETCH_NOT_HTML',
      `${url} does not look like a web page (${essence(header) || 'no content type'})`,
    );
}

/** Steps over comments one by one: an expression for any number of them would try every way to take them together. */
function beginsLikeHtml(text: string): boolean {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const before = BEFORE.find(([begin]) => matchesAt(begin, text, at));
    if (!before) return matchesAt(HTML_TAG, text, at);
    const end = text.indexOf(before[1], at + 4);
    if (end < 0) return false;
    at = end + before[1].length;
  }
}

function matchesAt(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

function essence(header: string | undefined): string {
  return (header ?? '').split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? '';
}

function encodingByMark(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
