import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArticleMessage } from '../../../../contract/contract.js';
import { createSinkHttp } from '../../../../workers/publish/sinks/http.js';
import { createS3Sink } from '../../../../workers/publish/sinks/s3.js';
import { signV4 } from '../../../../workers/publish/sinks/signature-v4.js';
import { outgoing, retraction } from '../../../setup/outgoing.js';

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const AT = new Date('2013-05-24T00:00:00Z');

/** Whether a request is signed as AWS describes it, from what arrived: written apart from what signs. */
function isSigned(request: IncomingMessage, body: Buffer, secret: string): boolean {
  const [, day = '', region = '', service = '', names = '', signature = ''] =
    /Credential=[^/]+\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const hash = createHash('sha256').update(body).digest('hex');
  if (request.headers['x-amz-content-sha256'] !== hash) return false;
  const headers = names.split(';').map((n) => `${n}:${request.headers[n]}\n`);
  const canonical = `${request.method}\n${request.url}\n\n${headers.join('')}\n${names}\n${hash}`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  const toSign = `AWS4-HMAC-SHA256\n${request.headers['x-amz-date']}\n${day}/${region}/${service}/aws4_request\n${digest}`;
  return createHmac('sha256', key).update(toSign).digest('hex') === signature;
}

describe('AWS Signature Version 4', () => {
  const sign = (method: string, url: string, headers: Record<string, string> = {}, body = '') =>
    signV4({ method, url, headers, body }, { ...KEYS, region: 'us-east-1', service: 's3', at: AT })['authorization'];

  it.each([
    [
      'GET Object',
      'GET',
      '/test.txt',
      { range: 'bytes=0-9' },
      '',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      ...(['PUT Object', 'PUT', '/test$file.text'] as const),
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      ...(['Welcome to Amazon S3.', '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'] as const),
    ],
    [
      'GET Bucket Lifecycle',
      'GET',
      '/?lifecycle',
      {},
      '',
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'List Objects',
      'GET',
      '/?max-keys=2&prefix=J',
      {},
      '',
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ] as const)('signs the example "%s" of its documentation', (_, method, path, headers, body, signature) => {
    const signed = sign(method, `https://examplebucket.s3.amazonaws.com${path}`, headers, body);
    expect(signed).toMatch(new RegExp(`Signature=${signature}$`));
  });
});

describe('S3 sink', () => {
  let server: Server;
  let url: string;
  let objects: Map<string, string>;
  let answer: { status: number; body?: string } | null;

  beforeEach(async () => {
    objects = new Map();
    answer = null;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (c) => chunks.push(c));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        if (answer) return void response.writeHead(answer.status).end(answer.body);
        if (!isSigned(request, body, KEYS.secretAccessKey))
          return void response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
        objects.set(request.url ?? '', body.toString());
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/wire`;
  });
  afterEach(() => void server.close());

  function sink(more: Partial<Parameters<typeof createS3Sink>[1]> = {}) {
    const options = { allowPrivateAddress: true, timeoutMs: 5000, userAgent: 'Sourcelink/0.1', now: Date.now };
    return createS3Sink('archive', {
      ...KEYS,
      url,
      region: 'eu-central-1',
      sessionToken: undefined,
      format: 'message',
      concurrency: 4,
      http: createSinkHttp({ url, ...options }),
      ...more,
    });
  }

  it('puts each revision under its key, signed; a repeated delivery changes nothing', async () => {
    const one = outgoing();
    const batch = [one, outgoing({ id: one.message.id, revision: 1 }), retraction(one.message.id, 3)];
    expect(await sink().deliver(batch)).toEqual([null, null, null]);
    expect([...objects.keys()].sort()).toEqual([1, 2, 3].map((r) => `/bucket/wire/${one.message.id}-${r}.json`));
    expect(ArticleMessage.parse(JSON.parse(objects.get(`/bucket/wire/${one.key}.json`) ?? ''))).toEqual(one.message);
    const before = new Map(objects);
    await sink().deliver(batch);
    expect(objects).toEqual(before);
  });

  it('writes ninjs, and signs the token of temporary keys', async () => {
    await sink({ format: 'ninjs', sessionToken: 'token' }).deliver([outgoing()]);
    expect(JSON.parse([...objects.values()][0] ?? '')).toMatchObject({ standard: { name: 'ninjs', version: '3.1' } });
  });

  it('waits, with what to do, for a wrong secret, a missing bucket and a service that is down', async () => {
    const outcome = async (more = {}) => (await sink(more).deliver([outgoing()]))[0];
    expect(await outcome({ secretAccessKey: 'wrong' })).toMatchObject({
      code: 'SINK_FAILED',
      retryable: true,
      hint: expect.stringMatching(/secretAccessKey/),
      message: expect.stringMatching(/answered 403: SignatureDoesNotMatch/),
    });
    answer = { status: 404, body: '<Code>NoSuchBucket</Code>' };
    expect(await outcome()).toMatchObject({ code: 'SINK_FAILED', hint: expect.stringMatching(/bucket/) });
    answer = { status: 503 };
    expect(await outcome()).toMatchObject({ code: 'SINK_FAILED', retryable: true });
  });

  it('gives up on a message that is refused for good', async () => {
    answer = { status: 400, body: '<Code>EntityTooLarge</Code>' };
    expect((await sink().deliver([outgoing()]))[0]).toMatchObject({ code: 'SINK_REFUSED', retryable: false });
  });
});
