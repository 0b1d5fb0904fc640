export type Line = { name: string; requests: number; lags: number[] };

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT] = [760, 420, 64, 46, 58, 24];
const COLOURS = ['#5b6b7b', '#b26a00', '#0b6e4f'];
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240];
const LONGEST = 360;
/** Right of the slowest curve and below it there is room. */
const LEGEND = 400;

/** SVG: the share of articles that were found within so many minutes, a line for each way of planning. */
export function plotLags(lines: Line[], title: string): string {
  const x = (minutes: number): number =>
    LEFT + ((WIDTH - LEFT - RIGHT) * Math.log2(1 + Math.min(LONGEST, minutes))) / Math.log2(1 + LONGEST);
  const y = (share: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - share);
  const text = (px: number, py: number, anchor: string, words: string, more = ''): string =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" text-anchor="${anchor}"${more}>${words}</text>`;
  const grid = [
    ...MINUTES.map(
      (m) =>
        `<path d="M${x(m).toFixed(1)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#e3e6ea"/>${text(x(m), HEIGHT - BOTTOM + 20, 'middle', String(m))}`,
    ),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (s) =>
        `<path d="M${LEFT} ${y(s).toFixed(1)}H${WIDTH - RIGHT}" stroke="${s === 0 ? '#5b6b7b' : '#e3e6ea'}"/>${text(LEFT - 10, y(s) + 5, 'end', `${s * 100} %`)}`,
    ),
  ];
  const curves = lines.map((line, i) => {
    const sorted = Float64Array.from(line.lags).sort();
    const points = Array.from({ length: 101 }, (_, p) => {
      const minutes = (sorted[Math.floor((p / 100) * (sorted.length - 1))] ?? 0) / 60_000;
      return `${x(minutes).toFixed(1)},${y(p / 100).toFixed(1)}`;
    });
    return `<polyline fill="none" stroke="${COLOURS[i]}" stroke-width="2.5" points="${points.join(' ')}"/>`;
  });
  const legend = lines.map((line, i) => {
    const py = HEIGHT - BOTTOM - 16 - 22 * (lines.length - 1 - i);
    const words = `${line.name}: ${line.requests.toLocaleString('en-US')} requests`;
    return `<path d="M${LEGEND} ${py - 5}h26" stroke="${COLOURS[i]}" stroke-width="3"/>${text(LEGEND + 34, py, 'start', words)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="14" fill="#1f2933" role="img">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${text(LEFT, 26, 'start', title, ' font-size="16" font-weight="600"')}
${grid.join('\n')}
${curves.join('\n')}
${legend.join('\n')}
${text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 'middle', 'minutes from publication to discovery')}
</svg>
`;
}
