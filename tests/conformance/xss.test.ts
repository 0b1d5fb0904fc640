import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sanitize } from '../../extractors/output/sanitize.js';
import { dangersIn } from '../hostile/dangers.js';

const file = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'xss', 'payloads.json');
const payloads: { id: string; payload: string }[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
if (payloads.length === 0) console.log(`conformance: no ${file}; hostile HTML is not tried`);

const base = 'https://news.example/story';
const executablePath = inject('browser');

describe.skipIf(payloads.length === 0)('hostile HTML, parsed', () => {
  it('keeps neither script, event, style, frame nor any address but http, https and mailto', () => {
    const left = payloads.flatMap(({ id, payload }) =>
      dangersIn(sanitize(payload, base).html).map((d) => `${id}: ${d}`),
    );
    expect(left).toEqual([]);
  });

  it('sanitises the same a second time', () => {
    const changed = payloads.filter(({ payload }) => {
      const once = sanitize(payload, base).html;
      return sanitize(once, base).html !== once;
    });
    expect(changed.map((p) => p.id)).toEqual([]);
  });
});

describe.skipIf(payloads.length === 0 || executablePath === null)('hostile HTML, in Chromium', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await (await browser.newContext({ offline: true })).newPage();
    page.on('dialog', (dialog) => void dialog.dismiss());
  });
  afterAll(() => browser?.close());

  /** Puts the HTML into a fresh page both as a document and by innerHTML, touches every element, and tells what ran. */
  async function fires(html: string): Promise<string[]> {
    await page.goto('about:blank');
    const watched = `<!doctype html><body><script>
      window.fired = [];
      for (const f of ['alert', 'confirm', 'prompt']) window[f] = (x) => void window.fired.push(f + ' ' + x);
      window.addEventListener('securitypolicyviolation', (e) => window.fired.push(e.violatedDirective));
      </script><main>${html}</main></body>`;
    await page.setContent(watched, { waitUntil: 'domcontentloaded' });
    await page.evaluate(async (inner) => {
      const box = document.createElement('div');
      document.body.append(box);
      box.innerHTML = inner;
      addEventListener(
        'click',
        (e) => (e.target as Element).closest?.('a[href^="http"],a[href^="mailto"]') && e.preventDefault(),
      );
      for (const element of Array.from(document.querySelectorAll<HTMLElement>('main *, div *'))) {
        for (const type of ['mouseover', 'mouseenter', 'focus', 'pointerenter', 'toggle', 'animationend']) {
          element.dispatchEvent(new Event(type, { bubbles: true }));
        }
        element.click?.();
      }
      await new Promise((done) => setTimeout(done, 40));
    }, html);
    return page.evaluate(() => (window as unknown as { fired?: string[] }).fired ?? ['the page was replaced']);
  }

  it('runs nothing of any payload once sanitised', { timeout: 120_000 }, async () => {
    const ran: string[] = [];
    for (const { id, payload } of payloads) {
      const fired = await fires(sanitize(payload, base).html);
      if (fired.length > 0) ran.push(`${id}: ${fired.join(', ')}`);
    }
    console.log(`conformance: ${payloads.length - ran.length} of ${payloads.length} payloads run nothing in Chromium`);
    expect(ran).toEqual([]);
  });

  it('would have noticed: raw payloads do run in the same page', { timeout: 60_000 }, async () => {
    const raw = ['<img src=x onerror=alert(1)>', '<a href="javascript:alert(2)">x</a>', '<svg onload=alert(3)>'];
    for (const html of raw) expect(await fires(html)).not.toEqual([]);
  });
});
