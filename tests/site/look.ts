import type { Page } from 'playwright';

/** What of a page readers with a keyboard, a screen reader or a small screen would stumble over. */
export async function flawsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const seen = new Set<string>();
    if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
    for (const e of document.querySelectorAll('[id]')) {
      if (seen.has(e.id)) found.push(`id ${e.id} twice`);
      seen.add(e.id);
    }
    for (const e of document.querySelectorAll('[aria-labelledby]'))
      if (!document.getElementById(e.getAttribute('aria-labelledby') ?? '')) found.push(`no label for ${e.className}`);
    for (const e of document.querySelectorAll('input:not([type=hidden]), textarea, select'))
      if (!document.querySelector(`label[for="${e.id}"]`)) found.push(`no label for ${e.id}`);
    for (const e of document.querySelectorAll('nav, aside'))
      if (!e.hasAttribute('aria-label') && !e.hasAttribute('aria-labelledby')) found.push(`no name for ${e.className}`);
    for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) found.push(`no alt for ${e.src}`);
    for (const e of document.querySelectorAll('button, summary, .chips a, .share a, .pager a')) {
      const box = e.getBoundingClientRect();
      if (box.width > 0 && (box.width < 24 || box.height < 24)) found.push(`${e.className || e.textContent} is small`);
    }
    let level = 0;
    for (const e of document.querySelectorAll('h1, h2, h3, h4')) {
      const next = Number(e.tagName[1]);
      if (next > level + 1 && level > 0) found.push(`h${next} after h${level}: ${e.textContent}`);
      level = next;
    }
    return found;
  });
}
