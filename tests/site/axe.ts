import axe from 'axe-core';
import type { Page } from 'playwright';

/** What breaks WCAG 2.2 AA by axe's rules, a line each. */
export async function axeFlaws(page: Page): Promise<string[]> {
  // By the debugger, so that the page's own Content-Security-Policy stays as it is.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  );
  return violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}
