/** Services whose links lead to an article elsewhere, and the parameters that hold its address. */
const BY_PARAMETER: { host: RegExp; path: RegExp; names: string[] }[] = [
  { host: /^(?:www\.)?google\.[a-z.]{2,6}$/, path: /^\/url$/, names: ['url', 'q'] },
  { host: /^news\.google\.com$/, path: /^\/(?:news\/)?url$/, names: ['url', 'q'] },
  { host: /^(?:www\.)?bing\.com$/, path: /^\/news\/apiclick\.aspx$/i, names: ['url'] },
  { host: /^(?:l|lm)\.facebook\.com$/, path: /^\/l\.php$/, names: ['u'] },
];
const GOOGLE_NEWS = /^\/(?:rss\/)?(?:articles|read)\/([\w-]+)/;

/**
 * Where a redirect link of a news aggregator leads, without asking it: the address inside the link.
 * @returns the link itself when it is none of these; null when it is one and hides its target
 */
export function targetOf(link: string): string | null {
  const url = new URL(link);
  const service = BY_PARAMETER.find((s) => s.host.test(url.hostname) && s.path.test(url.pathname));
  if (service) {
    const named = service.names.map((n) => url.searchParams.get(n) ?? '').find(isWebAddress);
    return named ? targetOf(named) : null;
  }
  const [, token] = (url.hostname === 'news.google.com' && GOOGLE_NEWS.exec(url.pathname)) || [];
  return token === undefined ? link : addressIn(token);
}

/** Google's older tokens are a protocol buffer in base64 with the address in clear; the newer ones hold only a key. */
function addressIn(token: string): string | null {
  const bytes = Buffer.from(token, 'base64url').toString('latin1');
  const at = bytes.search(/https?:\/\//);
  if (at < 1) return null;
  // The field's length stands before it, as a varint of one byte or two.
  const low = bytes.charCodeAt(at - 1);
  const long = low < 0x80 && at >= 2 && bytes.charCodeAt(at - 2) >= 0x80;
  const length = long ? (low << 7) | (bytes.charCodeAt(at - 2) & 0x7f) : low;
  const address = bytes.slice(at, at + length);
  return address.length === length && isWebAddress(address) ? address : null;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}
