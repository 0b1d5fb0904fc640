import { prose } from './desk.js';

/** A closing paragraph that reads like text of the article and stands under each. */
export const CLOSING =
  'The Lantern has told the stories of this coast from the same brick house since 1911, and every reader pays what they can.';

type Template = 'old' | 'new';

/**
 * A page of an invented outlet, its text the same for the same seed. The `new` template has other elements and names
 * nobody.
 */
export function outletPage(
  seed: number,
  options: { template?: Template; closing?: string; body?: string[] } = {},
): string {
  const { template = 'old', closing = CLOSING } = options;
  const paragraphs = (options.body ?? paragraphsOf(seed)).map((p) => `<p>${p}</p>`).join('\n');
  const title = `Report number ${seed}`;
  const end = closing === '' ? '' : `<p>${closing}</p>`;
  const text =
    template === 'old'
      ? `<article class="story"><h1>${title}</h1><div class="story-copy">${paragraphs}${end}</div></article>`
      : `<section class="longread"><h1>${title}</h1><div class="chapter"><div class="grid">${paragraphs}</div></div></section>`;
  const author = template === 'old' ? '<meta name="author" content="Ada Quill">' : '';
  return `<!doctype html><html lang="en"><head><title>${title} | The Lantern</title>${author}
    <meta property="article:published_time" content="2026-03-0${1 + (seed % 8)}T08:00:00Z"></head><body>
    <nav><a href="/">Home</a></nav><main>${text}</main></body></html>`;
}

export const paragraphsOf = (seed: number): string[] =>
  prose(seed, 20)
    .split('\n')
    .map((p) => p.trim())
    .filter((p) => p !== '');
