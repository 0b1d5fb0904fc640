import type { Entry } from './outlets.js';
import { type Ending, openVisitor, type Told, type Visitor } from './visitor.js';

/** What the process that looks on asks for. */
export type Order = { open: { entries: Entry[]; port: number; dataDir: string } } | { visit: Told[] } | { close: true };
/** What this process answers, one to each order. */
export type Report = { opened: true } | { endings: Ending[] } | { broken: string[] } | { failed: string };

let visitor: Visitor | null = null;
const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined);

async function obey(order: Order): Promise<Report> {
  if ('open' in order) {
    visitor = await openVisitor(order.open);
    return { opened: true };
  }
  if (!visitor) throw new Error('not open');
  if ('close' in order) return { broken: await visitor.close() };
  const endings = await visitor.visit(order.visit);
  // What one input left behind is not to be counted with the next.
  collect();
  return { endings };
}

process.on('message', (order: Order) => {
  obey(order).then(
    (report) => process.send?.(report),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
