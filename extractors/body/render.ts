import { escapeQuoted } from '../../text/escape.js';
import { type Block, charsBelow } from '../blocks/blocks.js';
import type { Reason } from '../blocks/boilerplate.js';
import { commonPart } from '../blocks/path.js';
import { isBlockTag, isMedia, type Part } from '../blocks/tree.js';

/** Elements that say something; all others are only wrappers and leave nothing behind. */
const KEPT_TAGS = new Set(
  (
    'p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table thead tbody tfoot tr td th caption figure figcaption hr ' +
    'picture a strong b em i u s sub sup code kbd samp var mark small abbr time cite q ins del ruby rt rp bdi bdo br wbr'
  ).split(' '),
);
/** A quoted post of words: its text stays, and the link to it always. */
const POST = /(?:^| )(?:twitter tweet|bluesky embed|threads embed)(?= |$)/;
const VOID = new Set('br hr img wbr source embed'.split(' '));
/** Elements in which a run of text stands for itself; elsewhere it becomes a paragraph. */
const HOLDS_TEXT = new Set('p h1 h2 h3 h4 h5 h6 li dt dd td th pre figcaption caption summary blockquote'.split(' '));

export type Rendering = {
  kept: Set<Block>;
  dropped: Map<Block, Reason>;
  /** Why an element is boilerplate, its ancestors left aside; null when it is not. */
  verdict: (part: Part) => Reason | null;
};

/** The article as HTML: kept blocks in the elements that mean something, the pictures among them, captions as figcaption. */
export function renderHtml(blocks: Block[], rendering: Rendering): string {
  const root = commonPart([...rendering.kept].map((b) => b.part));
  if (root === null) return '';
  const runs = new Map<Part, Block[]>();
  for (const block of blocks) {
    const list = runs.get(block.part);
    if (list) list.push(block);
    else runs.set(block.part, [block]);
  }
  return new Writer(runs, rendering).write(root).trim();
}

class Writer {
  readonly #runs: Map<Part, Block[]>;
  readonly #rendering: Rendering;
  readonly #chars: Map<Part, number>;
  readonly #figures = new Set<Part>();

  constructor(runs: Map<Part, Block[]>, rendering: Rendering) {
    this.#runs = runs;
    this.#rendering = rendering;
    this.#chars = charsBelow(rendering.kept);
  }

  write(part: Part): string {
    if (isMedia(part.tag)) return this.#element(part, VOID.has(part.tag) ? '' : this.#children(part));
    if (part.tag === 'noscript') return part.hasMedia ? this.#children(part) : '';
    if (part.tag === 'hr') return '<hr>';
    const why = this.#rendering.verdict(part);
    if (why === 'caption' || why === 'credit') return this.#caption(part);
    if (why === 'embed') return embedLink(part);
    if (why !== null && why !== 'hidden') return '';
    const inner = this.#children(part);
    if (inner.trim() === '') return '';
    if (POST.test(part.names))
      return `<blockquote>${inner}${inner.includes('<a ') ? '' : embedLink(part)}</blockquote>`;
    if (this.#figures.has(part)) return `<figure>${inner}</figure>`;
    return KEPT_TAGS.has(part.tag) && !(part.tag === 'p' && /^\s*<p>/.test(inner)) ? this.#element(part, inner) : inner;
  }

  /** Kept runs and elements that break lines, in order. */
  #children(part: Part): string {
    const runs = (this.#runs.get(part) ?? []).filter((b) => this.#rendering.kept.has(b));
    const alone = runs.length === 1 && HOLDS_TEXT.has(part.tag);
    const out: string[] = [];
    for (let i = 0; i < part.children.length; i++) {
      const run = runs.find((r) => r.from === i);
      if (run) {
        const text = part.children
          .slice(run.from, run.to)
          .map((c) => this.#inline(c))
          .join('')
          .trim();
        out.push(alone ? text : `<p>${text}</p>`);
        i = run.to - 1;
        continue;
      }
      const child = part.children[i];
      if (child === undefined || typeof child === 'string') continue;
      if (isBlockTag(child.tag) || child.hasBlocks || child.hasMedia) out.push(this.write(child));
    }
    return out.join('');
  }

  #inline(child: Part | string): string {
    if (typeof child === 'string') return escapeQuoted(child);
    if (child.hidden && child.up?.hidden === false) return '';
    const inner = child.children.map((c) => this.#inline(c)).join('');
    if (VOID.has(child.tag) || isMedia(child.tag)) return this.#element(child, inner);
    return KEPT_TAGS.has(child.tag) && inner !== '' ? this.#element(child, inner) : inner;
  }

  /** What a caption says, with the pictures that stand inside the same element. */
  #caption(part: Part): string {
    const media: string[] = [];
    const text: string[] = [];
    const walk = (at: Part): void => {
      if (at.hidden && !part.hidden && at.tag !== 'noscript') return;
      for (const child of at.children) {
        if (typeof child === 'string') text.push(child);
        else if (isMedia(child.tag) || child.tag === 'picture') media.push(this.write(child));
        else {
          if (isBlockTag(child.tag)) text.push(' ');
          walk(child);
        }
      }
    };
    walk(part);
    const said = text.join('').replace(/\s+/g, ' ').trim();
    const caption = said === '' ? '' : `<figcaption>${escapeQuoted(said)}</figcaption>`;
    if (media.length === 0) return insideFigure(part) || this.#besidePicture(part) ? caption : '';
    return insideFigure(part) ? media.join('') + caption : `<figure>${media.join('')}${caption}</figure>`;
  }

  /** Whether a small element around the caption holds a picture and no text: then that element is the figure. */
  #besidePicture(part: Part): boolean {
    let depth = 0;
    for (let at = part.up; at && depth < 4; at = at.up, depth++) {
      if (this.#chars.has(at)) return false;
      if (!at.hasMedia) continue;
      this.#figures.add(at);
      return true;
    }
    return false;
  }

  #element(part: Part, inner: string): string {
    const attrs = Object.entries(part.attrs)
      .filter(([name]) => !name.startsWith('on') && name !== 'itemprop' && name !== 'itemtype' && name !== 'role')
      .map(([name, value]) => ` ${name}="${escapeQuoted(value)}"`)
      .join('');
    return VOID.has(part.tag) ? `<${part.tag}${attrs}>` : `<${part.tag}${attrs}>${inner}</${part.tag}>`;
  }
}

function insideFigure(part: Part): boolean {
  for (let at: Part | null = part.tag === 'figure' ? null : part.up; at; at = at.up)
    if (at.tag === 'figure') return true;
  return false;
}

/** An embedded post becomes a link to it: its last link is the post's own. */
function embedLink(part: Part): string {
  const links: string[] = [];
  const walk = (at: Part): void => {
    const href = at.attrs['href'];
    if (href !== undefined && /^https?:/.test(href)) links.push(href);
    for (const child of at.children) if (typeof child !== 'string') walk(child);
  };
  walk(part);
  const href = part.attrs['cite'] ?? links.at(-1);
  if (href === undefined || !URL.canParse(href)) return '';
  return `<p><a href="${escapeQuoted(href)}">Post on ${escapeQuoted(new URL(href).hostname.replace(/^www\./, ''))}</a></p>`;
}
