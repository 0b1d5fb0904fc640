import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { SourcelinkError } from '../../config/errors.js';
import type { Guard } from './guard.js';

/** Where connections are kept: one guarded agent, and one agent for each proxy. */
export type Dispatchers = {
  /** @throws SourcelinkError `FETCH_BAD_URL` when the proxy's URL is none */
  of(proxy: string | null): Dispatcher;
  close(): Promise<void>;
};

/**
 * Connections to a proxy that may close them instead of tunnelling. As a socket's own error that would count as one to
 * recover from, and undici would ask the proxy again without end and without heeding any deadline.
 */
function tunnelPool(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    connect: (request: Dispatcher.ConnectOptions) =>
      connect(request).catch((cause: unknown) => {
        throw new Error('the proxy opens no tunnel', { cause });
      }),
  });
}

/** @param options.ca certificates trusted beside the system's, PEM */
export function createDispatchers(options: { guard: Guard; connectTimeoutMs: number; ca?: string }): Dispatchers {
  const { connectTimeoutMs: timeout } = options;
  const tls = options.ca === undefined ? {} : { ca: options.ca };
  const shared = {
    connectTimeout: timeout,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: 64 * 1024,
  };
  let direct: Agent | null = null;
  const proxies = new Map<string, ProxyAgent>();
  return {
    of(proxy) {
      if (proxy === null) {
        direct ??= new Agent({
          ...shared,
          allowH2: true,
          connect: options.guard.connector({ ...tls, timeout, allowH2: true, autoSelectFamily: true }),
        });
        return direct;
      }
      const had = proxies.get(proxy);
      if (had) return had;
      if (!URL.canParse(proxy)) throw new SourcelinkError('FETCH_BAD_URL', 'the proxy of this source is not a URL');
      // The proxy itself was named by the operator, so its address is free. Plain http goes through it without a tunnel.
      const agent = new ProxyAgent({
        ...shared,
        uri: proxy,
        proxyTunnel: false,
        proxyTls: { ...tls, timeout },
        requestTls: { ...tls, timeout },
        clientFactory: tunnelPool,
      });
      proxies.set(proxy, agent);
      return agent;
    },
    async close() {
      await Promise.all([direct, ...proxies.values()].map((d) => d?.destroy()));
      direct = null;
      proxies.clear();
    },
  };
}
