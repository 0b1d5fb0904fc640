import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { createReceiver, type Message, verify } from '../../../../examples/receive-webhook.js';
import { createSinkHttp } from '../../../../workers/publish/sinks/http.js';
import { createWebhookSink, signedHeaders } from '../../../../workers/publish/sinks/webhook.js';
import { outgoing, retraction } from '../../../setup/outgoing.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const NEXT_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/hook`;
}

type Taken = { headers: IncomingMessage['headers']; body: string };

/** A receiver that answers as it is told, and keeps what it was sent. */
async function receiver(answer: (taken: Taken, response: ServerResponse) => void) {
  const taken: Taken[] = [];
  const url = await listen(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      taken.push({ headers: request.headers, body });
      answer({ headers: request.headers, body }, response);
    }),
  );
  return { url, taken };
}

const sink = (
  url: string,
  more: { secrets?: string[]; concurrency?: number; timeoutMs?: number; allow?: boolean; now?: () => number } = {},
) => {
  const now = more.now ?? Date.now;
  const { timeoutMs = 5000, allow: allowPrivateAddress = true } = more;
  const http = createSinkHttp({ url, allowPrivateAddress, timeoutMs, userAgent: 'Sourcelink-test/1.0', now });
  const { secrets = [SECRET], concurrency = 4 } = more;
  return createWebhookSink('hook', { url, secrets, concurrency, http, now });
};

/** The specification read anew: the base64 of HMAC-SHA256 over `id.timestamp.body`. */
const sign = (secret: string, { headers, body }: Taken) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`;

describe('signedHeaders', () => {
  it('signs as the published example of Standard Webhooks does', () => {
    const headers = signedHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      seconds: 1614265330,
    });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

describe('webhook sink', () => {
  it('is verified by the public library of Standard Webhooks, and by no other secret', async () => {
    const { url, taken } = await receiver((_, response) => response.writeHead(204).end());
    const one = outgoing();
    await sink(url, { secrets: [SECRET, NEXT_SECRET] }).deliver([one]);
    const { body = '', headers } = taken[0] ?? {};
    for (const secret of [SECRET, NEXT_SECRET])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(one.message);
    const other = new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it('posts the message as it is, with the key as webhook-id and a fresh timestamp', async () => {
    const { url, taken } = await receiver((_, response) => response.writeHead(204).end());
    const one = outgoing();
    expect(await sink(url, { now: () => 1_780_000_000_000 }).deliver([one])).toEqual([null]);
    expect(taken).toHaveLength(1);
    expect(JSON.parse(taken[0]?.body ?? '')).toEqual(one.message);
    expect(taken[0]?.headers).toMatchObject({
      'webhook-id': one.key,
      'webhook-timestamp': '1780000000',
      'content-type': 'application/json',
      'user-agent': 'Sourcelink-test/1.0',
    });
  });

  it('signs with each secret, so that a receiver may know the old or the new one', async () => {
    const { url, taken } = await receiver((_, response) => response.writeHead(200).end());
    await sink(url, { secrets: [NEXT_SECRET, SECRET] }).deliver([outgoing()]);
    const [request] = taken;
    if (!request) throw new Error('nothing came');
    expect(request.headers['webhook-signature']).toBe(`${sign(NEXT_SECRET, request)} ${sign(SECRET, request)}`);
  });

  it.each([
    [400, 'SINK_REFUSED', /does not fit/],
    [401, 'SINK_REFUSED', /401/],
    [404, 'SINK_REFUSED', /404/],
    [410, 'SINK_REFUSED', /410/],
    [408, 'SINK_FAILED', /408/],
    [409, 'SINK_FAILED', /409/],
    [425, 'SINK_FAILED', /425/],
    [429, 'SINK_FAILED', /429/],
    [500, 'SINK_FAILED', /500/],
    [503, 'SINK_FAILED', /503/],
  ])('takes %i as %s', async (status, code, message) => {
    const { url } = await receiver((_, response) => response.writeHead(status).end('<p>it does not fit</p>'));
    const [error] = await sink(url).deliver([outgoing()]);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error).toMatchObject({ retryable: code === 'SINK_FAILED' });
  });

  it('follows no redirect, and says where it should have gone', async () => {
    const other = await receiver((_, response) => response.writeHead(200).end());
    const { url } = await receiver((_, response) => response.writeHead(302, { location: other.url }).end());
    const [error] = await sink(url).deliver([outgoing()]);
    expect(error).toMatchObject({ code: 'SINK_FAILED', message: expect.stringContaining(other.url) });
    expect(other.taken).toEqual([]);
  });

  it('waits as long as Retry-After says before it knocks again', async () => {
    let clock = 1_780_000_000_000;
    let busy = true;
    const { url, taken } = await receiver((_, response) =>
      busy ? response.writeHead(429, { 'retry-after': '120' }).end() : response.writeHead(204).end(),
    );
    const hook = sink(url, { now: () => clock, concurrency: 1 });
    const results = await hook.deliver([outgoing(), outgoing(), outgoing()]);
    expect(results.map((r) => (r && 'retryAfterMs' in r ? r.retryAfterMs : null))).toEqual([120_000, 120_000, 120_000]);
    expect(taken).toHaveLength(1);
    busy = false;
    clock += 60_000;
    await expect(hook.deliver([outgoing()])).rejects.toMatchObject({ code: 'SINK_FAILED', retryAfterMs: 60_000 });
    expect(taken).toHaveLength(1);
    clock += 60_000;
    expect(await hook.deliver([outgoing()])).toEqual([null]);
  });

  it('lets one message that is refused hold no other up', async () => {
    const bad = outgoing({ title: 'Bad' });
    const { url } = await receiver(({ body }, response) =>
      response.writeHead(body.includes('"Bad"') ? 422 : 204).end(),
    );
    const results = await sink(url).deliver([outgoing(), bad, outgoing()]);
    expect(results.map((r) => (r === null ? 'taken' : (r as { code?: string }).code))).toEqual([
      'taken',
      'SINK_REFUSED',
      'taken',
    ]);
  });

  it('has no more requests under way than it is allowed', async () => {
    let now = 0;
    let most = 0;
    const { url } = await receiver(async (_, response) => {
      most = Math.max(most, ++now);
      await delay(20);
      now--;
      response.writeHead(204).end();
    });
    await sink(url, { concurrency: 3 }).deliver(Array.from({ length: 12 }, () => outgoing()));
    expect(most).toBe(3);
  });

  it('gives up on an answer that does not come, and on a server that is not there', async () => {
    const { url } = await receiver(() => undefined);
    expect((await sink(url, { timeoutMs: 200 }).deliver([outgoing()]))[0]).toMatchObject({
      code: 'SINK_FAILED',
      message: expect.stringContaining('within 0.2 s'),
    });
    const closed = 'http://127.0.0.1:9/hook';
    expect((await sink(closed).deliver([outgoing()]))[0]).toMatchObject({ code: 'SINK_FAILED' });
  });

  it('sends nothing to a private address that the operator has not allowed', async () => {
    const { url, taken } = await receiver((_, response) => response.writeHead(204).end());
    const [error] = await sink(url, { allow: false }).deliver([outgoing()]);
    expect(error).toMatchObject({ code: 'SINK_FAILED', hint: expect.stringContaining('allowPrivateAddress') });
    const byName = url.replace('127.0.0.1', 'localhost');
    expect((await sink(byName, { allow: false }).deliver([outgoing()]))[0]).toMatchObject({ code: 'SINK_FAILED' });
    expect(taken).toEqual([]);
  });
});

describe('examples/receive-webhook.ts', () => {
  async function example(handle: (message: Message) => Promise<void>): Promise<string> {
    return listen(createReceiver({ secrets: [SECRET], handle }));
  }

  it('takes each message once, in order, and nothing that is older', async () => {
    const had: string[] = [];
    const url = await example(async ({ type, revision }) => void had.push(`${type} ${revision}`));
    const hook = sink(url);
    const first = outgoing();
    const second = outgoing({ id: first.message.id, revision: 1, title: 'Later' });
    const gone = retraction(first.message.id, 3);
    for (const one of [first, first, second, first, gone, second]) expect(await hook.deliver([one])).toEqual([null]);
    expect(had).toEqual(['article.published 1', 'article.updated 2', 'article.retracted 3']);
  });

  it('is asked again when it failed', async () => {
    let fails = 1;
    const had: string[] = [];
    const url = await example(async ({ id }) => {
      if (fails-- > 0) throw new Error('the database is away');
      had.push(id);
    });
    const one = outgoing();
    expect((await sink(url).deliver([one]))[0]).toMatchObject({ code: 'SINK_FAILED' });
    expect(await sink(url).deliver([one])).toEqual([null]);
    expect(had).toEqual([one.message.id]);
  });

  it('takes nothing that another signed, that was changed on the way, or that is old', async () => {
    const had: string[] = [];
    const url = await example(async ({ id }) => void had.push(id));
    expect((await sink(url, { secrets: [NEXT_SECRET] }).deliver([outgoing()]))[0]).toMatchObject({
      code: 'SINK_REFUSED',
    });
    const hourAgo = sink(url, { now: () => Date.now() - 3_600_000 });
    expect((await hourAgo.deliver([outgoing()]))[0]).toMatchObject({ message: expect.stringContaining('too far off') });
    const seconds = Math.floor(Date.now() / 1000);
    const headers = signedHeaders({ id: 'a-1', body: '{}', secrets: [SECRET], seconds });
    expect(() => verify('{}', headers, [SECRET], seconds)).not.toThrow();
    expect(() => verify('{ }', headers, [SECRET], seconds)).toThrow('signature');
    expect(had).toEqual([]);
  });
});
