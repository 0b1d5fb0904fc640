import { JSDOM } from 'jsdom';

const parser = new JSDOM('').window;
const ELEMENTS =
  /^(?:script|style|iframe|frame|frameset|object|embed|applet|svg|math|form|input|button|template|base|meta|link|noscript|portal|xmp|noembed|plaintext)$/i;
const ATTRIBUTES =
  /^on|^style$|^id$|^class$|^name$|^srcdoc$|^srcset$|^xlink|^formaction$|^action$|^background$|^poster$/i;

/** What must not stand in any published HTML: found by a parser, not by searching text. */
export function dangersIn(html: string): string[] {
  const document = new parser.DOMParser().parseFromString(html, 'text/html');
  return Array.from(document.querySelectorAll('head > *, body, body *')).flatMap((element) => {
    const found: string[] = [];
    if (ELEMENTS.test(element.localName)) found.push(`<${element.localName}>`);
    for (const { name, value } of Array.from(element.attributes)) {
      if (ATTRIBUTES.test(name)) found.push(`${name}=`);
      if (/^(?:href|src|cite|data)$/.test(name) && !/^(?:https?:\/\/|mailto:)/.test(value))
        found.push(`${name}="${value.slice(0, 80)}"`);
    }
    return found;
  });
}

/** Names of the contract's fields that hold one address. */
const ADDRESSES = /^(?:url|canonicalUrl|homepage)$/;

/** What must not stand in a message to consumers: markup that runs, addresses other than http and https, broken text. */
export function dangersInMessage(value: unknown, path = ''): string[] {
  if (typeof value === 'string') {
    const name = path.split('.').at(-1) ?? '';
    const found = name === 'html' ? dangersIn(value) : [];
    if (ADDRESSES.test(name) && !/^https?:\/\/[^\s/"<>]+(?:\/[^\s"<>]*)?$/.test(value))
      found.push(`no web address: ${value.slice(0, 80)}`);
    if (/\p{Surrogate}/u.test(value)) found.push('half of a surrogate');
    if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(value)) found.push('a control character');
    return found.map((what) => `${path}: ${what}`);
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => dangersInMessage(inner, path ? `${path}.${key}` : key));
}
