import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Changes, Heard } from './changes.js';

const MAX_CLIENTS = 500;
const ASK_MS = 2000;
const ALIVE_MS = 25_000;

export type Live = { stream(c: Context): Response; close(): void };

/** Tells open pages that something changed (server-sent events). They reload to see what. */
export function openLive(changes: Changes): Live {
  const open = new Set<() => void>();
  let closed = false;
  let clients = 0;
  let asking: NodeJS.Timeout | null = null;
  const enter = () => {
    clients++;
    // Polls only while somebody listens, to notice what other processes of the site receive.
    asking ??= setInterval(() => void changes.current().catch(() => undefined), ASK_MS).unref();
  };
  const leave = () => {
    clients--;
    if (clients > 0 || asking === null) return;
    clearInterval(asking);
    asking = null;
  };
  return {
    stream(c) {
      if (clients >= MAX_CLIENTS)
        return c.text('Too many connections are open. Try again later.', 503, { 'retry-after': '60' });
      c.header('cache-control', 'no-store');
      c.header('x-accel-buffering', 'no');
      return streamSSE(c, async (stream) => {
        enter();
        const send = ({ count, received }: Heard) =>
          void stream.writeSSE({
            event: 'change',
            id: `${count}`,
            data: JSON.stringify({ count, did: received?.did ?? null, article: received?.id ?? null }),
          });
        const stop = changes.listen(send);
        let timer: NodeJS.Timeout | undefined;
        let end = (): void => undefined;
        try {
          await stream.writeSSE({ event: 'hello', data: '{}', retry: 5000 });
          timer = setInterval(() => void stream.write(': still here\n\n'), ALIVE_MS).unref();
          await new Promise<void>((done) => {
            end = done;
            open.add(end);
            stream.onAbort(done);
            if (closed) done();
          });
        } finally {
          clearInterval(timer);
          open.delete(end);
          stop();
          leave();
        }
      });
    },
    close() {
      closed = true;
      for (const end of open) end();
    },
  };
}
