import { Parser } from 'htmlparser2';
import { SourcelinkError } from '../config/errors.js';

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
 * Counts elements, depth, nodes and attributes of a page while it is read once, before a tree of it is built: depth is
 * what makes a small page expensive, since an extractor asks each element for the text of all that it holds.
 * @throws SourcelinkError `EXTRACT_TOO_MANY_ELEMENTS`, `EXTRACT_TOO_DEEP` at the first element that is too much
 */
export function checkStructure(html: string, url: string, limits: Pick<Limits, 'maxElements' | 'maxDepth'>): void {
  const { maxElements, maxDepth } = limits;
  let [elements, depth, nodes, attributes] = [0, 0, 0, 0];
  const countNode = () => {
    if (++nodes > maxElements * NODES_PER_ELEMENT) {
      refuse('EXTRACT_TOO_MANY_ELEMENTS', `${url} has more than ${figure(nodes - 1)} pieces of text and comments`);
    }
  };
  const parser = new Parser({
    onopentagname(name) {
      attributes = 0;
      if (++elements > maxElements) {
        refuse('EXTRACT_TOO_MANY_ELEMENTS', `${url} has more than ${figure(maxElements)} elements`);
      }
      if (++depth > maxDepth) {
        refuse(
          'EXTRACT_TOO_DEEP',
          `${url} nests elements more than ${figure(maxDepth)} deep (at a <${name.slice(0, 30)}>)`,
        );
      }
    },
    onattribute() {
      if (++attributes > MAX_ATTRIBUTES) {
        refuse('EXTRACT_TOO_MANY_ELEMENTS', `${url} has an element with more than ${MAX_ATTRIBUTES} attributes`);
      }
    },
    onclosetag() {
      depth--;
    },
    ontext: countNode,
    oncomment: countNode,
    onprocessinginstruction: countNode,
  });
  parser.write(html);
  parser.end();
}

function refuse(code: 'EXTRACT_TOO_MANY_ELEMENTS' | 'EXTRACT_TOO_DEEP', message: string): never {
  throw new SourcelinkError(code, message);
}

function figure(n: number): string {
  return n.toLocaleString('en');
}
