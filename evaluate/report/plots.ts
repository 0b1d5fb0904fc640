import { html, raw } from 'hono/html';
import type { PagePoint } from '../extraction.js';
import { isDev } from '../labelled-set.js';
import { anchorOf, type Html, share } from './page.js';

const WIDTH = 360;
const PLOT = { left: 40, right: 352, top: 10, bottom: 322 };
const SPAN = PLOT.right - PLOT.left;
const TICKS = [0, 0.5, 0.8, 0.9, 0.95, 0.99, 1];

/** Most pages lie close to 1: the axes are stretched there, by the square root of the error. */
const along = (f1: number): number => (1 - Math.sqrt(1 - f1)) * SPAN;
const x = (f1: number): string => (PLOT.left + along(f1)).toFixed(1);
const y = (f1: number): string => (PLOT.bottom - along(f1)).toFixed(1);

/**
 * Each page as a point, plain Readability to the right and ours upwards. Points name their page and lead to its diff
 * where there is one; those of the frozen half stay without a name.
 */
export function scatter(points: readonly PagePoint[], withDiff: ReadonlySet<string>): Html {
  const { left, right, top, bottom } = PLOT;
  const better = points.filter((p) => p.ours > p.plain).length;
  const worse = points.filter((p) => p.ours < p.plain).length;
  return html`<figure><svg viewBox="0 0 ${WIDTH} 360" role="img" aria-label="F1 of each page, ours against plain Readability">
${TICKS.map(
  (t) => html`<path class="axis" d="M${left} ${y(t)}H${right}M${x(t)} ${top}V${bottom}"/>
<text x="${left - 6}" y="${y(t)}" dy=".35em" text-anchor="end">${label(t)}</text>
<text x="${x(t)}" y="${bottom + 14}" text-anchor="middle">${label(t)}</text>`,
)}
<path class="even" d="M${left} ${bottom}L${right} ${top}"/>
<text x="${right}" y="${bottom + 32}" text-anchor="end">F1 of plain Readability →</text>
<text transform="translate(10 ${top}) rotate(-90)" text-anchor="end">F1 of ours →</text>
${points.map((p) => point(p, withDiff))}
</svg><figcaption>Each point is a page. Above the dashed line ours is better: on ${better}; worse on ${worse}, the same on ${points.length - better - worse}. The scale is stretched towards 1.</figcaption></figure>`;
}

function point(page: PagePoint, withDiff: ReadonlySet<string>): Html {
  const name = isDev(page.id) ? page.id : 'a page of the frozen half';
  const says = `${name}: ours ${share(page.ours)}, plain ${share(page.plain)}`;
  const dot = html`<circle class="point" cx="${x(page.plain)}" cy="${y(page.ours)}" r="3.5"><title>${says}</title></circle>`;
  return withDiff.has(anchorOf(page)) ? html`<a href="#${anchorOf(page)}">${dot}</a>` : dot;
}

/** Lower ends of the bars; the last is for pages without any error. */
const BINS = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

/** How many pages have which F1, ours beside plain Readability. */
export function histogram(points: readonly PagePoint[]): Html {
  const bars = { ours: binned(points.map((p) => p.ours)), plain: binned(points.map((p) => p.plain)) };
  const most = Math.max(1, ...bars.ours, ...bars.plain);
  const step = SPAN / BINS.length;
  const bar = (by: 'ours' | 'plain', i: number, offset: number): Html => {
    const count = bars[by][i] ?? 0;
    const height = (count / most) * (PLOT.bottom - PLOT.top - 14);
    const [at, width] = [PLOT.left + i * step + offset, step * 0.4];
    return html`<rect class="${by}" x="${at.toFixed(1)}" y="${(PLOT.bottom - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"><title>${binName(i)}: ${count} by ${by === 'ours' ? by : 'plain Readability'}</title></rect>
${count === 0 ? '' : html`<text x="${(at + width / 2).toFixed(1)}" y="${(PLOT.bottom - height - 4).toFixed(1)}" text-anchor="middle">${count}</text>`}`;
  };
  return html`<figure><svg viewBox="0 0 ${WIDTH} 360" role="img" aria-label="Number of pages by F1">
${BINS.map((_, i) => [
  bar('plain', i, step * 0.08),
  bar('ours', i, step * 0.5),
  html`<text x="${(PLOT.left + (i + 0.5) * step).toFixed(1)}" y="${PLOT.bottom + 14}" text-anchor="middle">${i === BINS.length - 1 ? '1' : `${label(BINS[i] ?? 0)}+`}</text>`,
])}
${raw(`<path class="axis" d="M${PLOT.left} ${PLOT.bottom}H${PLOT.right}"/>`)}
<text x="${PLOT.right}" y="${PLOT.bottom + 32}" text-anchor="end">F1 of a page →</text>
</svg><figcaption><span class="key ours"></span>ours <span class="key"></span>plain Readability; pages by their F1.</figcaption></figure>`;
}

function binned(values: readonly number[]): number[] {
  const counts = BINS.map(() => 0);
  for (const value of values) {
    const bin = BINS.findLastIndex((from) => value >= from);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function binName(i: number): string {
  const [from, to] = [BINS[i] ?? 0, BINS[i + 1]];
  return to === undefined ? 'F1 1' : `F1 ${from} to ${to}`;
}

/** `.95`: the axes have no room for the nought. */
const label = (n: number): string => (n === 0 || n === 1 ? String(n) : String(n).slice(1));
