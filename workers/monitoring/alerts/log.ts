import type { Logger } from '../../../config/logger.js';
import type { Channel } from '../../alert-channel.js';
import { wordingOf } from './wording.js';

/** Alerts in the log: a warning for what is wrong, a note for what is well again. */
export function createLogChannel(log: Logger): Channel {
  return {
    name: 'log',
    async send(alerts) {
      for (const alert of alerts) {
        const { headline, lines } = wordingOf(alert);
        const { id, kind, name, topic, state, was, since, code } = alert;
        const fields = { alert: id, [kind]: name, topic, state, was, since, code: code ?? undefined };
        log[state === 'ok' ? 'info' : 'warn'](fields, [headline, ...lines].join(' '));
      }
      return alerts.map(() => null);
    },
    close: async () => undefined,
  };
}
