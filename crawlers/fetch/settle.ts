import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';

const SAMPLE_MS = 150;
/** As `looksLikeEmptyShell`: with less, a page that has gone quiet is given some more time for what a timer brings. */
const ENOUGH_TEXT = 400;

/** How long a page is watched before it counts as finished, in milliseconds. */
export type Patience = {
  /** No request and no growth for this long. */
  quietMs: number;
  /** From the start, while its text is short. */
  shortMs: number;
};
export const PATIENCE: Patience = { quietMs: 600, shortMs: 2500 };

/** How many requests of a page are under way; to be watched from before it navigates. */
export function watchRequests(page: Page): () => number {
  const open = new Set<unknown>();
  page.on('request', (r) => open.add(r));
  page.on('requestfinished', (r) => open.delete(r));
  page.on('requestfailed', (r) => open.delete(r));
  return () => open.size;
}

/** Waits until the page's text is there: no request under way and no growth for a moment, or `untilMs` on the monotonic clock. */
export async function settled(
  page: Page,
  open: () => number,
  untilMs: number,
  { quietMs, shortMs }: Patience,
): Promise<void> {
  const started = performance.now();
  let length = -1;
  let since = started;
  while (performance.now() < untilMs) {
    // A page between two documents has no context to ask; it will have one again.
    // biome-ignore lint/performance/useDomNodeTextContent: only what is shown counts, not the text of inline scripts
    const now = await page.evaluate(() => document.body?.innerText.length ?? 0).catch(() => -1);
    if (now !== length || now < 0 || open() > 0) {
      length = now;
      since = performance.now();
    } else if (performance.now() - since >= quietMs) {
      if (length >= ENOUGH_TEXT || performance.now() - started >= shortMs) return;
    }
    await delay(SAMPLE_MS);
  }
}

/** With more, a page needs no scrolling; without, what it shows on sight may not be all of it. */
const LONG_TEXT = 1500;

/**
 * Scrolls once through a short text, for parts that load when they come into view. A long one is left as it is: many
 * outlets add their next article when a reader nears the end.
 */
export async function unfold(page: Page, rest: () => Promise<void>): Promise<void> {
  const isLonger = await page.evaluate((enough) => {
    const text = document.querySelector<HTMLElement>('article, main, [role="main"]') ?? document.body;
    const below = text.getBoundingClientRect().bottom > window.innerHeight;
    // biome-ignore lint/performance/useDomNodeTextContent: only what is shown counts
    if (text.innerText.length >= enough || !below) return false;
    text.scrollIntoView({ block: 'end', behavior: 'instant' });
    return true;
  }, LONG_TEXT);
  if (isLonger) await rest();
}
