import { z } from 'zod';
import { WebhookSink } from './sinks.js';

const { url, secrets, timeout, allowPrivateAddress } = WebhookSink.shape;
/** A secret as a whole: it holds a password, and messages never repeat it. */
const smtp = z
  .string()
  .regex(/^smtps?:\/\/[^\s/]+\/?$/, 'write smtp://user:password@host:587 or smtps://user:password@host:465')
  .describe('The mail server, with user and password. From the environment.');
const address = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'write an address such as news@example.org');

/** `alerts:` of sourcelink.yaml: who hears when a source or a sink changes its state. The log always does. */
export const Alerts = z.strictObject({
  after: z
    .int()
    .min(1)
    .max(20)
    .default(2)
    .describe('Visits in a row that a source must be in another state before that is told; damps flapping.'),
  webhook: z
    .strictObject({
      url: url.describe('Where alerts are posted, signed as a webhook sink signs articles.'),
      secrets,
      timeout,
      allowPrivateAddress,
    })
    .optional()
    .describe('Posts each alert.'),
  email: z
    .strictObject({
      smtp,
      from: z
        .string()
        .regex(/^[^@\n]+@[^@\n]+$/, 'write an address such as sourcelink@example.org')
        .describe('Sender.'),
      to: z.array(address).min(1).describe('Receivers.'),
    })
    .optional()
    .describe('Mails alerts; those of the same moment go in one mail.'),
});
