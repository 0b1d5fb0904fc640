import { parseHTML } from 'linkedom';

/** The whole page as a DOM: linkedom, which jsdom is the reference for. */
export function parseDocument(html: string): Document {
  return parseHTML(html).document as unknown as Document;
}
