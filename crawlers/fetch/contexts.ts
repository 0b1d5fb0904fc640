import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext } from 'playwright';
import type { Source } from '../../config/sources.js';
import type { Guard } from '../net/guard.js';
import { launchChromium } from './chromium.js';
import { type Egress, openEgress } from './egress.js';

/** One context of the running browser, lent to one page; `broken` says that it must not be lent again. */
export type Lease = { context: BrowserContext; giveBack(broken: boolean): Promise<void> };

export type Contexts = {
  /** @throws SourcelinkError `FETCH_BROWSER` */
  lend(source: Source): Promise<Lease>;
  close(): Promise<void>;
};

/** Pages of one source share scripts in a cache, but what sites leave behind is thrown away after so many. */
const PAGES_PER_CONTEXT = 40;
const MAX_CONTEXTS = 4;
const CLOSE_MS = 5000;

type Room = { key: string; context: BrowserContext; pages: number; active: number; retired: boolean };

/** Starts the browser when a page is asked for, and again after it crashed; keeps the cookies and caches of sources apart. */
export function createContexts(options: { executablePath: string; userAgent: string; guard: Guard }): Contexts {
  const { executablePath, userAgent, guard } = options;
  let browser: Promise<Browser> | null = null;
  const rooms = new Map<string, Promise<Room>>();
  const egresses = new Map<string, Promise<Egress>>();

  const running = (): Promise<Browser> => {
    if (browser) return browser;
    const started = launchChromium(executablePath);
    const gone = (): void => {
      if (browser !== started) return;
      browser = null;
      rooms.clear();
    };
    started.then((b) => b.on('disconnected', gone), gone);
    browser = started;
    return started;
  };

  const egressFor = (upstream: string | null): Promise<Egress> => {
    const had = egresses.get(upstream ?? '');
    if (had) return had;
    const opened = openEgress({ guard, upstream });
    egresses.set(upstream ?? '', opened);
    return opened;
  };

  const open = async (key: string, source: Source): Promise<Room> => {
    const { server, username, password } = await egressFor(source.proxy);
    const context = await (await running()).newContext({
      userAgent,
      locale: source.language ?? 'en-US',
      proxy: { server, username, password },
      serviceWorkers: 'block',
      acceptDownloads: false,
      viewport: { width: 1280, height: 2400 },
    });
    // Ways out that pass no proxy, and connections that never end.
    await context.addInitScript(() => {
      for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport'])
        Reflect.deleteProperty(globalThis, name);
    });
    await context.routeWebSocket(/.*/, (socket) => socket.close());
    // Each page brings its own rules; what belongs to none, as a window that a script opens, gets nothing.
    await context.route('**/*', (route) => route.abort());
    return { key, context, pages: 0, active: 0, retired: false };
  };

  const shut = async (room: Room): Promise<void> => {
    const closed = room.context.close().then(
      () => true,
      () => true,
    );
    if (await Promise.race([closed, delay(CLOSE_MS, false, { ref: false })])) return;
    // A renderer that does not even close takes the browser with it; the next page gets a new one.
    await (await browser)?.close();
  };

  const retire = async (room: Room): Promise<void> => {
    room.retired = true;
    rooms.delete(room.key);
    if (room.active === 0) await shut(room);
  };

  const makePlace = async (): Promise<void> => {
    for (const opening of [...rooms.values()]) {
      if (rooms.size < MAX_CONTEXTS) return;
      const room = await opening.catch(() => null);
      if (room?.active === 0) await retire(room);
    }
  };

  return {
    async lend(source) {
      const key = `${source.id} ${source.proxy ?? ''}`;
      if (!rooms.has(key)) await makePlace();
      const opening = rooms.get(key) ?? open(key, source);
      rooms.set(key, opening);
      const room = await opening.catch((error) => {
        if (rooms.get(key) === opening) rooms.delete(key);
        throw error;
      });
      room.active++;
      room.pages++;
      if (room.pages >= PAGES_PER_CONTEXT) rooms.delete(key);
      return {
        context: room.context,
        async giveBack(broken) {
          room.active--;
          if (broken || room.pages >= PAGES_PER_CONTEXT || room.retired) await retire(room);
        },
      };
    },
    async close() {
      rooms.clear();
      const b = browser;
      browser = null;
      await (await b?.catch(() => null))?.close();
      for (const e of egresses.values()) await (await e).close();
      egresses.clear();
    },
  };
}
