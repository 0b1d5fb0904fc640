import { escapeQuoted } from '../../../text/escape.js';

/** Text for XML 1.0: escaped, without the characters that it cannot hold. */
export function xmlText(text: string): string {
  return escapeQuoted(text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
}

/** One element; null attributes are left out. Without content it is empty. */
export function element(name: string, content: string | null, attributes: Record<string, string | null> = {}): string {
  const written = Object.entries(attributes).flatMap(([key, v]) => (v === null ? [] : [` ${key}="${xmlText(v)}"`]));
  return content === null
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${xmlText(content)}</${name}>`;
}

/** An element of elements, one on each line. */
export function parent(
  name: string,
  children: (string | null)[],
  attributes: Record<string, string | null> = {},
): string {
  const open = element(name, '', attributes).replace(/<\/[^>]*>$/, '');
  return `${open}\n${children.filter((c) => c !== null).join('\n')}\n</${name}>`;
}

export const document = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
