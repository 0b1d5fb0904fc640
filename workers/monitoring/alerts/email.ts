import { SourcelinkError } from '../../../config/errors.js';
import type { Channel } from '../../alert-channel.js';
import type { Mail, Smtp } from './smtp.js';
import { wordingOf } from './wording.js';

/** One mail for all alerts that are due together, so that an outage of many sources fills no inbox. */
export function createEmailChannel(options: { smtp: string; from: string; to: string[] }, smtp: Smtp): Channel {
  return {
    name: 'email',
    async send(alerts) {
      const [first] = alerts;
      if (!first) return [];
      const wordings = alerts.map(wordingOf);
      const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
      const mail: Mail = {
        id: first.id,
        from: options.from,
        to: options.to,
        subject: `Sourcelink: ${wordings[0]?.headline}${more}`,
        text: wordings.map((w) => [w.headline, ...w.lines].join('\n')).join('\n\n'),
      };
      try {
        await smtp.send(mail);
        return alerts.map(() => null);
      } catch (cause) {
        const host = new URL(options.smtp).host;
        const error = new SourcelinkError('SINK_FAILED', `the mail server ${host} did not accept the alert`, {
          cause,
          hint: 'Check `alerts.email.smtp`, and that the mail server is running. The alert is sent again.',
        });
        return alerts.map(() => error);
      }
    },
    close: () => smtp.close(),
  };
}
