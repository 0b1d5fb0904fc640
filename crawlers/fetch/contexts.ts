import type { Source } from '../../config/sources.js';
import type { Guard } from '../net/guard.js';
import { type Egress, openEgress } from './egress.js';
import { type BrowserOptions, type Lease, type RunningBrowser, startBrowser } from './running-browser.js';

export type Contexts = {
  /** @throws SourcelinkError `FETCH_BROWSER` */
  lend(source: Source): Promise<Lease>;
  close(): Promise<void>;
};

/**
 * Contexts of a browser that starts when a page is asked for, again after it crashed, and anew after many pages, since
 * Chromium itself keeps a little of each; it is closed while nobody wants a page.
 */
export function createContexts(options: Omit<BrowserOptions, 'egressFor'> & { guard: Guard }): Contexts {
  const { guard, limits, log } = options;
  const egresses = new Map<string, Promise<Egress>>();
  /** The one that new pages go to, and those that still end their last ones. */
  let current: RunningBrowser | null = null;
  const open = new Set<RunningBrowser>();
  let idle: NodeJS.Timeout | undefined;

  const egressFor = (upstream: string | null): Promise<Egress> => {
    const had = egresses.get(upstream ?? '');
    if (had) return had;
    const opened = openEgress({ guard, upstream });
    egresses.set(upstream ?? '', opened);
    return opened;
  };

  const end = async (browser: RunningBrowser): Promise<void> => {
    if (current === browser) current = null;
    open.delete(browser);
    await browser.close();
  };

  const running = (): RunningBrowser => {
    if (current && (current.isGone() || current.lent() >= limits.pagesPerStart)) {
      const used = current;
      current = null;
      if (used.active() === 0)
        end(used).catch((err) => log.debug({ err }, 'could not close a browser that was due for a restart'));
    }
    current ??= startBrowser({ ...options, egressFor });
    open.add(current);
    return current;
  };

  return {
    async lend(source) {
      clearTimeout(idle);
      const browser = running();
      const lease = await browser.lend(source);
      return {
        context: lease.context,
        async giveBack(broken) {
          await lease.giveBack(broken);
          if (browser.active() > 0) return;
          if (browser !== current) return end(browser);
          clearTimeout(idle);
          idle = setTimeout(() => {
            if (browser.active() === 0)
              end(browser).catch((err) => log.debug({ err }, 'could not close an idle browser'));
          }, limits.idle).unref();
        },
      };
    },
    async close() {
      clearTimeout(idle);
      await Promise.all([...open].map(end));
      for (const e of egresses.values()) await (await e).close();
      egresses.clear();
    },
  };
}
