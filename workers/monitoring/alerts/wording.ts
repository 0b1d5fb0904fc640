import { hintOf } from '../../../config/errors.js';
import type { Alert } from '../../../ledger/alerts.js';

/** What a person reads of an alert: a headline, and below it what happened and what can be done. */
export type Wording = { headline: string; lines: string[] };

const SAYS: Record<Alert['topic'], Record<string, string>> = {
  visits: { ok: 'is ok again', moved: 'has moved', empty: 'lists no articles' },
  pace: { ok: 'is on time again', late: 'is late' },
  layout: { ok: 'has its usual layout again', changed: 'may have a new layout' },
  deliveries: { ok: 'accepts articles again', failing: 'does not accept articles' },
};

/** Minutes are as exact as it gets, and UTC is the same for every reader. */
const moment = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')}Z`;

export function wordingOf(alert: Alert): Wording {
  const { kind, name, title, state, since, was, wasSince, code, reason } = alert;
  const what = kind === 'sink' ? `sink ${name}` : title === null || title === name ? name : `${name} (${title})`;
  const happened = SAYS[alert.topic][state] ?? `is ${state}`;
  const hint = alert.hint ?? hintOf(code);
  const before = was === 'ok' || wasSince === null ? '' : `, after ${was} since ${moment(wasSince)}`;
  return {
    headline: `${what} ${happened}`,
    lines: [
      `Since ${moment(since)}${before}.`,
      ...(state === 'ok' || reason === null ? [] : [reason]),
      ...(state === 'ok' || hint === null ? [] : [`→ ${hint}`]),
    ],
  };
}
