import { escapeMarkup, type Html, raw } from './html.js';

/** One paragraph-level piece of an article. */
export type Block = { kind: 'paragraph' | 'heading' | 'quote'; text: string } | { kind: 'list'; items: string[] };

/** The blocks of a text in which blank lines part them and `##`, `>` and `-` mark headings, quotes and lists. */
export function readBlocks(text: string): Block[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .filter((chunk) => chunk.trim() !== '')
    .map((chunk): Block => {
      const lines = chunk.trim().split('\n');
      if (lines.every((l) => l.startsWith('- '))) return { kind: 'list', items: lines.map((l) => l.slice(2)) };
      const joined = lines.map((l) => l.replace(/^(## |> )/, '')).join(' ');
      const kind = chunk.startsWith('## ') ? 'heading' : chunk.startsWith('> ') ? 'quote' : 'paragraph';
      return { kind, text: joined };
    });
}

/** `*emphasis*` and `[text](url)` inside a block. */
export function inline(text: string): Html {
  return raw(
    escapeMarkup(text)
      .replace(/\*([^*]+)\*/g, '<em>$1</em>')
      .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>'),
  );
}

/** Without marks, for feeds' summaries and for counting. */
export const plain = (text: string): string =>
  text.replace(/\*([^*]+)\*/g, '$1').replace(/\[([^\]]+)\]\([^)\s]+\)/g, '$1');

const textsOf = (block: Block): string[] => (block.kind === 'list' ? block.items : [block.text]);

/** Words of the blocks, as a reader would count them. */
export const countWords = (blocks: Block[]): number =>
  blocks.flatMap(textsOf).reduce((n, text) => n + plain(text).split(/\s+/).filter(Boolean).length, 0);

/** The blocks as plain semantic HTML. */
export function blocksToHtml(blocks: Block[]): Html {
  const one = (block: Block): string => {
    if (block.kind === 'list') return `<ul>${block.items.map((i) => `<li>${inline(i).text}</li>`).join('')}</ul>`;
    const inner = inline(block.text).text;
    if (block.kind === 'heading') return `<h2>${inner}</h2>`;
    return block.kind === 'quote' ? `<blockquote><p>${inner}</p></blockquote>` : `<p>${inner}</p>`;
  };
  return raw(blocks.map(one).join('\n'));
}

/** The first paragraph, plain. */
export function firstParagraph(blocks: Block[]): string {
  const first = blocks.find((b) => b.kind === 'paragraph');
  return first === undefined || first.kind === 'list' ? '' : plain(first.text);
}
