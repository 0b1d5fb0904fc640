import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { SourcelinkError } from '../../config/errors.js';

/** Layers of compression that are undone; more is an attack. */
const MAX_LAYERS = 3;
const CHUNK = { chunkSize: 64 * 1024 };

/** Compressed bodies up to this are unpacked in one call, which costs half of what a stream does and blocks for some milliseconds at most. */
const AT_ONCE_BYTES = 256 * 1024;

type AtOnce = (bytes: Buffer, options: zlib.ZlibOptions & zlib.BrotliOptions) => Buffer;
type Decoder = {
  stream: (head: Uint8Array | undefined) => Transform;
  atOnce: AtOnce | null;
};

/** `deflate` is sent in two forms, with and without the zlib header, which the first byte tells apart. */
const hasZlibHeader = (head: Uint8Array | undefined): boolean => ((head?.[0] ?? 0) & 0x0f) === 8;

const gzip: Decoder = { stream: () => zlib.createGunzip(CHUNK), atOnce: zlib.gunzipSync };
// A map, as hosts name them: of a plain object `constructor` would be one.
const DECODERS = new Map<string, Decoder>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['br', { stream: () => zlib.createBrotliDecompress(CHUNK), atOnce: zlib.brotliDecompressSync }],
  [
    'deflate',
    {
      stream: (head) => (hasZlibHeader(head) ? zlib.createInflate(CHUNK) : zlib.createInflateRaw(CHUNK)),
      atOnce: (bytes, options) => (hasZlibHeader(bytes) ? zlib.inflateSync : zlib.inflateRawSync)(bytes, options),
    },
  ],
]);

// Not in Node 20, in 22.15 and later.
const createZstd = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
if (createZstd) DECODERS.set('zstd', { stream: createZstd, atOnce: null });

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
  const held: Uint8Array[] = [];
  let size = 0;
  let next = await source.next();
  for (; !next.done && size <= AT_ONCE_BYTES; next = await source.next()) {
    held.push(next.value);
    size += next.value.length;
  }
  // Nothing at all is no broken gzip.
  if (size === 0) return new Uint8Array();
  const atOnce = layers.length === 1 && limits.beyond === 'refuse' ? DECODERS.get(layers[0] ?? '')?.atOnce : null;
  if (next.done && atOnce) return unpackAtOnce(Buffer.concat(held), atOnce, limits);
  const rest = async function* () {
    yield* held;
    for (; !next.done; next = await source.next()) yield next.value;
  };
  const streams: Readable[] = [Readable.from(rest(), { objectMode: false })];
  for (const one of layers) {
    const stream = DECODERS.get(one)?.stream(held[0]);
    if (!stream) throw unknownEncoding(one, limits.url);
    // Hands an error on in both directions. The reader of the last one sees it, so it is not awaited here.
    pipeline(streams.at(-1) ?? body, stream).catch(() => {});
    streams.push(stream);
  }
  try {
    return await collect(streams.at(-1) ?? body, limits);
  } finally {
    for (const s of streams) s.destroy();
    body.destroy();
  }
}

function unpackAtOnce(bytes: Buffer, decode: AtOnce, { url, maxBytes }: BodyLimits): Uint8Array {
  try {
    return decode(bytes, { ...CHUNK, maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(url, maxBytes);
    throw error;
  }
}

function unknownEncoding(layer: string, url: string): SourcelinkError {
  const text = `${url} is compressed as ${layer.slice(0, 40)}, which was not asked for`;
  return new SourcelinkError('FETCH_BAD_ENCODING', text);
}

function tooLarge(url: string, maxBytes: number): SourcelinkError {
  return new SourcelinkError('FETCH_TOO_LARGE', `${url} has more than ${maxBytes} bytes`);
}

async function collect(stream: Readable, limits: BodyLimits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= limits.maxBytes) chunks.push(chunk);
    else if (limits.beyond === 'refuse') throw tooLarge(limits.url, limits.maxBytes);
    else {
      chunks.push(chunk.subarray(0, chunk.length - (size - limits.maxBytes)));
      break;
    }
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
