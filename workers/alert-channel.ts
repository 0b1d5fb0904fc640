import type { Alert } from '../ledger/alerts.js';

/** One way by which people hear of alerts. The same alert may come again after a crash; its id tells. */
export type Channel = {
  name: string;
  /** @returns one result for each: null when it went out, else why not */
  send(alerts: Alert[]): Promise<(Error | null)[]>;
  close(): Promise<void>;
};
