import { request } from 'node:http';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safeBody } from '../../site/body.js';
import { article, published, updated } from './messages.js';
import { type Opened, openForTest } from './open.js';

const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(1)>'--><svg/onload=alert(1)>`;

let o: Opened;
beforeAll(async () => {
  o = await openForTest();
  const html = `<p onclick="alert(1)">Text ${EVIL}<a href="javascript:alert(1)">go</a> <a href="data:text/html,x">d</a></p><iframe src="https://evil.example"></iframe><style>*{}</style><form action="https://evil.example"><input name="a"></form><p>open`;
  const more = {
    title: EVIL,
    excerpt: EVIL,
    html,
    authors: [EVIL],
    tags: [EVIL],
    categories: [{ path: 'world/evil', label: EVIL, confidence: 1, by: 'person' as const }],
    image: { url: 'https://evil.example/a.png', alt: EVIL, credit: EVIL, width: 10, height: 10 },
    source: { id: 'evil', name: EVIL, homepage: 'https://evil.example/' },
    rights: { level: 'excerpt' as const, reason: EVIL },
    story: { id: 'evil', size: 2, coverage: [{ source: EVIL, url: 'https://evil.example/', title: EVIL }] },
  };
  await o.site.receive(published('evil', more));
  await o.site.receive(updated('evil', 2, { ...more, title: `${EVIL} again` }));
});
afterAll(() => o.close());

const slug = article('evil').slug;
const PATHS = [
  '/',
  '/latest',
  `/article/${slug}`,
  `/article/${slug}/changes`,
  '/category/world/evil',
  '/source',
  '/source/evil',
  '/story/evil',
  `/search?q=${encodeURIComponent(EVIL)}`,
  '/search?q=script',
  '/contact',
  `/nothing/${encodeURIComponent(EVIL)}`,
];

describe('a hostile article', () => {
  it.each(PATHS)('runs nothing on %s', async (path) => {
    const { document: d } = parseHTML(await o.text(path));
    const scripts = [...d.querySelectorAll('script')];
    for (const s of scripts) {
      if (s.getAttribute('type') === 'application/ld+json') expect(() => JSON.parse(s.textContent ?? '')).not.toThrow();
      else expect(s.getAttribute('src')).toMatch(/^\/assets\/site\.[0-9a-f]{12}\.js$/);
    }
    expect(scripts.length).toBeLessThanOrEqual(2);
    expect(d.querySelectorAll('iframe, style, svg, object, embed, base')).toHaveLength(0);
    for (const e of d.querySelectorAll('*'))
      for (const a of e.attributes) {
        expect(a.name, `${e.tagName} ${a.name}`).not.toMatch(/^on|^style$/);
        if (['href', 'src', 'action'].includes(a.name)) expect(a.value).not.toMatch(/^\s*(javascript|data|vbscript):/i);
      }
    for (const form of d.querySelectorAll('form')) expect(form.getAttribute('action')).toMatch(/^\//);
  });

  it('stays text in feeds, also where readers take it for HTML, and in sitemaps', async () => {
    const description = parseRssFeed(await o.text('/feed.xml')).items?.[0]?.description ?? '';
    expect(description).toContain('&lt;script&gt;alert(1)');
    expect(description).not.toContain('<');
    const entry = parseAtomFeed(await o.text('/feed.atom')).entries?.[0];
    expect(entry?.summary?.value).toContain('<script>');
    expect(['text', undefined]).toContain(entry?.summary?.type);
    const json = JSON.parse(await o.text('/feed.json')).items[0];
    expect(json.content_text).toContain('<script>');
    expect(json.content_html).toBeUndefined();
    for (const path of ['/news-sitemap.xml', '/sitemap-1.xml'])
      expect(await o.text(path), path).not.toContain('<script>');
  });

  it('cannot leave an element open around the page', () => {
    const options = { image: () => null, sourceUrl: 'https://a.example/' };
    expect(safeBody('<blockquote><ul><li>one</em></div>', options)).toBe(
      '<blockquote><ul><li>one</li></ul></blockquote><p><a href="https://a.example/" rel="noopener external">Source link</a></p>',
    );
    expect(safeBody('</div></main><p>x</p>', options)).toMatch(/^<p>x<\/p>/);
  });

  it('cannot lose its Source link', () => {
    const options = { image: () => null, sourceUrl: 'https://a.example/x?a=1&b=2' };
    const kept = '<p><a href="https://a.example/x?a=1&amp;b=2">Source link</a></p>';
    expect(safeBody(kept, options).match(/Source link/g)).toHaveLength(1);
    expect(safeBody('<p>text</p>', options)).toContain('href="https://a.example/x?a=1&amp;b=2"');
    expect(safeBody('<script><a href="https://a.example/x?a=1&amp;b=2">Source link</a></script>', options)).toContain(
      'Source link',
    );
  });
});

describe('answers', () => {
  it('carry a policy without inline scripts and styles, and the other headers', async () => {
    const { headers } = await o.get('/');
    const csp = headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("script-src 'self'");
    expect(csp).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
  });

  it('are not sent again when nothing changed', async () => {
    for (const path of ['/', '/feed.xml', `/article/${slug}`]) {
      const first = await o.get(path);
      const tag = first.headers.get('etag') ?? '';
      expect(tag, path).not.toBe('');
      expect((await o.get(path, { 'if-none-match': tag })).status, path).toBe(304);
    }
    const tag = (await o.get('/')).headers.get('etag') ?? '';
    await o.site.receive(
      published('newer', { publishedAt: '2026-03-09T00:00:00.000Z', fetchedAt: '2026-03-09T00:00:00.000Z' }),
    );
    expect((await o.get('/', { 'if-none-match': tag })).status).toBe(200);
  });

  it('give style sheet and script an address of their content, kept for ever', async () => {
    const { document: d } = parseHTML(await o.text('/'));
    const css = await o.get(d.querySelector('link[rel="stylesheet"]')?.getAttribute('href') ?? '');
    expect(css.status).toBe(200);
    expect(css.headers.get('cache-control')).toContain('immutable');
  });
});

describe('the theme', () => {
  it('is kept in a cookie and needs no script', async () => {
    const answer = await o.post('/theme', { theme: 'dark', back: '/latest?page=x' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/latest?page=x');
    expect(answer.headers.get('set-cookie')).toMatch(/^theme=dark;.*HttpOnly.*SameSite=Lax/);
    const dark = await o.get('/', { cookie: 'theme=dark' });
    expect(await dark.text()).toMatch(/<html lang="en" class="dark">/);
    expect(await o.text('/')).toMatch(/<html lang="en">/);
    expect(await (await o.get('/', { cookie: 'theme="><script>' })).text()).toMatch(/<html lang="en">/);
  });

  it('leads nowhere else', async () => {
    for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', ''])
      expect((await o.post('/theme', { theme: 'dark', back })).headers.get('location'), back).toBe('/');
  });

  it('is not set for another site', async () => {
    const answer = await o.post(
      '/theme',
      { theme: 'dark', back: '/' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    );
    expect(answer.status).toBe(403);
  });
});

describe('odd requests', () => {
  it.each([
    '/%',
    '/%E0%A4%A',
    '/article/%00',
    '/category//',
    '/category/world/%2e%2e',
    '//',
    '/story/',
    '/tag/%F0%9F%92%A9',
  ])('%s is answered without a fault', async (path) => {
    // fetch would tidy the path.
    const status = await new Promise<number>((done, fail) => {
      const url = new URL(o.site.url);
      request({ host: url.hostname, port: url.port, path }, (r) => {
        r.resume();
        done(r.statusCode ?? 0);
      })
        .on('error', fail)
        .end();
    });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
  });
});
