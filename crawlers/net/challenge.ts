import { SourcelinkError } from '../../config/errors.js';
import { textOf } from '../../text/html-text.js';

/** Statuses that walls answer with beside 2xx; anything else is taken as it says. */
const OF_WALLS = new Set([401, 403, 405, 406, 429, 503]);
/** Of the body, what is looked at: a wall says what it is early, and larger pages are none. */
export const CHALLENGE_BYTES = 96 * 1024;
/** Characters that can be read on a wall; an article about walls has more. */
const MAX_TEXT = 1200;
/** Nobody solves it; later the host may have changed its mind. */
const RETRY_MS = 3_600_000;

/** Headers that say it outright. */
const HEADERS: [name: string, value: RegExp, wall: string][] = [
  ['cf-mitigated', /challenge/i, 'Cloudflare'],
  ['x-amzn-waf-action', /challenge|captcha/i, 'AWS WAF'],
  ['x-vercel-mitigated', /challenge/i, 'Vercel'],
  ['x-sucuri-block', /./, 'Sucuri'],
];

/** What only the page of a wall holds: its own form, frame or script, not the tag that pages behind it carry. */
const MARKS: [mark: RegExp, wall: string][] = [
  [
    /_cf_chl_opt|\/cdn-cgi\/challenge-platform\/h\/[a-z]\/orchestrate|id="challenge-(?:form|error-text)"|cf-captcha-container/i,
    'Cloudflare',
  ],
  [/\b(?:geo|interstitial)\.captcha-delivery\.com|\bct\.captcha-delivery\.com/i, 'DataDome'],
  [/\bid="px-captcha"|window\._pxAppId[^<]{0,500}window\._pxUuid|captcha\.px-(?:cdn|cloud)\.net/i, 'PerimeterX'],
  [/sec-if-cpt-container|\/_sec\/cp_challenge\/|bm-verify=|errors\.edgesuite\.net/i, 'Akamai'],
  [/<iframe[^>]{1,300}\/_Incapsula_Resource\?|Request unsuccessful\. Incapsula incident ID/i, 'Imperva'],
  [/window\.gokuProps|\.awswaf\.com\/[^"']{0,200}challenge\.js/i, 'AWS WAF'],
  [/window\.KPSDK\s*=/, 'Kasada'],
  [/\/\.well-known\/ddos-guard\/|ddos-guard\.net\/check/i, 'DDoS-Guard'],
  [/\/\.within\.website\/x\/cmd\/anubis\//i, 'Anubis'],
  [/sucuri_cloudproxy_js|Access Denied - Sucuri Website Firewall/i, 'Sucuri'],
];

/** Scripts of puzzles, which comment forms and letters to the editor use too. */
const PUZZLE =
  /\b(?:hcaptcha\.com|challenges\.cloudflare\.com|google\.com\/recaptcha|recaptcha\.net|geetest\.com|friendlycaptcha|arkoselabs\.com|mtcaptcha\.com|smartcaptcha\.yandexcloud\.net)\b/i;
/** How walls call themselves. As a title alone it could be a headline. */
const TITLE =
  /^(?:just a moment|one moment, please|attention required|access to this page has been denied|pardon our interruption|are you (?:a )?(?:human|robot)|robot or human|(?:human|bot) verification|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human|security (?:check|verification)|checking your browser|please (?:wait|verify)|client challenge|ddos-guard|un instant|einen moment|un momento|vercel security checkpoint)/i;

/** Whether the body of such an answer says more than its status. */
export function mayBeChallenge(status: number, headers: Record<string, string>): boolean {
  return OF_WALLS.has(status) && mayHold(headers);
}

/**
 * Whether an answer is a wall that wants to know whether a person asks, instead of what was asked for.
 * @param bytes the beginning of the body
 * @returns who put it there, as far as that can be told
 */
function challengeIn(status: number, headers: Record<string, string>, bytes: Uint8Array): string | null {
  const passed = status >= 200 && status < 300;
  if (!passed && !OF_WALLS.has(status)) return null;
  for (const [name, value, wall] of HEADERS) if (value.test(headers[name] ?? '')) return wall;
  if (bytes.length === 0 || bytes.length >= CHALLENGE_BYTES || !mayHold(headers)) return null;
  const html = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const mark = MARKS.find(([m]) => m.test(html));
  const title = TITLE.test(titleOf(html));
  const puzzle = PUZZLE.test(html);
  // What the host calls a success needs a mark or two signs, since articles have such titles and pages such scripts.
  if (!mark && !(title && puzzle) && (passed || !(title || puzzle))) return null;
  if (textOf(html).length > MAX_TEXT) return null;
  return mark?.[1] ?? 'a test for robots';
}

/**
 * Refuses what no crawler should take for the page, and what none should try to get around.
 * @throws SourcelinkError `FETCH_BLOCKED`
 */
export function refuseChallenge(url: string, status: number, headers: Record<string, string>, bytes: Uint8Array): void {
  const wall = challengeIn(status, headers, bytes);
  if (wall === null) return;
  const text = `${url} answered ${status} with a wall against robots (${wall}) instead of the page`;
  throw new SourcelinkError('FETCH_BLOCKED', text, { retryAfterMs: RETRY_MS });
}

function mayHold(headers: Record<string, string>): boolean {
  return /^(?:text\/html|application\/xhtml|text\/plain|$)/i.test(headers['content-type'] ?? '');
}

function titleOf(html: string): string {
  const found = /<title[^>]{0,200}>([^<]{1,200})/i.exec(html)?.[1] ?? '';
  return found.trim();
}
