import { deflateSync } from 'node:zlib';
import { crc32 } from './crc32.js';

export const PICTURE_WIDTH = 1200;
export const PICTURE_HEIGHT = 675;

type Colour = readonly [number, number, number];

/** Sky above, sky below, sun, far hills, middle hills, near hills. */
const PALETTES: readonly (readonly Colour[])[] = [
  [
    [38, 70, 120],
    [244, 196, 150],
    [255, 236, 200],
    [122, 120, 150],
    [74, 84, 120],
    [32, 44, 70],
  ],
  [
    [120, 176, 210],
    [232, 240, 238],
    [255, 250, 230],
    [140, 170, 160],
    [84, 126, 112],
    [40, 74, 66],
  ],
  [
    [70, 40, 76],
    [236, 128, 98],
    [255, 214, 150],
    [134, 70, 96],
    [88, 44, 76],
    [40, 22, 44],
  ],
  [
    [170, 196, 204],
    [240, 236, 226],
    [255, 255, 255],
    [168, 176, 178],
    [116, 130, 136],
    [62, 78, 86],
  ],
  [
    [24, 52, 66],
    [92, 158, 158],
    [214, 240, 226],
    [46, 98, 108],
    [30, 70, 82],
    [14, 38, 48],
  ],
];
const STEPS = 48;

/** A calm landscape in PNG, the same for the same seed: enough of a photograph for a page that needs one. */
export function drawPicture(seed: string): Buffer {
  const random = generator(seed);
  const palette = PALETTES[Math.floor(random() * PALETTES.length)] ?? PALETTES[0]!;
  const colour = (i: number): Colour => palette[i] ?? [0, 0, 0];
  const [sunX, sunY, sunR] = [150 + random() * 900, 130 + random() * 170, 36 + random() * 34];
  const steep = 0.15 + random() * 0.85;
  const hills = [0, 1, 2].map((i) => ({
    base: 340 + i * 100 + random() * 40,
    waves: [1, 1.7, 3.1].map((n) => ({
      size: ((70 - i * 14) / n) * steep,
      length: (900 - i * 210 + random() * 200) / n,
      shift: random() * 9,
    })),
  }));
  const heightAt = (hill: (typeof hills)[number], x: number) =>
    hill.base + hill.waves.reduce((y, w) => y + Math.sin((x / w.length) * 6.283 + w.shift) * w.size, 0);
  const tops = hills.map((hill) => Array.from({ length: PICTURE_WIDTH }, (_, x) => heightAt(hill, x)));

  const rows = Buffer.alloc((PICTURE_WIDTH + 1) * PICTURE_HEIGHT);
  for (let y = 0; y < PICTURE_HEIGHT; y++) {
    const start = y * (PICTURE_WIDTH + 1) + 1;
    rows.fill(Math.min(STEPS - 1, Math.floor((y / 480) * STEPS)), start, start + PICTURE_WIDTH);
    const half = Math.sqrt(Math.max(0, sunR ** 2 - (y - sunY) ** 2));
    rows.fill(STEPS, start + Math.round(sunX - half), start + Math.round(sunX + half));
  }
  for (const [i, top] of tops.entries())
    for (const [x, from] of top.entries())
      for (let y = Math.max(0, Math.ceil(from)); y < PICTURE_HEIGHT; y++)
        rows[y * (PICTURE_WIDTH + 1) + 1 + x] = STEPS + 1 + i;
  const sky = Array.from({ length: STEPS }, (_, i) =>
    colour(0).map((c, n) => c + (((colour(1)[n] ?? 0) - c) * i) / STEPS),
  );
  return encode(rows, [...sky, colour(2), colour(3), colour(4), colour(5)].flat());
}

/** PNG (ISO/IEC 15948) with a palette. */
function encode(rows: Buffer, palette: number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(PICTURE_WIDTH, 0);
  header.writeUInt32BE(PICTURE_HEIGHT, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.map(Math.round))),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Mulberry32 over a hash of the seed: the same picture on every machine. */
function generator(seed: string): () => number {
  let state = crc32(Buffer.from(seed));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
