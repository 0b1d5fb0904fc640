import type { ContractArticle } from '../contract/contract.js';
import type { SiteConfig } from './config.js';

/** A category in the menu, with its subcategories. */
export type MenuNode = { path: string; label: string; children: MenuNode[] };

/** What every page needs to know about the site. */
export type Chrome = {
  name: string;
  config: SiteConfig;
  /** Without a trailing slash. */
  publicUrl: string;
  menu: MenuNode[];
  /** Labels of all menu categories, by path. */
  labels: Map<string, string>;
  assets: { css: string; js: string; logo: string | null };
  pages: { slug: string; title: string }[];
  /** The address under which this site serves another server's picture; null when it must not show it. */
  picture: (url: string) => string | null;
  date: (at: Date | string) => string;
  dateTime: (at: Date | string) => string;
};

export type Theme = 'light' | 'dark' | 'auto';

/** The operator's flat list as a tree. A category whose parent is missing becomes a top one. */
export function menuTree(flat: readonly { path: string; label: string; parent: string | null }[]): MenuNode[] {
  const nodes = new Map<string, MenuNode>(flat.map((e) => [e.path, { path: e.path, label: e.label, children: [] }]));
  const top: MenuNode[] = [];
  for (const entry of flat) {
    const node = nodes.get(entry.path);
    if (!node) continue;
    const above = entry.parent === null ? undefined : nodes.get(entry.parent);
    (above && above !== node ? above.children : top).push(node);
  }
  return top;
}

/** What all pages share, from the operator's settings. `where` is filled in once the port is known. */
export function chromeOf(o: {
  name: string;
  config: SiteConfig;
  menu: readonly { path: string; label: string; parent: string | null }[];
  assets: { css: { path: string }; js: { path: string }; logo: { path: string } | null };
  pages: ReadonlyMap<string, { slug: string; title: string }>;
  picture: Chrome['picture'];
  where: { url: string };
}): Chrome {
  return {
    name: o.name,
    config: o.config,
    get publicUrl() {
      return o.where.url;
    },
    menu: menuTree(o.menu),
    labels: new Map(o.menu.map((m) => [m.path, m.label])),
    assets: { css: o.assets.css.path, js: o.assets.js.path, logo: o.assets.logo?.path ?? null },
    pages: [...o.pages.values()].map(({ slug, title }) => ({ slug, title })),
    picture: o.picture,
    ...dateFormats(o.config),
  };
}

/** Date formats for the site's language and time zone. */
function dateFormats(config: SiteConfig): Pick<Chrome, 'date' | 'dateTime'> {
  const at = { timeZone: config.timezone };
  const day = new Intl.DateTimeFormat(config.language, { ...at, year: 'numeric', month: 'long', day: 'numeric' });
  const minute = new Intl.DateTimeFormat(config.language, {
    ...at,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return { date: (d) => day.format(new Date(d)), dateTime: (d) => minute.format(new Date(d)) };
}

/** The paths of this site. */
export const to = {
  article: (slug: string) => `/article/${encodeURIComponent(slug)}`,
  comment: (slug: string) => `/article/${encodeURIComponent(slug)}/comment`,
  changes: (slug: string) => `/article/${encodeURIComponent(slug)}/changes`,
  category: (path: string) => `/category/${path.split('/').map(encodeURIComponent).join('/')}`,
  tag: (key: string) => `/tag/${encodeURIComponent(key)}`,
  author: (key: string) => `/author/${encodeURIComponent(key)}`,
  source: (id: string) => `/source/${encodeURIComponent(id)}`,
  story: (id: string) => `/story/${encodeURIComponent(id)}`,
  page: (slug: string) => `/${encodeURIComponent(slug)}`,
};

/** The label of a category: the operator's if the menu has one, else the article's. */
export const labelOf = (chrome: Chrome, c: { path: string; label: string }): string =>
  chrome.labels.get(c.path) ?? c.label;

/** The lead image as this site serves it, with its size if known. */
export function imageOf(
  chrome: Chrome,
  image: ContractArticle['image'],
): { src: string; alt: string; credit: string | null; width: number | null; height: number | null } | null {
  const src = image === null ? null : chrome.picture(image.url);
  return image === null || src === null ? null : { ...image, src, alt: image.alt ?? '' };
}
