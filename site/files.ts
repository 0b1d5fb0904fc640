import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SiteConfig, SiteConfigError } from './config.js';
import { pictureType } from './image-fetch.js';
import { renderMarkdown } from './markdown.js';

export type Asset = { path: string; body: string | Uint8Array<ArrayBuffer>; type: string };

/** The `site/` folder of the package, whether this runs from TypeScript or from `dist/`. */
function siteFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'site');
}

/** The style sheet and the script. The address of each changes with its content. */
export function readAssets(config: SiteConfig): Record<'css' | 'js', Asset & { body: string }> {
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

const MAX_LOGO_BYTES = 200_000;

/** The operator's logo; null when none is set. @throws SiteConfigError for a file that is missing, too large or not a picture */
export function readLogo(config: SiteConfig, configFile: string | null): Asset | null {
  if (config.logo === undefined) return null;
  const file = resolve(configFile === null ? '.' : dirname(configFile), config.logo);
  const wrong = (what: string, cause?: unknown) =>
    new SiteConfigError(`\`logo\` of site.yaml: ${file} ${what}.`, { cause });
  let body: Buffer;
  try {
    body = readFileSync(file);
  } catch (cause) {
    throw wrong('cannot be read', cause);
  }
  if (body.length > MAX_LOGO_BYTES) throw wrong(`has ${body.length} bytes; the maximum is ${MAX_LOGO_BYTES}`);
  const drawn = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(body.toString('utf8'));
  const type = drawn ? 'image/svg+xml' : pictureType(body);
  if (type === null) throw wrong('is not an SVG, PNG, JPEG, GIF, WebP or AVIF picture');
  return { path: hashed('logo', body, type.replace(/^image\/|\+xml$/g, '')), body: new Uint8Array(body), type };
}

/** A style sheet without comments and indents. */
const compact = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\n\s*/g, '\n')
    .trim();

const hashed = (name: string, body: string | Buffer, ending: string): string =>
  `/assets/${name}.${createHash('sha256').update(body).digest('hex').slice(0, 12)}.${ending}`;

export type TextPage = { slug: string; title: string; html: string };

const PAGES = ['about', 'advertise', 'contact', 'dmca', 'privacy', 'terms'] as const;

/** The site's own pages. The shipped page replaces one that the operator's folder lacks. `{name}` becomes the site's name. */
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
