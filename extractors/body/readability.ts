import { Readability } from '@mozilla/readability';
import { attributeOf, textLength } from '../dom/linkedom/links.js';

export type ReadabilityOptions<T> = NonNullable<ConstructorParameters<typeof Readability<T>>[1]>;

/**
 * Mozilla's Readability with some of its internal questions answered cheaply; the answers are the same. Its parent
 * class builds a style declaration for each node to see whether it is visible, and the text of each node to see
 * whether it is a byline or how long it is.
 */
class FastReadability<T> extends Readability<T> {
  declare _articleTitle: string;
  declare REGEXPS: { byline: RegExp; hasContent: RegExp; hashUrl: RegExp };

  _isProbablyVisible(node: Element): boolean {
    const style = attributeOf(node, 'style');
    if (style !== null && isHiddenBy(style)) return false;
    if (attributeOf(node, 'hidden') !== null) return false;
    if (attributeOf(node, 'aria-hidden') !== 'true') return true;
    return (attributeOf(node, 'class') ?? '').includes('fallback-image');
  }

  _isValidByline(node: Element, matchString: string): boolean {
    const named =
      attributeOf(node, 'rel') === 'author' ||
      attributeOf(node, 'itemprop')?.includes('author') ||
      this.REGEXPS.byline.test(matchString);
    if (!named) return false;
    const length = (node.textContent ?? '').trim().length;
    return length > 0 && length < 100;
  }

  _isElementWithoutContent(node: Element): boolean {
    if (node.nodeType !== 1 || hasText(node)) return false;
    const children = node.children.length;
    return (
      children === 0 || children === node.getElementsByTagName('br').length + node.getElementsByTagName('hr').length
    );
  }

  _hasSingleTagInsideElement(element: Element, tag: string): boolean {
    const child = element.firstElementChild;
    if (child === null || child.tagName !== tag || child.nextElementSibling !== null) return false;
    for (let node = element.firstChild; node; node = node.nextSibling) {
      if (node.nodeType === 3 && this.REGEXPS.hasContent.test(node.textContent ?? '')) return false;
    }
    return true;
  }

  _getLinkDensity(element: Element): number {
    const length = textLength(element);
    if (length === 0) return 0;
    let linked = 0;
    for (const link of element.getElementsByTagName('a')) {
      const href = attributeOf(link, 'href');
      linked += textLength(link) * (href && this.REGEXPS.hashUrl.test(href) ? 0.3 : 1);
    }
    return linked / length;
  }

  _getTextDensity(element: Element, tags: string[]): number {
    const length = textLength(element);
    if (length === 0) return 0;
    let inside = 0;
    for (const child of element.querySelectorAll(tags.join(','))) inside += textLength(child);
    return inside / length;
  }

  _getNextNode(node: Element, ignoreSelfAndKids?: boolean): Element | null {
    const child = ignoreSelfAndKids ? null : node.firstElementChild;
    if (child) return child;
    for (let at: Element | null = node; at; at = at.parentNode as Element | null) {
      const sibling = at.nextElementSibling;
      if (sibling) return sibling;
    }
    return null;
  }
}

/** Reads `document`, which it changes. null when it finds no article. */
export function readability<T = string>(
  document: Document,
  options: ReadabilityOptions<T> = {},
): ReturnType<Readability<T>['parse']> {
  return new FastReadability<T>(document, options).parse();
}

const BLANK = /^\s*$/;

/** True when the element holds any text but white space; stops at the first. */
function hasText(element: Element): boolean {
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1 ? hasText(node as Element) : node.nodeType === 3 || node.nodeType === 4) {
      if (node.nodeType === 1 || !BLANK.test(node.textContent ?? '')) return true;
    }
  }
  return false;
}

/** Whether a style attribute hides its element; the last declaration of a property decides. */
export function isHiddenBy(style: string): boolean {
  if (!/display|visibility/i.test(style)) return false;
  let [display, visibility] = ['', ''];
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .replace(/!\s*important/i, '')
      .trim()
      .toLowerCase();
    if (property === 'display') display = value;
    else if (property === 'visibility') visibility = value;
  }
  return display === 'none' || visibility === 'hidden';
}
