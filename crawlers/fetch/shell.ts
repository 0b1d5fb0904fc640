import { Parser } from 'htmlparser2';

/** Visible characters from which a page has something to say without scripts: two or three sentences. */
const ENOUGH_TEXT = 400;
/** With nothing that points to a script-written page, only next to no text makes one. */
const NEXT_TO_NOTHING = 40;
/** What an article's text may look like in a page's own data; then it can be read without a browser. */
const ARTICLE_BODY = /"articleBody"\s*:\s*"(?:[^"\\]|\\.){400}/;

const INVISIBLE = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'head',
  'nav',
  'header',
  'footer',
  'button',
  'select',
  'iframe',
  'object',
]);
const OF_HEAD = new Set(['title', 'meta', 'link', 'base', 'script', 'style', 'noscript', 'template']);
const MOUNT_ID =
  /^(root|app|__next|__nuxt|___gatsby|svelte|main-app|react-root|react-app|ember-app|vue-app|app-root|application|spa|mount|container-app|fusion-app|next-app)$/i;
const MOUNT_TAG = /^(app-root|my-app|ng-app|[a-z]+-app)$/;
const MOUNT_ATTRIBUTES = ['data-reactroot', 'ng-app', 'ng-version', 'data-server-rendered', 'data-v-app'];
const ASKS_FOR_SCRIPT =
  /\b(enable|activate|turn on|requires?|needs?|without|unterst|activ|habilit|aktivier)\w*\b.{0,60}\bjava\s?script|\bjava\s?script\b.{0,60}\b(enabled?|disabled|required|activ|aktivier|habilit|désactiv|deaktiviert)/is;

/** So much text in paragraphs is an article, wherever on the page it stands. */
const PLENTY_OF_TEXT = 4 * ENOUGH_TEXT;
const PARAGRAPH_TEXT = /<p(?:\s[^<>]*)?>([^<]{40,})/gi;
/** Deeper there is no shell; the parser's own work grows with the square of the depth. */
const STOP_DEPTH = 1000;
/** Read at a time, so that a long page is left as soon as it has shown enough. */
const SLICE = 32 * 1024;

/**
 * Whether a page holds paragraphs enough to be told from an empty shell at a glance, whatever its encoding: parsing a page
 * takes longer than all else that is done between fetching and reading it.
 */
export function hasParagraphs(bytes: Uint8Array): boolean {
  const html = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let text = 0;
  for (const [, paragraph = ''] of html.matchAll(PARAGRAPH_TEXT)) {
    text += paragraph.trim().length;
    if (text >= PLENTY_OF_TEXT) return true;
  }
  return false;
}

/**
 * Whether a static page holds nothing but scripts that would write it: next to no visible text, scripts, and a sign that
 * they are to fill it (an empty mount node, or a request to enable JavaScript).
 */
export function looksLikeEmptyShell(html: string): boolean {
  let text = 0;
  let scripts = 0;
  let mounts = 0;
  let noscript = '';
  let depth = 0;
  const hidden: string[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > STOP_DEPTH) parser.pause();
        // A head may be left without its end tag; it ends with the first element that has no place in it.
        if (hidden.at(-1) === 'head' && !OF_HEAD.has(name)) hidden.pop();
        if (INVISIBLE.has(name)) hidden.push(name);
        if (name === 'script') scripts += /json|template|text\/(html|plain)/i.test(attributes['type'] ?? '') ? 0 : 1;
        if (
          MOUNT_ID.test(attributes['id'] ?? '') ||
          MOUNT_TAG.test(name) ||
          MOUNT_ATTRIBUTES.some((a) => a in attributes)
        )
          mounts++;
      },
      ontext(chunk) {
        if (hidden.includes('noscript')) noscript += chunk.slice(0, 500);
        else if (hidden.length === 0) text += chunk.replace(/\s+/g, ' ').trim().length;
      },
      onclosetag(name) {
        depth--;
        const at = hidden.lastIndexOf(name);
        if (at >= 0) hidden.length = at;
      },
    },
    { decodeEntities: false },
  );
  for (let at = 0; at < html.length && text < ENOUGH_TEXT && depth <= STOP_DEPTH; at += SLICE)
    parser.write(html.slice(at, at + SLICE));
  if (depth > STOP_DEPTH) return false;
  parser.end();
  if (text >= ENOUGH_TEXT || scripts === 0 || ARTICLE_BODY.test(html)) return false;
  return text < NEXT_TO_NOTHING || mounts > 0 || ASKS_FOR_SCRIPT.test(noscript);
}
