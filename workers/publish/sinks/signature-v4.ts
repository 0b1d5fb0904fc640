import { createHash, createHmac } from 'node:crypto';

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };

/**
 * The headers that sign a request after AWS Signature Version 4 (header form, the whole body hashed), those given included.
 * @param options.at when it is sent; services refuse what is more than 15 minutes off
 */
export function signV4(
  request: { method: string; url: string; headers?: Record<string, string>; body?: string | Uint8Array },
  options: AwsCredentials & { region: string; service: string; at: Date },
): Record<string, string> {
  const url = new URL(request.url);
  const stamp = options.at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [stamp.slice(0, 8), options.region, options.service, 'aws4_request'];
  const bodyHash = sha256(request.body ?? '');
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': stamp,
    ...(options.sessionToken ? { 'x-amz-security-token': options.sessionToken } : {}),
  };
  const signing = Object.entries({ ...headers, host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signing.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    encodePath(url.pathname),
    canonicalQuery(url),
    signing.map(([name, value]) => `${name}:${value}\n`).join(''),
    names,
    bodyHash,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((k, part) => hmac(k, part), `AWS4${options.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const credential = `${options.accessKeyId}/${scope.join('/')}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Everything but unreserved characters percent-encoded once (S3 does not encode a path twice). */
const encodePath = (path: string): string =>
  path
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/');

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
