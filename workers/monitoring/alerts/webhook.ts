import { SourcelinkError } from '../../../config/errors.js';
import type { Alert } from '../../../ledger/alerts.js';
import type { Channel } from '../../alert-channel.js';
import { excerptOf, type SinkHttp } from '../../publish/sinks/http.js';
import { signedHeaders } from '../../publish/sinks/webhook.js';
import { wordingOf } from './wording.js';

/** Posts each alert, signed after Standard Webhooks 1.0; `webhook-id` is the alert's id, the same with every repeat. */
export function createWebhookChannel(options: {
  url: string;
  secrets: string[];
  http: SinkHttp;
  now: () => number;
}): Channel {
  const { url, secrets, http } = options;
  const post = async (alert: Alert): Promise<Error | null> => {
    const body = JSON.stringify(payloadOf(alert));
    const signed = signedHeaders({ id: alert.id, body, secrets, seconds: Math.floor(options.now() / 1000) });
    try {
      const headers = { 'content-type': 'application/json', ...signed };
      const answer = await http.send({ method: 'POST', url, headers, body });
      if (answer.status >= 200 && answer.status < 300) return null;
      return new SourcelinkError('SINK_FAILED', `${url} answered ${answer.status}${excerptOf(answer)}`, {
        hint: 'Check `alerts.webhook` and the receiver. The alert is sent again.',
      });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return {
    name: 'webhook',
    async send(alerts) {
      const results: (Error | null)[] = [];
      for (const alert of alerts) results.push(await post(alert));
      return results;
    },
    close: () => http.close(),
  };
}

/** `text` is what a person reads, for receivers that show it as it is. */
function payloadOf(alert: Alert) {
  const { id, at, kind, name, title, topic, state, since, was, code, reason, hint } = alert;
  const { headline, lines } = wordingOf(alert);
  const subject = { kind, id: name, name: title };
  return {
    type: 'alert.state',
    version: 1,
    id,
    at,
    subject,
    topic,
    state,
    since,
    was,
    code,
    reason,
    hint,
    text: [headline, ...lines].join('\n'),
  };
}
