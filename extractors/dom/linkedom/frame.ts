/** Elements that may stand in `head`; the first other one opens the body (WHATWG HTML, "in head"). */
const HEAD = new Set('base basefont bgsound link meta noframes noscript script style template title !--'.split(' '));

/** The `html`, `head` and `body` of a page, and which of them takes what stands in no other element. */
export type Frame = {
  /** True for a tag of the frame, whose attributes are added to those it has. */
  opens(tag: string, attributes: Record<string, string>): boolean;
  placeOf(tag: string): Element;
  placeOfText(text: string): Element;
};

/**
 * The frame that HTML gives every page (WHATWG HTML, "tree construction"). htmlparser2 makes elements of the tags it
 * meets: none where a page leaves them out, several where a page was put into another, and no body where a page's head
 * goes on into its text. Here such a tag never makes an element.
 */
export function createFrame(document: Document): Frame {
  const [html, head, body] = ['html', 'head', 'body'].map((tag) => document.createElement(tag));
  if (!html || !head || !body) throw new Error('a document makes the elements that it is asked for');
  html.append(head, body);
  document.appendChild(html);
  let place = head;
  let headSeen = false;
  return {
    opens(tag, attributes) {
      if (tag !== 'html' && tag !== 'head' && tag !== 'body') return false;
      if (tag === 'html') add(html, attributes);
      if (tag === 'head' && !headSeen) add(head, attributes);
      if (tag === 'head') headSeen = true;
      if (tag === 'body') {
        add(body, attributes);
        place = body;
      }
      return true;
    },
    placeOf(tag) {
      if (!HEAD.has(tag)) place = body;
      return place;
    },
    placeOfText(text) {
      if (text.trim() !== '') place = body;
      return place;
    },
  };
}

/** The first tag that gives an attribute decides it. */
function add(element: Element, attributes: Record<string, string>): void {
  // linkedom puts each attribute in front of the others.
  for (const [name, value] of Object.entries(attributes).reverse())
    if (!element.hasAttribute(name)) element.setAttribute(name, value);
}
