import { lexicon } from '../../text/lexicon.js';
import { parseFragment } from '../dom/linkedom/parse.js';
import { embedLink } from './embeds.js';
import { type ArticlePicture, absolute, imageUrl, isPixel, sizeOf } from './images.js';
import {
  attributeText,
  block,
  common,
  groups,
  inlineText,
  joined,
  optional,
  type Piece,
  paragraph,
  paragraphs,
  plain,
  runs,
  text,
  trimmed,
} from './markup.js';
import { definitions, figure, list, table, type Walk } from './structures.js';

/**
 * Rewrites an article's HTML in a small vocabulary with few attributes, each block in a place where it may stand: what
 * comes out is parsed by every browser into the tree that is meant here. sanitize.ts gives it to DOMPurify.
 */
export function toAllowList(html: string, base: string, images = true): { html: string; pictures: ArticlePicture[] } {
  const writer = new Writer(base, images);
  const pieces = writer.children(parseFragment(html) as unknown as Element, false);
  return { html: paragraphs(pieces).join(''), pictures: writer.pictures };
}

const set = (names: string) => new Set(names.split(' '));

const INLINE = set('a abbr b cite code del em i ins mark q s small strong sub sup time u');
const RENAMED = lexicon<string>({
  strike: 's',
  acronym: 'abbr',
  dfn: 'em',
  tt: 'code',
  kbd: 'code',
  samp: 'code',
  var: 'code',
  h1: 'h2',
  menu: 'ul',
  dir: 'ul',
  listing: 'pre',
});
const HEADINGS = set('h2 h3 h4 h5 h6');
/** Blocks that hold others and are not kept themselves; parts of structures that stand outside of one. */
const BOXES = set(
  'address article aside body center details div fieldset footer form header hgroup html main nav section summary dd dt li caption thead tbody tfoot tr td th figcaption',
);
const OTHER_BLOCKS = set('p pre blockquote ul ol dl table figure hr');
const EMBEDS = set('iframe embed object video audio');
const DROPPED = set(
  'applet area base basefont bgsound button canvas col colgroup command datalist dialog frame frameset head input keygen link map math meta meter noembed noframes optgroup option output param plaintext portal progress script select slot source style svg template textarea title track xmp',
);

class Writer implements Walk {
  readonly pictures: ArticlePicture[] = [];
  private readonly seen = new Set<string>();
  private readonly base: string;
  private readonly images: boolean;

  constructor(base: string, images: boolean) {
    this.base = base;
    this.images = images;
  }

  children(parent: Element, phrasing: boolean): Piece[] {
    return Array.from(parent.childNodes).flatMap((node) => this.node(node, phrasing));
  }

  node(node: ChildNode, phrasing: boolean): Piece[] {
    if (node.nodeType === 3 || node.nodeType === 4) return [inlineText(node.textContent ?? '')];
    if (node.nodeType !== 1) return [];
    const element = node as Element;
    const name = element.localName.toLowerCase();
    return this.element(element, RENAMED[name] ?? name, phrasing);
  }

  private element(element: Element, name: string, phrasing: boolean): Piece[] {
    if (name === 'img') return this.image(element);
    if (name === 'picture') return this.picture(element);
    if (name === 'noscript') return this.noscript(element);
    if (EMBEDS.has(name)) return this.embed(element, phrasing);
    if (DROPPED.has(name)) return [];
    if (name === 'br') return [{ block: false, html: '<br>', shows: false }];
    if (INLINE.has(name)) return this.inline(element, name, phrasing);
    if (!phrasing) return this.blockElement(element, name);
    const inner = this.children(element, true);
    const separate = BOXES.has(name) || HEADINGS.has(name) || OTHER_BLOCKS.has(name);
    return separate ? [inlineText(' '), ...inner, inlineText(' ')] : inner;
  }

  private blockElement(element: Element, name: string): Piece[] {
    if (name === 'hr') return [block('<hr>')];
    if (name === 'p') {
      const attributes = common(element);
      return runs(this.children(element, false)).map((run) =>
        run.block ? run : block(paragraph(run.html, attributes)),
      );
    }
    if (HEADINGS.has(name) || name === 'pre') return this.phrase(element, name);
    if (name === 'blockquote') {
      const inner = paragraphs(this.children(element, false)).join('');
      return inner ? [block(`<blockquote${this.cite(element)}${common(element)}>${inner}</blockquote>`)] : [];
    }
    if (name === 'ul' || name === 'ol') return list(this, element, name);
    if (name === 'dl') return definitions(this, element);
    if (name === 'table') return table(this, element);
    // A caption says nothing without its picture.
    if (name === 'figure' && !this.images && element.querySelector('img, picture') !== null) return [];
    if (name === 'figure') return figure(this, element);
    const inner = this.children(element, false);
    return BOXES.has(name) ? paragraphs(inner).map(block) : inner;
  }

  private phrase(element: Element, name: string): Piece[] {
    const pieces = this.children(element, true);
    if (!pieces.some((p) => p.shows)) return [];
    // A parser drops the line break that a `pre` begins with.
    const inner = name === 'pre' ? joined(pieces).replace(/^\n+/, '').trimEnd() : trimmed(joined(pieces));
    return [block(`<${name}${common(element)}>${inner}</${name}>`)];
  }

  private inline(element: Element, name: string, phrasing: boolean): Piece[] {
    const pieces = this.children(element, phrasing);
    const open = this.openTag(element, name);
    if (open === null || pieces.some((p) => p.html.includes(`<${name}>`) || p.html.includes(`<${name} `)))
      return pieces;
    // Blocks cannot stand in inline elements everywhere; the runs between them keep the formatting.
    return groups(pieces).flatMap((group) => {
      if (group[0]?.block || !group.some((p) => p.shows)) return group;
      return [{ block: false, html: `<${open}>${joined(group)}</${name}>`, shows: true }];
    });
  }

  /** The tag with its attributes; null for a link that leads nowhere. */
  private openTag(element: Element, name: string): string | null {
    if (name === 'a') {
      const href = this.linkTarget(element.getAttribute('href')?.trim() ?? '');
      return href && `a href="${attributeText(href)}"${optional('title', element)} rel="noopener external"`;
    }
    const edited = name === 'ins' || name === 'del';
    const cite = name === 'q' || edited ? this.cite(element) : '';
    const date = name === 'time' || edited ? optional('datetime', element) : '';
    return `${name}${name === 'abbr' ? optional('title', element) : ''}${cite}${date}${common(element)}`;
  }

  private linkTarget(href: string): string | null {
    if (/^mailto:[^\s@"<>]{1,64}@[^\s@"<>]{1,255}$/i.test(href)) return href;
    const url = href === '' || href.startsWith('#') ? null : absolute(href, this.base);
    return url?.includes('#') && url.split('#')[0] === this.base.split('#')[0] ? null : url;
  }

  private cite(element: Element): string {
    const cite = element.getAttribute('cite')?.trim();
    const url = cite ? absolute(cite, this.base) : null;
    return url === null ? '' : ` cite="${attributeText(url)}"`;
  }

  private image(element: Element, source: Element = element): Piece[] {
    const url = imageUrl(source, this.base) ?? imageUrl(element, this.base);
    if (!this.images || url === null || isPixel(element) || this.seen.has(url)) return [];
    this.seen.add(url);
    const [width, height] = [sizeOf(element, 'width'), sizeOf(element, 'height')];
    const alt = plain(element.getAttribute('alt') ?? '')
      .replace(/\s+/g, ' ')
      .trim();
    const caption = element.closest('figure')?.querySelector('figcaption')?.textContent?.trim() || null;
    this.pictures.push({ url, alt: alt || null, width, height, caption });
    const size = width && height ? ` width="${width}" height="${height}"` : '';
    return [
      { block: false, html: `<img src="${attributeText(url)}" alt="${attributeText(alt)}"${size}>`, shows: true },
    ];
  }

  private picture(element: Element): Piece[] {
    const img = element.querySelector('img');
    if (img === null) return [];
    const sources = imageUrl(img, this.base) === null ? Array.from(element.querySelectorAll('source')) : [];
    return this.image(img, sources.find((s) => imageUrl(s, this.base) !== null) ?? img);
  }

  /** What readers without scripts see: kept only for pictures that a script would have put here. */
  private noscript(element: Element): Piece[] {
    const before = element.previousElementSibling;
    const shown = before?.localName === 'img' ? before : (before?.querySelector('img') ?? null);
    if (shown !== null && imageUrl(shown, this.base) !== null) return [];
    return Array.from(element.querySelectorAll('img')).flatMap((img) => this.image(img));
  }

  private embed(element: Element, phrasing: boolean): Piece[] {
    const link = embedLink(element, this.base);
    if (link === null || this.seen.has(link.href)) return [];
    this.seen.add(link.href);
    const html = `<a href="${attributeText(link.href)}" rel="noopener external">${text(link.label)}</a>`;
    return [phrasing ? { block: false, html, shows: true } : block(`<p>${html}</p>`)];
  }
}
