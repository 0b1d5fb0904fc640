import { SourcelinkError } from '../../config/errors.js';
import type { Watch } from './linkedom/parse.js';

export type Limits = { maxBytes: number; maxElements: number; maxDepth: number };

/** Texts and comments that a page may have for each element it may have; real pages stay under three. */
const NODES_PER_ELEMENT = 8;
/** Attributes of one element: looking one up takes a walk over all of them. */
const MAX_ATTRIBUTES = 500;

/** @throws SourcelinkError `EXTRACT_TOO_LARGE` when there are more than `maxBytes` bytes. */
export function checkSize(bytes: Uint8Array, url: string, limits: Pick<Limits, 'maxBytes'>): void {
  if (bytes.byteLength <= limits.maxBytes) return;
  const [is, may] = [bytes.byteLength, limits.maxBytes].map(figure);
  throw new SourcelinkError('EXTRACT_TOO_LARGE', `${url} has ${is} bytes; at most ${may} are read`);
}

/**
 * Counts elements, depth, nodes and attributes of a page while it becomes a tree: depth is what makes a small page
 * expensive, since an extractor asks each element for the text of all that it holds. What it is told throws a
 * SourcelinkError `EXTRACT_TOO_MANY_ELEMENTS` or `EXTRACT_TOO_DEEP` at the first piece that is too much.
 */
export function watchStructure(url: string, limits: Pick<Limits, 'maxElements' | 'maxDepth'>): Watch {
  const { maxElements, maxDepth } = limits;
  let [elements, depth, nodes, attributes] = [0, 0, 0, 0];
  return {
    opens(tag) {
      attributes = 0;
      if (++elements > maxElements) {
        refuse('EXTRACT_TOO_MANY_ELEMENTS', `${url} has more than ${figure(maxElements)} elements`);
      }
      if (++depth > maxDepth) {
        refuse(
          'EXTRACT_TOO_DEEP',
          `${url} nests elements more than ${figure(maxDepth)} deep (at a <${tag.slice(0, 30)}>)`,
        );
      }
    },
    attribute() {
      if (++attributes > MAX_ATTRIBUTES) {
        refuse('EXTRACT_TOO_MANY_ELEMENTS', `${url} has an element with more than ${MAX_ATTRIBUTES} attributes`);
      }
    },
    closes() {
      depth--;
    },
    piece() {
      if (++nodes > maxElements * NODES_PER_ELEMENT) {
        refuse('EXTRACT_TOO_MANY_ELEMENTS', `${url} has more than ${figure(nodes - 1)} pieces of text and comments`);
      }
    },
  };
}

function refuse(code: 'EXTRACT_TOO_MANY_ELEMENTS' | 'EXTRACT_TOO_DEEP', message: string): never {
  throw new SourcelinkError(code, message);
}

function figure(n: number): string {
  return n.toLocaleString('en');
}
