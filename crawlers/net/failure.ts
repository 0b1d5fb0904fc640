import { type ErrorCode, SourcelinkError } from '../../config/errors.js';

const DNS = /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EBADNAME)/;
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|UND_ERR_PRX_TLS)/;
const BROKEN =
  /^(Z_|ERR__?ZLIB|ERR_BROTLI|ERR_ZSTD|UND_ERR_RES_CONTENT_LENGTH|UND_ERR_RES_EXCEEDED|ERR_STREAM_PREMATURE|ERR__ERROR_FORMAT|ERR_PADDING)/;
const TIMEOUT = /^(UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ETIMEDOUT)/;

/** What a failed exchange with a host means for us. Errors of our own pass as they are. */
export function fetchFailure(url: string, error: unknown): SourcelinkError {
  const known = ownError(error);
  if (known) {
    // A name that leads to a private address is all that the look-up knew.
    if (known.code !== 'FETCH_BLOCKED_ADDRESS' || known.message.includes(url)) return known;
    return new SourcelinkError(known.code, `${url}: ${known.message}`, { cause: known });
  }
  const code = codesOf(error);
  const make = (ours: ErrorCode, text: string) => new SourcelinkError(ours, `${url}: ${text}`, { cause: error });
  if (code.some((c) => DNS.test(c))) return make('FETCH_DNS', 'the host name does not resolve');
  if (code.some((c) => TLS.test(c))) return make('FETCH_TLS', 'a secure connection could not be established');
  if (code.some((c) => BROKEN.test(c))) return make('FETCH_BAD_ENCODING', 'the response is damaged or incomplete');
  if (code.includes('UND_ERR_CONNECT_TIMEOUT'))
    return make('FETCH_CONNECT', 'the connection could not be opened in time');
  if (code.some((c) => TIMEOUT.test(c))) return make('FETCH_TIMEOUT', 'the server did not answer in time');
  if (code.includes('UND_ERR_HEADERS_OVERFLOW'))
    return make('FETCH_TOO_LARGE', 'the headers of the answer are too large');
  if (code.some((c) => c.startsWith('HPE_'))) return make('FETCH_CONNECT', 'what answers is no web server');
  return make('FETCH_CONNECT', 'no connection');
}

const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ERR_HTTP2_STREAM_CANCEL', 'ERR_HTTP2_STREAM_ERROR']);

/** Whether a kept connection, or a stream of one (RFC 9113, 8.7), was closed under our hands, so that the same request is due once more. */
export function wasClosedByHost(error: unknown): boolean {
  return codesOf(error).some((c) => CLOSED.has(c));
}

function ownError(error: unknown): SourcelinkError | null {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 4; e = e.cause, depth++)
    if (e instanceof SourcelinkError) return e;
  return null;
}

/** The codes of an error, its causes and, when several addresses were tried, of each try. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const tries = error instanceof AggregateError ? error.errors.flatMap((e) => codesOf(e, depth + 1)) : [];
  return [...code, ...tries, ...codesOf(error.cause, depth + 1)];
}
