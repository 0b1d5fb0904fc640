import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { exchange } from '../../../crawlers/net/exchange.js';

/** undici's own answer, given on late: as when this process is busy with other pages. */
function lagging(agent: Agent): Dispatcher {
  const request = async (options: Dispatcher.RequestOptions) => {
    const answer = await agent.request(options);
    await delay(200);
    return answer;
  };
  return { request } as unknown as Dispatcher;
}

describe('a host that hangs up before its answer was read', () => {
  it.each([1000, 65_536, 300_000])('costs neither the process nor one of its %i bytes', async (size) => {
    const host = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', async () => {
        socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n');
        await delay(20);
        socket.write(Buffer.alloc(size, 'a'));
        await delay(50);
        socket.end();
      });
    });
    await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
    const agent = new Agent();
    try {
      const { bytes } = await exchange(new URL(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`), {
        dispatcher: lagging(agent),
        headers: {},
        timeoutMs: 5000,
        maxBytes: 1_000_000,
        beyond: 'refuse',
        wanted: () => true,
      });
      expect(bytes.byteLength).toBe(size);
    } finally {
      await agent.destroy();
      host.close();
    }
  });
});
