import { randomBytes } from 'node:crypto';
import type { lookup } from 'node:dns';
import { Agent } from 'node:http';
import { RequestError, Server } from 'proxy-chain';
import { messageOf } from '../../config/errors.js';
import type { Guard } from '../net/guard.js';

/** A proxy on loopback that is the browser's only way out. */
export type Egress = { server: string; username: string; password: string; close(): Promise<void> };

/**
 * Opens the browser's way out: each connection is judged by the guard, by name when it is asked for and by address when it
 * is made, so that neither a script nor DNS rebinding reaches a private network from inside the browser.
 * @param options.upstream the source's own proxy, which then looks names up
 */
export async function openEgress(options: { guard: Guard; upstream: string | null }): Promise<Egress> {
  const { guard, upstream } = options;
  // Without it any process of this machine could use the hosts that are allowed to us.
  const password = randomBytes(24).toString('base64url');
  const httpAgent = new Agent({ keepAlive: true });
  const proxy = new Server({
    host: '127.0.0.1',
    port: 0,
    prepareRequestFunction: (request) => {
      if (request.password !== password) return { requestAuthentication: true };
      const hostname = request.hostname.includes(':')
        ? `[${request.hostname.replace(/^\[|\]$/g, '')}]`
        : request.hostname;
      try {
        guard.check(`${request.isHttp ? 'http' : 'https'}://${hostname}:${request.port}/`, {
          proxied: upstream !== null,
        });
      } catch (error) {
        throw new RequestError(messageOf(error), 403);
      }
      if (upstream !== null) return { upstreamProxyUrl: upstream };
      // Typed as Node's own function, of which only the call is used.
      return { dnsLookup: guard.lookupFor(hostname, request.port) as typeof lookup, httpAgent };
    },
  });
  await proxy.listen();
  return {
    server: `http://127.0.0.1:${proxy.port}`,
    username: 'sourcelink',
    password,
    async close() {
      await proxy.close(true);
      httpAgent.destroy();
    },
  };
}
