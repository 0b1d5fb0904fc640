import { html, raw } from 'hono/html';
import type { DiffLine } from '../diff.js';
import type { Half } from '../labelled-set.js';
import type { FailedPage } from '../read-pages.js';
import { STYLE } from './style.js';

/** A piece of HTML; everything that is put into it was escaped. */
export type Html = ReturnType<typeof html>;

/** Worst pages whose diff stands open. */
const OPEN = 3;

/** One file without scripts that loads nothing. */
export async function pageOf(title: string, intro: Html, sections: (Html | null)[]): Promise<string> {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>${intro}</header>
<main>${sections}</main>
</body>
</html>
`;
  return String(await page);
}

/** `209 pages of the dev half in 4 sets`. */
export function scopeOf(half: Half, pages: number, sets: number): string {
  const which = half === 'all' ? '' : ` of the ${half} half`;
  return `${pages} ${pages === 1 ? 'page' : 'pages'}${which} in ${sets} ${sets === 1 ? 'set' : 'sets'}`;
}

/** Pages that could not be read; nothing when there are none. */
export function failedSection(failed: readonly FailedPage[]): Html | null {
  if (failed.length === 0) return null;
  return html`<section><h2 id="failed">Pages that failed</h2>
<p>They count as empty.</p>
<ul>${failed.map((f) => html`<li>${f.set}/${f.id} (${f.by === 'file' ? 'its file' : f.by}): ${f.reason}</li>`)}</ul></section>`;
}

/** One page to open and close, with the address that a plot links to. */
export function pageDetails(
  page: { set: string; id: string; url: string },
  nth: number,
  says: string,
  body: Html,
): Html {
  return html`<details id="${anchorOf(page)}"${raw(nth < OPEN ? ' open' : '')}>
<summary><b>${page.set}/${page.id}</b> <span class="soft">${says}</span></summary>
<p class="soft"><a href="${page.url}" rel="noreferrer">${page.url}</a></p>
${body}</details>`;
}

export const anchorOf = (page: { set: string; id: string }): string => `page-${page.set}-${page.id}`;

export function diffList(lines: readonly DiffLine[]): Html {
  return html`<ul class="diff">${lines.map(({ sign, text }) =>
    sign === '-'
      ? html`<li class="missing" data-sign="−"><del>${text}</del></li>`
      : html`<li class="surplus" data-sign="+"><ins>${text}</ins></li>`,
  )}</ul>`;
}

export const share = (n: number): string => n.toFixed(3);
