import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SiteConfig } from './config.js';
import { renderMarkdown } from './markdown.js';

export type Asset = { path: string; body: string; type: string };

/** The `site/` folder of the package, whether this runs from TypeScript or from `dist/`. */
function siteFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'site');
}

/** The style sheet and the script, each at an address that changes with its content. */
export function readAssets(config: SiteConfig): { css: Asset; js: Asset } {
  const folder = join(siteFolder(), 'assets');
  const colours = `:root{--accent-light:${config.colours.accent};--accent-dark:${config.colours.accentDark}}\n`;
  const sheets = readdirSync(join(folder, 'css')).filter((f) => f.endsWith('.css'));
  const rules = sheets.sort().map((f) => readFileSync(join(folder, 'css', f), 'utf8'));
  const css = `${colours}${compact(rules.join('\n'))}`;
  const js = readFileSync(join(folder, 'site.js'), 'utf8');
  return {
    css: { path: hashed('site', css, 'css'), body: css, type: 'text/css; charset=utf-8' },
    js: { path: hashed('site', js, 'js'), body: js, type: 'text/javascript; charset=utf-8' },
  };
}

/** Without comments and indents. */
const compact = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\n\s*/g, '\n')
    .trim();

const hashed = (name: string, body: string, ending: string): string =>
  `/assets/${name}.${createHash('sha256').update(body).digest('hex').slice(0, 12)}.${ending}`;

export type TextPage = { slug: string; title: string; html: string };

const PAGES = ['about', 'advertise', 'contact', 'dmca', 'privacy', 'terms'] as const;

/** The site's own pages; one that the operator's folder lacks is the shipped one. `{name}` becomes the site's name. */
export function readPages(config: SiteConfig, configFile: string | null, name: string): Map<string, TextPage> {
  const shipped = join(siteFolder(), 'pages');
  const own =
    config.pages === undefined ? null : resolve(configFile === null ? '.' : dirname(configFile), config.pages);
  return new Map(
    PAGES.map((slug) => {
      const file = own === null ? null : join(own, `${slug}.md`);
      const source = readFileSync(file !== null && existsSync(file) ? file : join(shipped, `${slug}.md`), 'utf8');
      const page = renderMarkdown(source.replaceAll('{name}', name));
      return [slug, { slug, title: page.title || slug, html: page.html }];
    }),
  );
}
