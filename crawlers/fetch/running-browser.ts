import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext } from 'playwright';
import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import type { Source } from '../../config/sources.js';
import { launchChromium } from './chromium.js';
import type { Egress } from './egress.js';
import { watchMemory } from './page-memory.js';

/** One context of the running browser, lent to one page; `broken` says that it must not be lent again. */
export type Lease = { context: BrowserContext; giveBack(broken: boolean): Promise<void> };

/** One Chromium from its start to its end. */
export type RunningBrowser = {
  /** @throws SourcelinkError `FETCH_BROWSER` */
  lend(source: Source): Promise<Lease>;
  /** Pages lent so far, and those that are still open. */
  lent(): number;
  active(): number;
  /** It did not start, crashed or was killed. */
  isGone(): boolean;
  close(): Promise<void>;
};

export type BrowserOptions = {
  executablePath: string;
  userAgent: string;
  limits: Settings['fetch']['browser'];
  log: Logger;
  egressFor(upstream: string | null): Promise<Egress>;
};

const MAX_CONTEXTS = 4;
/** On a busy machine a healthy one takes seconds. */
const CLOSE_MS = 20_000;

type Room = { key: string; context: BrowserContext; pages: number; active: number; retired: boolean };

/** Starts Chromium at once; keeps the cookies and caches of sources apart, and throws them away after some pages. */
export function startBrowser(options: BrowserOptions): RunningBrowser {
  const { limits } = options;
  const rooms = new Map<string, Promise<Room>>();
  let [lent, active, gone] = [0, 0, false];
  let unwatch = (): void => {};
  const end = (): void => {
    gone = true;
    rooms.clear();
    unwatch();
  };
  const started: Promise<Browser> = launchChromium(options.executablePath).then((browser) => {
    browser.on('disconnected', end);
    unwatch = watchMemory(browser, limits.pageMemory, options.log);
    return browser;
  });
  started.catch(end);

  const shut = async (room: Room): Promise<void> => {
    const closed = room.context.close().then(
      () => true,
      () => true,
    );
    if (await Promise.race([closed, delay(CLOSE_MS, false, { ref: false })])) return;
    // A renderer that does not even close takes the browser with it; the next page gets a new one.
    await (await started).close();
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

  const enter = async (source: Source): Promise<Room> => {
    const key = `${source.id} ${source.proxy ?? ''}`;
    if (!rooms.has(key)) await makePlace();
    const opening =
      rooms.get(key) ??
      openContext(started, source, options).then((context) => ({ key, context, pages: 0, active: 0, retired: false }));
    rooms.set(key, opening);
    const room = await opening.catch((error) => {
      if (rooms.get(key) === opening) rooms.delete(key);
      throw error;
    });
    room.active++;
    room.pages++;
    if (room.pages >= limits.pagesPerContext) rooms.delete(key);
    return room;
  };

  return {
    lent: () => lent,
    active: () => active,
    isGone: () => gone,
    async lend(source) {
      lent++;
      active++;
      const room = await enter(source).catch((error) => {
        active--;
        throw error;
      });
      return {
        context: room.context,
        async giveBack(broken) {
          active--;
          room.active--;
          if (broken || room.pages >= limits.pagesPerContext || room.retired) await retire(room);
        },
      };
    },
    async close() {
      end();
      await (await started.catch(() => null))?.close();
    },
  };
}

async function openContext(started: Promise<Browser>, source: Source, options: BrowserOptions) {
  const { server, username, password } = await options.egressFor(source.proxy);
  const context = await (await started).newContext({
    userAgent: options.userAgent,
    locale: source.language ?? 'en-US',
    proxy: { server, username, password },
    serviceWorkers: 'block',
    acceptDownloads: false,
    viewport: { width: 1280, height: 2400 },
  });
  await context.addInitScript(() => {
    // Ways out that pass no proxy, and connections that never end.
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport'])
      Reflect.deleteProperty(globalThis, name);
    // Nobody is there to answer, and each would hold the page until it is.
    Object.assign(globalThis, { alert: () => {}, confirm: () => false, prompt: () => null, print: () => {} });
  });
  await context.routeWebSocket(/.*/, (socket) => socket.close());
  // Each page brings its own rules; what belongs to none, as a window that a script opens, gets nothing.
  await context.route('**/*', (route) => route.abort());
  return context;
}
