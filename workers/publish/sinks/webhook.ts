import { createHmac } from 'node:crypto';
import { SourcelinkError } from '../../../config/errors.js';
import type { Outgoing, Sink } from '../../sink.js';
import { createDeliverEach } from './batch.js';
import { excerptOf, type SinkAnswer, type SinkHttp } from './http.js';

/**
 * Posts each message, signed after Standard Webhooks 1.0. `webhook-id` is the message's key, the same with every repeat,
 * so a receiver drops what it has. Order holds within an article, as the outbox brings its revisions one at a time.
 */
export function createWebhookSink(
  name: string,
  options: { url: string; secrets: string[]; concurrency: number; http: SinkHttp; now?: () => number },
): Sink {
  const { url, http } = options;
  const now = options.now ?? Date.now;
  const deliverEach = createDeliverEach({ concurrency: options.concurrency, now });
  const send = async ({ key, message }: Outgoing): Promise<void> => {
    const body = JSON.stringify(message);
    const signed = signedHeaders({ id: key, body, secrets: options.secrets, seconds: Math.floor(now() / 1000) });
    const headers = { 'content-type': 'application/json', ...signed };
    const error = refusal(url, await http.send({ method: 'POST', url, headers, body }));
    if (error) throw error;
  };
  return {
    name,
    deliver: (batch) => deliverEach(batch, async () => send),
    async check() {
      const { status } = await http.send({ method: 'OPTIONS', url });
      return `${url} answers (${status} to OPTIONS)`;
    },
    close: () => http.close(),
  };
}

/** The three headers of Standard Webhooks; one signature for each secret, so that a receiver may know either. */
export function signedHeaders(of: { id: string; body: string; secrets: string[]; seconds: number }): {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
} {
  const signatures = of.secrets.map((secret) => {
    const hmac = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
    return `v1,${hmac.update(`${of.id}.${of.seconds}.${of.body}`).digest('base64')}`;
  });
  return {
    'webhook-id': of.id,
    'webhook-timestamp': String(of.seconds),
    'webhook-signature': signatures.join(' '),
  };
}

/** What an answer means that came, and was no "not now"; null when the receiver took the message. */
function refusal(url: string, answer: SinkAnswer): SourcelinkError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const said = `${url} answered ${status}${excerptOf(answer)}`;
  // Another delivery of the same message may be under way at the receiver.
  if (status === 409 || status >= 500) return new SourcelinkError('SINK_FAILED', said);
  if (status === 410)
    return new SourcelinkError('SINK_REFUSED', said, {
      hint: 'The receiver does not want further messages. Remove the sink, or set `enabled: false`.',
    });
  return new SourcelinkError('SINK_REFUSED', said);
}
