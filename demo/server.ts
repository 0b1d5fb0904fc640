import { once } from 'node:events';
import type { Server } from 'node:http';
import { type Article, loadArticles } from './content.js';
import type { Outlet, Page, Site } from './outlet.js';
import { capitolDocket } from './templates/capitol-docket.js';
import { graniteCountyTimes } from './templates/granite-county-times.js';
import { harborPost } from './templates/harbor-post.js';
import { meridianWire } from './templates/meridian-wire.js';
import { nordwindAnzeiger } from './templates/nordwind-anzeiger.js';
import { signalworks } from './templates/signalworks.js';
import { tidewaterLedger } from './templates/tidewater-ledger.js';
import { westbrookCourier } from './templates/westbrook-courier.js';
import { openServer, type Visit } from './web.js';

const OUTLETS: readonly Outlet[] = [
  meridianWire,
  harborPost,
  tidewaterLedger,
  graniteCountyTimes,
  signalworks,
  capitolDocket,
  westbrookCourier,
  nordwindAnzeiger,
];

/**
 * An outlet as it can be visited. `host` is what `fetch.allowHosts` must name; `wire` is the slug of the agency's report
 * that an article is a copy of.
 */
export type DemoOutlet = {
  id: string;
  name: string;
  about: string;
  url: string;
  host: string;
  articles: { slug: string; url: string; title: string; publishedAt: Date; words: number; wire: string | null }[];
};

export type DemoOutlets = {
  outlets: DemoOutlet[];
  /** For `fetch.allowHosts`. */
  allowHosts: string[];
  /** The outlets as entries of `sources.yaml`. */
  sources(): Record<string, string | number>[];
  /** The same as the text of a `sources.yaml`. */
  sourcesYaml(): string;
  /** Lets the correction appear; the URL of the corrected article. */
  correct(): string;
  /** Requests to paths that robots.txt forbids: none, when the visitor is polite. */
  trespasses(): string[];
  close(): Promise<void>;
};

/**
 * Opens each fictional outlet on a port of its own on 127.0.0.1: `port`, `port + 1`, …, or free ones (0, the default).
 * Articles are dated back from `now`.
 */
export async function startDemoOutlets(options: { port?: number; now?: () => Date } = {}): Promise<DemoOutlets> {
  const now = options.now ?? (() => new Date());
  const started = now();
  const content = loadArticles(started);
  const open: { outlet: Outlet; server: Server; origin: string; visits: Visit[]; pages: Map<string, Page> }[] = [];
  const others = new Map<string, string>();
  let correctedAt: Date | null = null;

  const siteOf = (outlet: Outlet, origin: string): Site => ({
    id: outlet.id,
    name: outlet.name,
    origin,
    now: started,
    others,
    articles: (content.get(outlet.id) ?? []).map((a) => correct(a, correctedAt)),
  });
  const close = async () => {
    await Promise.all(
      open.map(async ({ server }) => {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }),
    );
  };

  for (const [i, outlet] of OUTLETS.entries()) {
    const entry = { outlet, origin: '', visits: [] as Visit[], pages: new Map<string, Page>() };
    const find = (path: string) => entry.pages.get(path) ?? outlet.beyond?.(siteOf(outlet, entry.origin), path) ?? null;
    const server = openServer(find, (visit) => void entry.visits.push(visit));
    server.listen(options.port ? options.port + i : 0, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      await close();
      throw error;
    }
    const address = server.address();
    entry.origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    others.set(outlet.id, entry.origin);
    open.push(Object.assign(entry, { server }));
  }
  const publish = () => {
    for (const o of open) o.pages = o.outlet.build(siteOf(o.outlet, o.origin));
  };
  publish();

  const sources = () =>
    open.map(({ outlet, origin }) => ({ id: outlet.id, name: outlet.name, url: `${origin}/`, ...outlet.entry }));
  return {
    outlets: open.map(({ outlet, origin }) => ({
      id: outlet.id,
      name: outlet.name,
      about: outlet.about,
      url: `${origin}/`,
      host: origin.replace('http://', ''),
      articles: siteOf(outlet, origin).articles.map((a) => ({
        slug: a.slug,
        url: origin + outlet.path(a),
        title: a.title,
        publishedAt: a.publishedAt,
        words: a.words,
        wire: a.wire,
      })),
    })),
    allowHosts: open.map(({ origin }) => origin.replace('http://', '')),
    sources,
    sourcesYaml: () => toYaml(sources()),
    correct: () => {
      correctedAt = now();
      publish();
      const place = open.find((o) => siteOf(o.outlet, o.origin).articles.some((a) => a.updatedAt !== null));
      const article = place && siteOf(place.outlet, place.origin).articles.find((a) => a.updatedAt !== null);
      if (place === undefined || article === undefined) throw new Error('No article of the demo has a correction.');
      return place.origin + place.outlet.path(article);
    },
    trespasses: () =>
      open.flatMap(({ visits, origin, pages }) => {
        const rules = String(pages.get('/robots.txt')?.body ?? '').matchAll(/^Disallow: (\S+)$/gm);
        const forbidden = [...rules].map(([, prefix]) => prefix ?? '/');
        return visits.filter((v) => forbidden.some((prefix) => v.path.startsWith(prefix))).map((v) => origin + v.path);
      }),
    close,
  };
}

function correct(article: Article, at: Date | null): Article {
  return at === null || article.corrected === null ? article : { ...article, ...article.corrected, updatedAt: at };
}

function toYaml(entries: Record<string, string | number>[]): string {
  const lines = entries.map((entry) => Object.entries(entry).map(([key, value]) => `${key}: ${JSON.stringify(value)}`));
  return [
    '# The fictional outlets of the demo. They exist on this machine only, as long as the demo runs.',
    'defaults: { every: 1m, republish: full, delay: 20ms, concurrency: 4 }',
    'sources:',
    ...lines.map((entry) => `  - ${entry.join('\n    ')}`),
    '',
  ].join('\n');
}
