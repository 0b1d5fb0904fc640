import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { Settings } from '../../../config/settings.js';
import { type Client, createClient } from '../../../crawlers/net/client.js';
import { createHostGate } from '../../../crawlers/net/politeness.js';

describe('a proxy that closes the connection instead of tunnelling', () => {
  let asked = 0;
  const proxy = createServer().on('connect', (_request, socket) => {
    asked++;
    socket.destroy();
  });
  let client: Client | null = null;
  afterEach(async () => {
    await client?.close();
    proxy.close();
  });

  it('is given up at once, not asked without end', async () => {
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const address = proxy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    client = createClient({
      settings: Settings.parse({}),
      gate: createHostGate(),
      robots: { get: async () => null, set: async () => undefined },
      log: createLogger('silent'),
    });
    const request = client.fetch({ url: 'https://herald.example/', proxy: `http://127.0.0.1:${port}` });
    await expect(request).rejects.toMatchObject({ code: 'FETCH_CONNECT' });
    expect(asked).toBeLessThanOrEqual(2);
  });
});
