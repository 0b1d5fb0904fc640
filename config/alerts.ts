import { z } from 'zod';
import { WebhookSink } from './sinks.js';

const { url, secrets, timeout, allowPrivateAddress } = WebhookSink.shape;
/** A secret as a whole: it holds a password, and messages never repeat it. */
const smtp = z
  .string()
  .regex(/^smtps?:\/\/[^\s/]+\/?$/, 'write smtp://user:password@host:587 or smtps://user:password@host:465')
  .describe('URL of the mail server with user and password. Take it from an environment variable.');
const address = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'write an address such as news@example.org');

/** `alerts:` of sourcelink.yaml: who is notified when a source or a sink changes its state. The log always records it. */
export const Alerts = z.strictObject({
  after: z
    .int()
    .min(1)
    .max(20)
    .default(2)
    .describe(
      'How many visits in a row must confirm a new state of a source before an alert is sent. Raise it when a source that keeps failing and recovering causes too many alerts.',
    ),
  webhook: z
    .strictObject({
      url: url.describe('URL that receives alerts, signed like the messages of a webhook sink.'),
      secrets,
      timeout,
      allowPrivateAddress,
    })
    .optional()
    .describe('Sends each alert to a webhook.'),
  email: z
    .strictObject({
      smtp,
      from: z
        .string()
        .regex(/^[^@\n]+@[^@\n]+$/, 'write an address such as sourcelink@example.org')
        .describe('Sender address.'),
      to: z.array(address).min(1).describe('Recipient addresses.'),
    })
    .optional()
    .describe('Sends alerts by e-mail. Alerts raised at the same time share one message.'),
});
