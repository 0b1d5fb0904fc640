import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { which } from '../tests/setup/servers.js';
import type { Answer, Order, Plan } from './site-process.js';
import { quantile } from './statistics.js';

/** What one kind of page came to; `cpuMs` is of the site's process, for each page. */
export type Load = { medianMs: number; p99Ms: number; perSecond: number; cpuMs: number; failed: number };

const BROWSER = { 'accept-encoding': 'gzip, deflate', accept: 'text/html' };

/** The process of the site, on one core where `taskset` is there. */
export type SiteProcess = {
  url: string;
  ask(order: Order): Promise<Answer>;
  cpuMs(): Promise<number>;
  plans(path: string): Promise<Plan[]>;
  stop(): Promise<void>;
};

/** Starts it, and opens its database. */
export async function startSite(args: string[]): Promise<SiteProcess> {
  const file = fileURLToPath(new URL('./site-process.js', import.meta.url));
  const pinned = which('taskset') !== null && cpus().length > 1 ? ['taskset', '-c', '0'] : [];
  const [command = '', ...rest] = [...pinned, process.execPath, file, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const next = <T>(): Promise<T> =>
    Promise.race([
      once(child, 'message').then(([message]) => message as T),
      ended.then(() => Promise.reject(new Error('the process of the site ended'))),
    ]);
  const ask = async (order: Order): Promise<Answer> => {
    child.send(order);
    return next<Answer>();
  };
  const { url } = await next<{ url: string }>();
  return {
    url,
    ask,
    async cpuMs() {
      const answer = await ask({ do: 'cpu' });
      return 'cpuMs' in answer ? answer.cpuMs : Number.NaN;
    },
    async plans(path) {
      const answer = await ask({ do: 'plans', path });
      return 'plans' in answer ? answer.plans : [];
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Asks for the pages in turn; each connection begins elsewhere in the list, so that no two ask for the same page. */
export async function load(
  site: SiteProcess,
  paths: string[],
  how: { connections: number; amount?: number; duration?: number },
): Promise<Load> {
  const times: number[] = [];
  let started = 0;
  const before = await site.cpuMs();
  const began = performance.now();
  let last = began;
  const result = await new Promise<autocannon.Result>((done, fail) => {
    const options: autocannon.Options = {
      url: site.url,
      headers: BROWSER,
      sampleInt: 100,
      ...how,
      setupClient(client) {
        const from = Math.floor((started++ * paths.length) / how.connections);
        client.setRequests([...paths.slice(from), ...paths.slice(0, from)].map((path) => ({ path })));
      },
    };
    autocannon(options, (error, ended) => (error ? fail(error) : done(ended))).on('response', (_c, _s, _b, ms) => {
      times.push(ms);
      last = performance.now();
    });
  });
  const cpuMs = (await site.cpuMs()) - before;
  return {
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    perSecond: (times.length / (last - began)) * 1000,
    cpuMs: cpuMs / times.length,
    failed: result.non2xx + result.errors,
  };
}

/** Bytes of a page as they are sent. */
export function weight(url: string, encoding: string): Promise<number> {
  return new Promise((done, fail) => {
    request(url, { headers: { 'accept-encoding': encoding } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      answer.on('end', () => done(bytes));
    })
      .on('error', fail)
      .end();
  });
}
