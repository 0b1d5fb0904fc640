import { articleObject, type JsonLd, textField } from './json-ld.js';

/** Values of schema.org's creativeWorkStatus and of IPTC's publishing status by which an outlet takes its article back. */
const TAKEN_BACK = new Set(['retracted', 'withdrawn', 'withheld', 'canceled', 'cancelled']);

/** The structured data's word that the page's article was taken back, as the page has it; null when it says no such thing. */
export function retractionNotice(jsonLd: JsonLd[]): string | null {
  const status = textField(articleObject(jsonLd), 'creativeWorkStatus');
  const word = status?.split(/[/#:]/).at(-1)?.trim().toLowerCase() ?? '';
  return TAKEN_BACK.has(word) ? status : null;
}
