import type { ContractArticle } from '../contract/contract.js';
import type { SiteConfig } from './config.js';

/** A category of the menu with those below it. */
export type MenuNode = { path: string; label: string; children: MenuNode[] };

/** What every page needs to know of the site it is part of. */
export type Chrome = {
  name: string;
  config: SiteConfig;
  /** Without a slash at its end. */
  publicUrl: string;
  menu: MenuNode[];
  /** Labels of all categories of the menu by path. */
  labels: Map<string, string>;
  assets: { css: string; js: string; logo: string | null };
  pages: { slug: string; title: string }[];
  /** Where this site serves a picture of another server; null when it must not be shown. */
  picture: (url: string) => string | null;
  date: (at: Date | string) => string;
  dateTime: (at: Date | string) => string;
};

export type Theme = 'light' | 'dark' | 'auto';

/** The operator's flat list as a tree; a category whose parent is missing stands at the top. */
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

/** What pages share, from what the operator set. `where` is filled in once the port is known. */
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

/** Dates as readers of that language and place write them. */
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

/** The paths of this site, in one place. */
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

/** The label of a category: the operator's, else the article's own. */
export const labelOf = (chrome: Chrome, c: { path: string; label: string }): string =>
  chrome.labels.get(c.path) ?? c.label;

/** The lead image in what this site serves, with its size when the page gave one. */
export function imageOf(
  chrome: Chrome,
  image: ContractArticle['image'],
): { src: string; alt: string; credit: string | null; width: number | null; height: number | null } | null {
  const src = image === null ? null : chrome.picture(image.url);
  return image === null || src === null ? null : { ...image, src, alt: image.alt ?? '' };
}
