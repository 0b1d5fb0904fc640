import type { Page } from 'playwright';
import { CONSENT_SOFTWARE, CONSENT_WORDS } from './consent-words.js';

/** A refusal that is not taken is followed by what else the dialog offers, and that is all. */
const MAX_CLICKS = 2;

/** What came of a page's question for consent. */
export type ConsentOutcome = {
  /** Buttons that were pressed, in order. */
  clicked: string[];
  /** A dialog that hid nothing was taken out of the page instead: nobody was answered. */
  removed: boolean;
};

/**
 * Passes a dialog that asks for consent to cookies: where the page's text is there beside it, the dialog is taken away
 * unanswered; where it stands in the way, it is refused, or agreed to when nothing else is offered. What costs money, asks
 * for a name or leads elsewhere is never pressed.
 * @param rest waits until the page has come to rest after an answer
 */
export async function passConsent(page: Page, rest: () => Promise<void>): Promise<ConsentOutcome> {
  const clicked: string[] = [];
  for (;;) {
    const mayClick = clicked.length < MAX_CLICKS;
    const question = { words: CONSENT_WORDS, software: CONSENT_SOFTWARE, tried: clicked, mayClick };
    const found = await page.evaluate(passDialog, question);
    if (found.kind !== 'clicked') return { clicked, removed: found.kind === 'removed' };
    clicked.push(found.button);
    await rest();
  }
}

type Question = {
  words: typeof CONSENT_WORDS;
  software: typeof CONSENT_SOFTWARE;
  /** Labels that did not help. */
  tried: string[];
  mayClick: boolean;
};

/** `stuck`: a wall without a button that may be pressed. */
type Found = { kind: 'none' | 'removed' | 'stuck' } | { kind: 'clicked'; button: string };

/** Runs inside the page, and so stands by itself. */
function passDialog({ words, software, tried, mayClick }: Question): Found {
  const BUTTONS = 'button, [role="button"], input[type="button"], input[type="submit"], a';
  const [longestLabel, largestDialog, enoughText, maxElements] = [60, 8000, 400, 30_000];

  /** The document and the open shadow trees in it. */
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots) {
    const all = root.querySelectorAll('*');
    if (all.length > maxElements) break;
    for (const e of all) if (e.shadowRoot && roots.length < 50) roots.push(e.shadowRoot);
  }
  const isShown = (e: Element): boolean => {
    const { width, height } = e.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(e).visibility !== 'hidden';
  };
  const tidy = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim().toLowerCase();
  // biome-ignore lint/performance/useDomNodeTextContent: a label is what is shown of it
  const shownText = (e: Element): string => (e as HTMLElement).innerText;
  const labelOf = (e: Element): string =>
    tidy(shownText(e)) || tidy((e as HTMLInputElement).value) || tidy(e.getAttribute('aria-label'));
  const above = (e: Element): Element | null => {
    if (e.parentElement) return e.parentElement;
    const root = e.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  };
  const has = (text: string, list: readonly string[]): boolean =>
    list.some((word) => {
      const at = text.indexOf(word);
      // A short word such as `ok` must stand alone where words are spaced; a longer one may be a stem.
      return (
        at >= 0 &&
        (word.length > 3 ||
          !/^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]/u.test(word) ||
          new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, 'u').test(text))
      );
    });
  const matches = (e: Element, selectors: readonly string[]): boolean => selectors.some((s) => e.matches(s));

  /** The outermost element around a button that lies over the page and speaks of consent. */
  const dialogAround = (button: Element): Element | null => {
    let dialog: Element | null = null;
    let at: Element | null = button;
    for (let n = 0; at && n < 20 && at !== document.body && at !== document.documentElement; n++, at = above(at)) {
      const style = getComputedStyle(at);
      const names = `${at.id} ${at.getAttribute('class') ?? ''}`;
      const lies =
        style.position === 'fixed' ||
        style.position === 'sticky' ||
        (style.position === 'absolute' && Number(style.zIndex) >= 100) ||
        /^(?:alert)?dialog$/.test(at.getAttribute('role') ?? '') ||
        at.tagName === 'DIALOG' ||
        at.hasAttribute('aria-modal') ||
        /cookie|consent|gdpr|cmp\b|privacy/i.test(names) ||
        matches(at, software.dialogs);
      const text = tidy(shownText(at) || at.shadowRoot?.textContent);
      if (text.length > largestDialog) break;
      if (lies && has(text, words.about)) dialog = at;
    }
    return dialog;
  };

  /** A link that leads elsewhere, or a button that sends a form away, is none. */
  const staysHere = (e: Element): boolean => {
    if (e.tagName === 'A') {
      const href = e.getAttribute('href');
      return href === null || href === '' || href.startsWith('#') || /^javascript:/i.test(href);
    }
    const form = (e as HTMLButtonElement).form;
    const sends = (e as HTMLButtonElement).type === 'submit';
    return !form || !sends || /^#?$/.test(form.getAttribute('action') ?? '');
  };

  const inside = (e: Node, dialog: Element): boolean => {
    for (let at: Node | null = e; at; at = at.parentNode ?? (at as ShadowRoot).host ?? null)
      if (at === dialog) return true;
    return false;
  };
  /** Characters of running text that a reader sees beside the dialog. */
  const textBeside = (dialog: Element): number => {
    let sum = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && sum < enoughText; node = walker.nextNode()) {
      const parent = node.parentElement;
      const length = node.textContent?.trim().length ?? 0;
      if (length < 60 || !parent || /^(?:SCRIPT|STYLE|NOSCRIPT|TEMPLATE|TEXTAREA)$/.test(parent.tagName)) continue;
      if (!inside(node, dialog) && !parent.closest('a, button, footer, nav') && isShown(parent)) sum += length;
    }
    return sum;
  };

  const buttons = roots
    .flatMap((root) => [...root.querySelectorAll(BUTTONS)])
    .map((e) => ({ e, label: labelOf(e) }))
    .filter(({ e, label }) => label.length > 0 && label.length <= longestLabel && isShown(e));
  const choices = [
    buttons.filter(({ e }) => matches(e, software.reject)),
    buttons.filter(({ label }) => has(label, words.reject)),
    buttons.filter(({ label }) => has(label, words.necessary)),
    buttons.filter(({ label }) => has(label, words.accept)),
  ];
  let isWall = false;
  const dialogs = new Set<Element>();
  for (const choice of choices)
    for (const { e, label } of choice) {
      const dialog = dialogAround(e);
      if (!dialog) continue;
      dialogs.add(dialog);
      if (textBeside(dialog) >= enoughText) continue;
      isWall = true;
      if (has(label, words.never) || !staysHere(e) || tried.includes(label)) continue;
      if (!mayClick) return { kind: 'stuck' };
      (e as HTMLElement).click();
      return { kind: 'clicked', button: label };
    }
  if (isWall) return { kind: 'stuck' };
  for (const dialog of dialogs) dialog.remove();
  return { kind: dialogs.size > 0 ? 'removed' : 'none' };
}
