import type { Visit } from '../soak/outlets.js';
import type { Asked } from './processes.js';

/** What hosts saw of all processes together. */
export type Rates = {
  requests: number;
  /** Between the beginnings of two requests to one host, as the processes tell, in milliseconds. */
  minMs: number;
  medianMs: number;
  /** The most requests that came to one host within ten seconds. */
  inTenSeconds: number;
  /** The most requests that one host had at the same time. */
  atOnce: number;
  /** Pages that were asked for more than once. */
  askedAgain: number;
};

export function ratesOf(visits: readonly Visit[], asked: readonly Asked[]): Rates {
  let [atOnce, inTenSeconds] = [0, 0];
  for (const outlet of new Set(visits.map((v) => v.outlet))) {
    const here = visits.filter((v) => v.outlet === outlet).toSorted((a, b) => a.from - b.from);
    for (const v of here) {
      const within = here.filter((o) => o.from >= v.from && o.from < v.from + 10_000).length;
      inTenSeconds = Math.max(inTenSeconds, within);
      atOnce = Math.max(atOnce, here.filter((o) => o.from <= v.from && o.to > v.from).length);
    }
  }
  const gaps = gapsOf(asked);
  const pages = visits.filter((v) => v.path.endsWith('.html')).map((v) => `${v.outlet}${v.path}`);
  return {
    requests: visits.length,
    minMs: gaps[0] ?? Number.NaN,
    medianMs: gaps[Math.floor(gaps.length / 2)] ?? Number.NaN,
    inTenSeconds,
    atOnce,
    askedAgain: pages.length - new Set(pages).size,
  };
}

/** Ascending. When a request arrives says less of when it began, where the host itself is busy. */
function gapsOf(asked: readonly Asked[]): number[] {
  const last = new Map<string, number>();
  const gaps: number[] = [];
  for (const { host, at } of asked.toSorted((a, b) => a.at - b.at)) {
    const before = last.get(host);
    if (before !== undefined) gaps.push(at - before);
    last.set(host, at);
  }
  return gaps.sort((a, b) => a - b);
}
