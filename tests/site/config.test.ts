import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { menuTree } from '../../site/chrome.js';
import { PAPER, readSiteConfig, SiteConfig } from '../../site/config.js';
import { contrastOf } from '../../site/contrast.js';
import { readAssets, readLogo, readPages } from '../../site/files.js';
import { renderMarkdown } from '../../site/markdown.js';

const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('site.yaml', () => {
  it('may be absent or empty', () => {
    expect(readSiteConfig(null).perPage).toBe(20);
    expect(readSiteConfig(join(folder, 'none.yaml')).perPage).toBe(20);
    expect(readSiteConfig(write('empty.yaml', '')).perPage).toBe(20);
  });

  it('is refused with file, fields and reasons when it is wrong', () => {
    const file = write('wrong.yaml', 'perPage: 1\ntimezone: Mars/Base\ncolours: { accent: "#ffcc00" }\nnonsense: 1\n');
    expect(() => readSiteConfig(file)).toThrow(/wrong\.yaml/);
    for (const flaw of [
      /perPage: /,
      /timezone: write a time zone/,
      /colours\.accent: its contrast with #ffffff is 1\.5/,
      /nonsense/,
    ])
      expect(() => readSiteConfig(file)).toThrow(flaw);
    expect(() => readSiteConfig(write('broken.yaml', 'a: [1'))).toThrow(/is not valid YAML/);
  });

  it('refuses a logo that is missing, large or no picture, and knows one by what it holds', () => {
    const logo = (name: string, text: string | null) => {
      if (text !== null) write(name, text);
      return readLogo(SiteConfig.parse({ logo: name }), join(folder, 'site.yaml'));
    };
    expect(() => logo('none.svg', null)).toThrow(/none\.svg cannot be read/);
    expect(() => logo('page.svg', '<html><svg/></html>')).toThrow(/is not an SVG/);
    expect(() => logo('large.svg', `<svg>${' '.repeat(200_000)}</svg>`)).toThrow(/the maximum is 200000/);
    expect(logo('named.png', '<?xml version="1.0"?>\n<!-- x --><svg />')?.type).toBe('image/svg+xml');
    expect(readLogo(SiteConfig.parse({}), null)).toBeNull();
  });

  it('refuses a newsletter without a sender, or at times that are none', () => {
    for (const [name, text, flaw] of [
      ['from', 'newsletter: { from: nobody }', 'newsletter.from'],
      ['smuggled', 'newsletter: { from: "a <a@b.example>\\r\\nBcc: c@b.example" }', 'newsletter.from'],
      ['cron', 'newsletter: { from: a@b.example, cron: "99 7 * * *" }', 'newsletter.cron'],
      ['none', 'newsletter: {}', 'newsletter.from'],
    ] as const)
      expect(() => readSiteConfig(write(`${name}.yaml`, text)), name).toThrow(flaw);
    expect(readSiteConfig(write('good.yaml', 'newsletter: { from: Wire <a@b.example> }')).newsletter).toEqual({
      from: 'Wire <a@b.example>',
      cron: '0 7 * * *',
      articles: 10,
    });
  });

  it('refuses links that are none', () => {
    const file = write('links.yaml', 'links: [{ label: x, href: "javascript:alert(1)" }]');
    expect(() => readSiteConfig(file)).toThrow(/links\.0\.href/);
  });

  it('has colours that can be read, by default too', () => {
    const { colours } = SiteConfig.parse({});
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrastOf(colours.accent, PAPER.light)).toBeGreaterThan(4.5);
    expect(contrastOf(colours.accentDark, PAPER.dark)).toBeGreaterThan(4.5);
  });

  it('has a style sheet with papers that the colours were measured on, and readable text', () => {
    const { css } = readAssets(SiteConfig.parse({}));
    const values = (name: string) =>
      [...css.body.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6})`, 'g'))].map((m) => m[1] ?? '');
    const [papers, shades, inks, softs] = ['paper', 'shade', 'ink', 'soft'].map(values);
    expect(papers).toEqual([PAPER.light, PAPER.dark, PAPER.dark]);
    papers?.forEach((paper, i) => {
      for (const back of [paper, shades?.[i] ?? paper])
        for (const text of [inks?.[i] ?? paper, softs?.[i] ?? paper])
          expect(contrastOf(text, back)).toBeGreaterThan(4.5);
    });
    const accent = SiteConfig.parse({}).colours;
    expect(contrastOf(accent.accent, shades?.[0] ?? '')).toBeGreaterThan(4.5);
    expect(contrastOf(accent.accentDark, shades?.[1] ?? '')).toBeGreaterThan(4.5);
  });

  it('may name a folder of pages; what it lacks is shipped', () => {
    const file = write('site.yaml', 'pages: .');
    write('about.md', '# Who we are\n\nWe are {name}.');
    const pages = readPages(readSiteConfig(file), file, 'The Wire');
    expect(pages.get('about')).toMatchObject({
      title: 'Who we are',
      html: '<h1>Who we are</h1>\n<p>We are The Wire.</p>',
    });
    expect(pages.get('terms')?.title).toBe('Terms & Conditions');
  });
});

describe('pages in Markdown', () => {
  it('have headings, paragraphs, lists, links and emphasis', () => {
    expect(renderMarkdown('# A\n\nB *c* **d**\ne [f](/g)\n\n- h\n- i\n  j\n\n1. k').html).toBe(
      '<h1>A</h1>\n<p>B <em>c</em> <strong>d</strong> e <a href="/g">f</a></p>\n<ul><li>h</li><li>i j</li></ul>\n<ol><li>k</li></ol>',
    );
  });

  it('send no HTML and no other kinds of links', () => {
    const { html } = renderMarkdown('<script>x</script> [a](javascript:alert(1)) [b](//evil) [c](/x"onclick="y)');
    expect(html).not.toMatch(/<script|href="javascript|href="\/\/|" ?onclick="/);
  });
});

describe('the menu', () => {
  it('is a tree of the list, with orphans at the top', () => {
    const flat = [
      { path: 'a', label: 'A', parent: null },
      { path: 'a/b', label: 'B', parent: 'a' },
      { path: 'x/y', label: 'Y', parent: 'x' },
    ];
    expect(menuTree(flat)).toEqual([
      { path: 'a', label: 'A', children: [{ path: 'a/b', label: 'B', children: [] }] },
      { path: 'x/y', label: 'Y', children: [] },
    ]);
  });
});
