import { escapeText } from './body.js';

/**
 * Markdown of the site's own pages as HTML: headings, paragraphs, lists, links, **strong** and *emphasis* only. All text
 * is escaped first, so HTML in a page file appears as text.
 */
export function renderMarkdown(source: string): { title: string; html: string } {
  const blocks = source
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((b) => b.trim())
    .filter((b) => b !== '');
  let title = '';
  const html = blocks.map((block) => {
    const heading = /^(#{1,4})\s+(.+)$/.exec(block.split('\n')[0] ?? '');
    if (heading) {
      const level = heading[1]?.length ?? 1;
      const text = heading[2] ?? '';
      if (level === 1 && title === '') title = text;
      const rest = block.split('\n').slice(1).join('\n').trim();
      return `<h${level}>${inline(text)}</h${level}>${rest === '' ? '' : blockOf(rest)}`;
    }
    return blockOf(block);
  });
  return { title, html: html.join('\n') };
}

function blockOf(block: string): string {
  const lines = block.split('\n');
  for (const [list, mark] of [
    ['ul', /^[-*]\s+/],
    ['ol', /^\d+[.)]\s+/],
  ] as const) {
    if (!mark.test(lines[0] ?? '')) continue;
    const items: string[] = [];
    for (const line of lines) {
      if (mark.test(line)) items.push(line.replace(mark, ''));
      else items[items.length - 1] += ` ${line.trim()}`;
    }
    return `<${list}>${items.map((i) => `<li>${inline(i)}</li>`).join('')}</${list}>`;
  }
  return `<p>${inline(lines.map((l) => l.trim()).join(' '))}</p>`;
}

function inline(text: string): string {
  return escapeText(text)
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (all, label: string, href: string) =>
      /^(https?:\/\/|mailto:|\/(?!\/))/i.test(href) ? `<a href="${href}">${label}</a>` : all,
    )
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|[^*\w])\*([^*\s][^*]*)\*(?![*\w])/g, '$1<em>$2</em>');
}
