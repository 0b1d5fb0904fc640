import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Secrets never reach a log line, whatever object they arrive in. */
const REDACT = ['headers', '*.headers', 'proxy', '*.proxy', '*.authorization', '*.password', '*.token', '*.secret'];

/** JSON lines, on standard error unless told otherwise, so that standard output stays free for results. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: REDACT, censor: '[redacted]' } },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
