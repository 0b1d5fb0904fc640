import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright';
import { messageOf } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';

const LOOK_MS = 500;
/** What a renderer's memory is counted in on Linux. */
const MEMORY_PAGE = 4096;

/**
 * Ends the process of a page that takes more than `limit` bytes, which its page sees as a crash: V8's own limit does not
 * count what stands outside of its heap. Looks only where `/proc` tells. @returns what ends it
 */
export function watchMemory(browser: Browser, limit: number, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = process.platform !== 'linux';
  const watch = async (): Promise<void> => {
    const devtools = await browser.newBrowserCDPSession();
    while (!ended) {
      const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
      for (const { id, type } of processInfo) if (type === 'renderer') await endIfLarge(id, limit, log);
      await new Promise<void>((go) => {
        timer = setTimeout(go, LOOK_MS).unref();
      });
    }
  };
  watch().catch((error) => {
    if (!ended) log.debug({ err: messageOf(error) }, 'page memory can no longer be measured');
  });
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function endIfLarge(pid: number, limit: number, log: Logger): Promise<void> {
  const [, resident = '0', shared = '0'] = (await readFile(`/proc/${pid}/statm`, 'latin1').catch(() => '')).split(' ');
  const own = (Number(resident) - Number(shared)) * MEMORY_PAGE;
  if (!(own > limit)) return;
  log.warn({ pid, megabytes: Math.round(own / 2 ** 20) }, 'closed a browser page that used too much memory');
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}
