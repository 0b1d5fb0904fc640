import type { Hour } from '../../ledger/read/plots.js';
import { span } from '../../text/elapsed.js';

const WIDTH = 640;
const HEIGHT = 170;
const ROOM = { top: 12, right: 8, bottom: 24, left: 64 };
const PLOT = { width: WIDTH - ROOM.left - ROOM.right, height: HEIGHT - ROOM.top - ROOM.bottom };

/** The smallest round number from `n` up whose half is whole: 2, 4, 10, 20, 40, 100, … */
export function roundUp(n: number): number {
  if (n <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 4, 10].map((f) => f * power).find((top) => top >= n) ?? n;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The axes: hours below, values on the left. */
function Frame(props: {
  hours: Hour[];
  top: number;
  shown: (value: number) => string;
  title: string;
  children: unknown;
}) {
  const { hours, top, shown, title, children } = props;
  const step = PLOT.width / hours.length;
  const y = (value: number) => ROOM.top + PLOT.height * (1 - value / top);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
      {[0, top / 2, top].map((value) => (
        <g class="grid">
          <line x1={ROOM.left} x2={WIDTH - ROOM.right} y1={y(value)} y2={y(value)} />
          <text x={ROOM.left - 6} y={y(value) + 4} text-anchor="end">
            {shown(value)}
          </text>
        </g>
      ))}
      {hours.map((h, i) =>
        h.at.getUTCHours() % 12 === 0 ? (
          <text class="grid" x={ROOM.left + i * step} y={HEIGHT - 6} text-anchor="middle">
            {h.at.getUTCHours() === 0 ? `${h.at.getUTCDate()} ${MONTHS[h.at.getUTCMonth()]}` : '12:00'}
          </text>
        ) : null,
      )}
      {children}
    </svg>
  );
}

/** Articles per hour as bars. */
export function ArticlesPlot({ hours }: { hours: Hour[] }) {
  const top = roundUp(Math.max(...hours.map((h) => h.articles)));
  const step = PLOT.width / hours.length;
  const total = hours.reduce((sum, h) => sum + h.articles, 0);
  return (
    <Frame
      hours={hours}
      top={top}
      shown={(v) => String(v)}
      title={`Articles per hour: ${total} in ${hours.length} hours.`}
    >
      {hours.map((h, i) => {
        const height = (PLOT.height * h.articles) / top;
        return height === 0 ? null : (
          <rect
            class="column"
            x={ROOM.left + i * step + 1}
            y={ROOM.top + PLOT.height - height}
            width={Math.max(1, step - 2)}
            height={height}
          >
            <title>{`${h.at.toISOString().slice(0, 13).replace('T', ' ')}:00Z: ${h.articles}`}</title>
          </rect>
        );
      })}
    </Frame>
  );
}

/** The median lag of each hour as a line, interrupted where an hour has no measurement. */
export function LagPlot({ hours }: { hours: Hour[] }) {
  const known = hours.flatMap((h) => h.lagSeconds ?? []);
  const top = Math.max(10, roundUp(Math.max(0, ...known) / 60)) * 60;
  const step = PLOT.width / hours.length;
  const x = (i: number) => ROOM.left + (i + 0.5) * step;
  const y = (value: number) => ROOM.top + PLOT.height * (1 - value / top);
  const path = hours.map((h, i) => {
    if (h.lagSeconds === null) return '';
    return `${(hours[i - 1]?.lagSeconds ?? null) === null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(h.lagSeconds).toFixed(1)}`;
  });
  const title =
    known.length === 0 ? 'Median lag: not measured yet.' : 'Median lag from publication to discovery, for each hour.';
  return (
    <Frame hours={hours} top={top} shown={(v) => (v === 0 ? '0' : span(v * 1000))} title={title}>
      <path class="line" d={path.join('')} />
      {hours.map((h, i) =>
        h.lagSeconds === null ? null : (
          <circle class="dot" cx={x(i)} cy={y(h.lagSeconds)} r="2.5">
            <title>{`${h.at.toISOString().slice(0, 13).replace('T', ' ')}:00Z: ${span(h.lagSeconds * 1000)}`}</title>
          </circle>
        ),
      )}
    </Frame>
  );
}
