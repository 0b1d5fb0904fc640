import { escapeText } from '../../../../text/escape.js';

/** Plain text for a field that WordPress reads as HTML: a title, an excerpt, a caption. */
export const asHtml = (text: string): string => withoutShortcodes(escapeText(text));

/** The name of a term as people wrote it; WordPress keeps it with entities. */
export const asText = (html: string): string =>
  html.replace(/&(amp|lt|gt);/g, (entity) => ({ '&lt;': '<', '&gt;': '>' })[entity] ?? '&');

/**
 * An article's HTML as one block that WordPress shows as it is. In text, brackets would run a shortcode, and an address
 * alone in a paragraph would be replaced by what WordPress fetches from there.
 */
export function blockOf(html: string): string {
  const inert = withoutShortcodes(html).replace(/(^|>)(\s*https?):\/\//gim, '$1$2&#58;//');
  return `<!-- wp:html -->\n${inert}\n<!-- /wp:html -->`;
}

const withoutShortcodes = (html: string): string => html.replaceAll('[', '&#91;').replaceAll(']', '&#93;');
