import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { SourcelinkError } from '../../config/errors.js';

/** Layers of compression that are undone; more is an attack. */
const MAX_LAYERS = 3;
const CHUNK = { chunkSize: 64 * 1024 };

// Not in Node 20, in 22.15 and later.
const createZstd = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;

/** The `Accept-Encoding` that `readBody` can undo on this Node. */
export const ACCEPT_ENCODING = createZstd ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';

export type BodyLimits = {
  url: string;
  maxBytes: number;
  /** `refuse` throws when more comes; `cut` keeps the beginning. */
  beyond: 'refuse' | 'cut';
  /** The bytes may be a gzip file by themselves, as `sitemap.xml.gz` is. */
  unpackFile?: boolean;
};

/**
 * Reads a body to its end while undoing its compression, and stops as soon as it grows beyond the limit, so that a gzip
 * bomb costs no more memory than a page.
 * @throws SourcelinkError `FETCH_TOO_LARGE`, `FETCH_BAD_ENCODING`; errors of the stream as they are
 */
export async function readBody(body: Readable, encoding: string | undefined, limits: BodyLimits): Promise<Uint8Array> {
  const layers = layersOf(encoding, limits.url);
  const bytes = await (layers.length === 0 ? collect(body, limits) : unpack(body, layers, limits));
  if (!limits.unpackFile || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return unpack(Readable.from([bytes]), ['gzip'], limits);
}

/** The compressions in the order in which they are undone. */
function layersOf(encoding: string | undefined, url: string): string[] {
  const layers = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((l) => l.trim())
    .filter((l) => l !== '' && l !== 'identity' && l !== 'none');
  if (layers.length > MAX_LAYERS)
    throw new SourcelinkError('FETCH_BAD_ENCODING', `${url} is compressed ${layers.length} times over`, {
      retryable: false,
    });
  return layers.reverse();
}

async function unpack(body: Readable, layers: string[], limits: BodyLimits): Promise<Uint8Array> {
  const source: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const head = await source.next();
  // Nothing at all is no broken gzip, and `deflate` is sent in two forms, which the first byte tells apart.
  if (head.done) return new Uint8Array();
  const rest = async function* () {
    yield head.value;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  };
  const streams: Readable[] = [Readable.from(rest(), { objectMode: false })];
  for (const layer of layers) {
    const next = decoder(layer, head.value, limits.url);
    // Hands an error on in both directions. The reader of the last one sees it, so it is not awaited here.
    pipeline(streams.at(-1) ?? body, next).catch(() => {});
    streams.push(next);
  }
  try {
    return await collect(streams.at(-1) ?? body, limits);
  } finally {
    for (const s of streams) s.destroy();
    body.destroy();
  }
}

async function collect(stream: Readable, limits: BodyLimits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= limits.maxBytes) chunks.push(chunk);
    else if (limits.beyond === 'refuse')
      throw new SourcelinkError('FETCH_TOO_LARGE', `${limits.url} has more than ${limits.maxBytes} bytes`);
    else {
      chunks.push(chunk.subarray(0, chunk.length - (size - limits.maxBytes)));
      break;
    }
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function decoder(layer: string, head: Uint8Array, url: string): Transform {
  switch (layer) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(CHUNK);
    case 'br':
      return zlib.createBrotliDecompress(CHUNK);
    case 'deflate':
      return ((head[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(CHUNK) : zlib.createInflateRaw(CHUNK);
    case 'zstd':
      if (createZstd) return createZstd();
  }
  throw new SourcelinkError(
    'FETCH_BAD_ENCODING',
    `${url} is compressed as ${layer.slice(0, 40)}, which was not asked for`,
  );
}
