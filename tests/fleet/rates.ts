import type { Visit } from '../soak/outlets.js';

/** What hosts saw of all processes together. */
export type Rates = {
  requests: number;
  /** Between the arrivals of two requests at one host, in milliseconds. */
  leastMs: number;
  medianMs: number;
  /** The most requests that came to one host within ten seconds. */
  inTenSeconds: number;
  /** The most requests that one host had at the same time. */
  atOnce: number;
  /** Pages that were asked for more than once. */
  askedAgain: number;
};

export function ratesOf(visits: readonly Visit[]): Rates {
  const gaps: number[] = [];
  let [atOnce, inTenSeconds] = [0, 0];
  for (const outlet of new Set(visits.map((v) => v.outlet))) {
    const here = visits.filter((v) => v.outlet === outlet).toSorted((a, b) => a.from - b.from);
    for (const [i, v] of here.entries()) {
      const before = here[i - 1];
      if (before) gaps.push(v.from - before.from);
      const within = here.filter((o) => o.from >= v.from && o.from < v.from + 10_000).length;
      inTenSeconds = Math.max(inTenSeconds, within);
      atOnce = Math.max(atOnce, here.filter((o) => o.from <= v.from && o.to > v.from).length);
    }
  }
  gaps.sort((a, b) => a - b);
  const pages = visits.filter((v) => v.path.endsWith('.html')).map((v) => `${v.outlet}${v.path}`);
  return {
    requests: visits.length,
    leastMs: gaps[0] ?? Number.NaN,
    medianMs: gaps[Math.floor(gaps.length / 2)] ?? Number.NaN,
    inTenSeconds,
    atOnce,
    askedAgain: pages.length - new Set(pages).size,
  };
}
