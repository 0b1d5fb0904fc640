import type { Logger } from '../../../config/logger.js';
import type { Settings } from '../../../config/settings.js';
import type { Channel } from '../../alert-channel.js';
import { createSinkHttp } from '../../publish/sinks/http.js';
import { createEmailChannel } from './email.js';
import { createLogChannel } from './log.js';
import { openSmtp } from './smtp.js';
import { createWebhookChannel } from './webhook.js';

/** The log always; a webhook and e-mail where the settings name them. */
export function openChannels(settings: Pick<Settings, 'alerts' | 'userAgent'>, log: Logger): Map<string, Channel> {
  const { webhook, email } = settings.alerts;
  const channels = [createLogChannel(log)];
  if (webhook) {
    const { url, secrets, timeout, allowPrivateAddress } = webhook;
    const { userAgent } = settings;
    const http = createSinkHttp({ url, allowPrivateAddress, timeoutMs: timeout, userAgent, now: Date.now });
    channels.push(createWebhookChannel({ url, secrets, http, now: Date.now }));
  }
  if (email) channels.push(createEmailChannel(email, openSmtp(email.smtp)));
  return new Map(channels.map((c) => [c.name, c]));
}
