import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { seeded } from '../faults/outlets.js';
import { LISTED, type OpenOutlets } from '../soak/outlets.js';
import { type Outlet, titleOf } from '../soak/world.js';

const MINUTE_MS = 60_000;

export type WorldOptions = {
  outlets: number;
  /** Of each outlet; a quarter of them is published after the first visit. */
  articlesEach: number;
  /** Between two requests to one host. */
  delayMs: number;
  seed: number;
};

/** Outlets whose articles are mostly there from the beginning; a quarter is published after the first visits. */
export function worldOf({ outlets, articlesEach, seed }: WorldOptions): Outlet[] {
  if (articlesEach > LISTED) throw new Error(`an outlet lists ${LISTED} articles, not ${articlesEach}`);
  const random = seeded(seed);
  const now = Date.now();
  let text = 0;
  return Array.from({ length: outlets }, (_, o) => ({
    id: `outlet-${o}`,
    every: '45s',
    everyMostMs: 45_000,
    trouble: null,
    pieces: Array.from({ length: articlesEach }, (_, i) => {
      const late = i >= articlesEach * 0.75;
      const at = late ? now + random() * 0.5 * MINUTE_MS : now - (i + random()) * MINUTE_MS;
      text++;
      return { path: `/${i}-report.html`, title: titleOf(text), at, correctedAt: null, goneAt: null, text };
    }),
  }));
}

/** One request at a time to each outlet. */
export function writeConfig(dir: string, outlets: OpenOutlets, options: WorldOptions, hookUrl: string): void {
  mkdirSync(join(dir, 'config'), { recursive: true });
  const defaults = { render: 'never', republish: 'full', concurrency: 1, delay: `${options.delayMs}ms` };
  writeFileSync(join(dir, 'config', 'sources.yaml'), stringify({ defaults, sources: outlets.sources }));
  const secrets = [`whsec_${Buffer.from('a secret of the fleet and of nothing else').toString('base64')}`];
  const settings = {
    userAgent: 'Sourcelink-fleet/0.1 (+https://example.org/bot)',
    fetch: { allowHosts: outlets.hosts, timeout: '2s', connectTimeout: '1s', retryDelay: '500ms' },
    extract: { threads: 1 },
    publish: {
      sinks: {
        articles: { type: 'queue' },
        feed: { type: 'feed', items: options.outlets * options.articlesEach },
        hook: { type: 'webhook', url: hookUrl, secrets, allowPrivateAddress: true },
      },
    },
  };
  writeFileSync(join(dir, 'config', 'sourcelink.yaml'), stringify(settings));
}
