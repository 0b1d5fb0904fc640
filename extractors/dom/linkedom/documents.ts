import { documents, emptyDocument, html, type Members, sample } from './links.js';
import { ofDocuments, ofElements } from './members.js';
import { type ElementMaker, elementMaker, NewAttribute, NewText, sameFields } from './nodes.js';

/** Tags whose constructor is kept: pages invent names. */
const MAX_MAKERS = 1000;

const slowElement = documents.createElement as (this: unknown, name: string, options?: unknown) => Members;
const byTag = new Map<string, ElementMaker | null>();
const byPrototype = new Map<object, ElementMaker>();

/** `base` with our members in front, but for those that it answers in a way of its own, as scripts do with their text. */
function quickened(base: object): object {
  const ours = Object.entries(ofElements).filter(([name]) => {
    for (let at = base; at !== html; at = Object.getPrototypeOf(at)) if (Object.hasOwn(at, name)) return false;
    return true;
  });
  return Object.create(base, Object.fromEntries(ours));
}

/** The quick constructor for a tag; null for the few elements (`template`, `canvas`, …) that keep more on themselves. */
function makerFor(tag: string): ElementMaker | null {
  const known = byTag.get(tag);
  if (known !== undefined) return known;
  const like = slowElement.call(sample, tag);
  const base = Object.getPrototypeOf(like);
  const maker = byPrototype.get(base) ?? elementMaker(quickened(base));
  byPrototype.set(base, maker);
  const fits = sameFields(new maker(sample, tag), like) ? maker : null;
  if (byTag.size < MAX_MAKERS) byTag.set(tag, fits);
  return fits;
}

const quickDocuments = Object.create(documents, {
  ...ofDocuments,
  ...Object.getOwnPropertyDescriptors({
    createElement(name: string, options?: unknown) {
      const maker = options === undefined ? makerFor(name) : null;
      return maker ? new maker(this, name) : slowElement.call(this, name, options);
    },
    createTextNode(data: unknown) {
      return new NewText(this, String(data));
    },
    createAttribute(name: string) {
      return new NewAttribute(this, String(name));
    },
  }),
});

/** An empty document whose nodes are made and answer without linkedom's detours. */
export function quickDocument(): Document {
  return Object.setPrototypeOf(emptyDocument(), quickDocuments);
}
