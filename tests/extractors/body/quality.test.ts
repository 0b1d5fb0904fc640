import { describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { extract } from '../../../extractors/extract.js';
import { articlePage, pageInput } from '../page-input.js';

/** The error that a page ends in; null when it is read as an article. */
function verdict(html: string, url?: string): SourcelinkError | null {
  try {
    extract(pageInput(html, url === undefined ? {} : { url }));
    return null;
  } catch (error) {
    if (error instanceof SourcelinkError) return error;
    throw error;
  }
}

const page = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><main>${body}</main></body></html>`;

const TEXT =
  '<p>The ferry to the outer islands will run every hour from May, the company said on Monday, and twice as often at weekends. Tickets are sold on board.</p>';

describe('quality', () => {
  it('takes an article for one', () => {
    expect(verdict(articlePage())).toBeNull();
    expect(verdict(articlePage({ title: '404 jobs to go at the paper mill' }))).toBeNull();
    expect(verdict(articlePage({ title: 'Oops: mayor reads the wrong speech', paragraphs: 2 }))).toBeNull();
    expect(verdict(articlePage({ title: 'Not found guilty, councillor keeps her seat', paragraphs: 2 }))).toBeNull();
  });

  it('refuses a page that says it does not exist, in several languages', () => {
    const sorry =
      '<p>The page you were looking for may have been moved or deleted. Try the search, or go back to the front page and start again from there, where the newest reports are listed first.</p>';
    for (const title of ['Page not found', 'Seite nicht gefunden', 'Página no encontrada', 'Страница не найдена']) {
      const error = verdict(page(`${title} | The News`, `<h1>${title}</h1>${sorry}`));
      expect(error?.code, title).toBe('EXTRACT_NOT_ARTICLE');
      expect(error?.message).toContain('no such page');
    }
  });

  it('refuses the front page, where withdrawn addresses often lead', () => {
    const error = verdict(articlePage(), 'https://news.example/');
    expect(error?.code).toBe('EXTRACT_NOT_ARTICLE');
    expect(error?.message).toContain('front page');
    expect(verdict(articlePage(), 'https://news.example/?p=4711')).toBeNull();
  });

  it('refuses a consent wall, which a browser may get past', () => {
    const wall = `<h1>Before you continue</h1><p>We and our partners store cookies on your device and process personal data such as cookies and identifiers. With your consent, we and our partners use cookies for advertising and to measure content.</p><p>You can accept all cookies or manage your choices. You may withdraw your consent at any time in our cookie policy or privacy policy.</p>`;
    const error = verdict(page('The News', wall));
    expect(error).toMatchObject({ code: 'EXTRACT_NOT_ARTICLE', retryable: true });
    expect(error?.message).toContain('cookies');
  });

  it('refuses a login and a check for robots', () => {
    for (const text of [
      '<h1>Ferry to run every hour</h1><p>To continue reading, log in to your account or create a free account. It takes a minute, costs nothing, and lets you follow the reporters whose work you like best.</p>',
      '<h1>One moment</h1><p>We are checking your browser before you go on. Verify you are human by completing the action below. This helps us to keep the site safe for all of our readers around the world.</p>',
    ]) {
      const error = verdict(page('The News', text));
      expect(error).toMatchObject({ code: 'EXTRACT_NOT_ARTICLE', retryable: true });
    }
  });

  it('refuses a list of articles', () => {
    const list = Array.from(
      { length: 14 },
      (_, i) =>
        `<article><h2><a href="/2026/03/${i}.html">Harbour report number ${i}: the quay, the ferry and the mill</a></h2><p>By Jo Sand</p></article>`,
    ).join('');
    const error = verdict(
      page(
        'Politics | The News',
        `<h1>Politics</h1><p>All our reports about politics in the old harbour town, the newest first. They are written by the desk of five, who have sat in the council chamber since the first issue of this paper.</p>${list}`,
      ),
    );
    expect(error).toMatchObject({ code: 'EXTRACT_NOT_ARTICLE', retryable: false });
  });

  it('refuses several articles in one page', () => {
    const whole = Array.from(
      { length: 4 },
      (_, i) =>
        `<article><h2><a href="/2026/03/${i}.html">Harbour report number ${i}</a></h2>${TEXT.repeat(3)}</article>`,
    ).join('');
    const error = verdict(page('The News', `<div>${whole}</div>`));
    expect(error?.code).toBe('EXTRACT_NOT_ARTICLE');
    expect(error?.message).toMatch(/articles/);
  });

  it('lets the operator overrule it with a rule for the body', () => {
    const html = page('Page not found | The News', `<h1>Page not found</h1><div class="text">${TEXT.repeat(3)}</div>`);
    const rules = { body: '.text', remove: [] };
    expect(() => extract(pageInput(html, { source: { rules } }))).not.toThrow();
  });
});
