import { Cron } from 'croner';
import { parseHTML } from 'linkedom';
import { z } from 'zod';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Adds an issue whose hint is kept apart from the message, so that both can be shown separately. */
function refuse(ctx: z.RefinementCtx, what: string, hint: string): void {
  ctx.addIssue({ code: 'custom', message: what, params: { hint } });
}

/** A text field whose hint is also shown when the value is a number or a list. */
const text = (hint: string) =>
  z.string({ error: (issue) => (issue.input === undefined || issue.input === null ? undefined : hint) });

const DURATION = 'write a duration such as 30s, 15m, 2h or 7d';

/** A duration as people write it (`30m`, `1h30m`, `7d`), read as milliseconds. */
export const duration = text(DURATION)
  .regex(/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/, DURATION)
  .transform(milliseconds);

function milliseconds(written: string): number {
  let ms = 0;
  for (const [, amount, unit] of written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g))
    ms += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return ms;
}

const TERM = 'write a duration such as 90d, at least 7d, or forever';
const MIN_TERM_MS = 7 * 86_400_000;

/** A retention period in milliseconds; null means forever. Detecting copies, stories and changes needs at least a week. */
export const term = text(TERM)
  .regex(/^(?:forever|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+)$/, TERM)
  .transform((written) => (written === 'forever' ? null : milliseconds(written)))
  .superRefine((ms, ctx) => {
    if (ms !== null && ms < MIN_TERM_MS)
      refuse(ctx, 'is less than a week, which detecting copies, stories and changes needs', 'write 7d or more');
  });

/** Bounds of the time between two visits, in milliseconds; equal when the interval is fixed. */
export type Interval = { minMs: number; maxMs: number };

/** The default bounds, within which the outlet's publishing rhythm decides. */
export const AUTO: Interval = { minMs: 5 * 60_000, maxMs: 6 * 3_600_000 };

const INTERVAL = 'write auto, a duration such as 15m or 2h, or bounds such as 5m..12h';

/** Time between visits: `15m`, `auto`, or bounds such as `5m..12h`; at least one second. */
export const interval = text(INTERVAL)
  .regex(/^(?:auto|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+(?:\.\.(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+)?)$/, INTERVAL)
  .transform((written): Interval => {
    if (written === 'auto') return AUTO;
    const [least = '', most = least] = written.split('..');
    return { minMs: milliseconds(least), maxMs: milliseconds(most) };
  })
  .superRefine(({ minMs, maxMs }, ctx) => {
    if (minMs < 1000) refuse(ctx, 'is less than a second', 'write at least 1s; auto suits most outlets');
    if (minMs > maxMs) refuse(ctx, 'begins with the longer bound', 'write the shorter one first, e.g. 5m..12h');
  });

const BYTE_UNIT: Record<string, number> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };
const SIZE = 'write a size such as 500KB or 8MB';

/** A size as people write it (`500KB`, `8MB`), read as bytes. */
export const size = text(SIZE)
  .regex(/^\d+(?:\.\d+)?\s?(?:B|KB|MB|GB)$/, SIZE)
  .transform((written) => {
    const [, amount, unit] = /^([\d.]+)\s?(\w+)$/.exec(written) ?? [];
    return Math.round(Number(amount) * (BYTE_UNIT[unit ?? 'B'] ?? 1));
  });

const URL_HINT = 'write it in full, e.g. https://example.org/';

/** The URL when it is one that can be fetched; otherwise an issue is added. */
function readUrl(written: string, ctx: z.RefinementCtx): URL | null {
  if (!URL.canParse(written)) {
    refuse(ctx, 'is not a URL', URL_HINT);
    return null;
  }
  const url = new URL(written);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  refuse(ctx, `starts with ${url.protocol}`, 'use an http:// or https:// address');
  return null;
}

/** An absolute http(s) URL without credentials, kept as written. */
export const webUrl = text(URL_HINT)
  .superRefine((written, ctx) => {
    const url = readUrl(written, ctx);
    if (url !== null && (url.username !== '' || url.password !== ''))
      refuse(
        ctx,
        'holds a user name or password',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the operator writes it
        'take them out and send headers: { authorization: "${NAME}" } instead',
      );
  })
  .meta({ format: 'uri' });

/** An HTTP proxy, credentials allowed; empty means none. */
export const proxyUrl = text('write it in full, e.g. http://proxy.example:3128').superRefine((written, ctx) => {
  if (written !== '') readUrl(written, ctx);
});

/** A regular expression over whole URLs, compiled once. */
export const regex = text('write a regular expression in quotes')
  .min(1)
  .transform((written, ctx) => {
    try {
      return new RegExp(written, 'u');
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/^.*\/u: /, '') : String(error);
      refuse(
        ctx,
        `is not a regular expression (${why})`,
        'put a backslash before ( ) [ ] . ? + * to match the character itself',
      );
      return z.NEVER;
    }
  });

const blank = parseHTML('<!doctype html><title>blank</title>').document;
/** The parser accepts these but then matches something unintended. */
const DANGLING = /^\s*$|[>+~,]\s*$|^\s*,|,\s*,|\.\d|^\s*\d/;

/** A CSS selector that the page parser understands. */
export const css = text('write a CSS selector such as "article .body"').superRefine((written, ctx) => {
  const bare = written.replace(/"[^"]*"|'[^']*'|\\./g, 'x');
  let why = DANGLING.test(bare) ? 'it is incomplete' : '';
  try {
    if (why === '') blank.querySelector(written);
  } catch (error) {
    why = (error instanceof Error ? error.message : String(error)).replace(/found $/, 'found the end');
  }
  if (why !== '') refuse(ctx, `is not a CSS selector (${why})`, 'write one such as "article .body" or "h1"');
});

/** A cron expression of five or six fields that matches at least one future date. */
export const cron = text('write a cron expression in quotes, e.g. "*/15 6-22 * * *"').superRefine((written, ctx) => {
  try {
    if (new Cron(written, { paused: true }).nextRun() !== null) return;
    refuse(ctx, 'never matches a date', 'name a day that exists');
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/^CronPattern: /, '').split(',')[0];
    refuse(ctx, `is not a cron expression (${why})`, 'write five fields in quotes, e.g. "*/15 6-22 * * *"');
  }
});

/** An IANA time zone known to this version of Node. */
export const timezone = text('write an IANA name such as Europe/Berlin').superRefine((written, ctx) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: written });
  } catch {
    refuse(ctx, 'is not a time zone', 'write an IANA name such as America/New_York, Europe/Berlin or UTC');
  }
});

/** A BCP 47 language tag (RFC 5646) of a language known to Node. */
export const language = text('write a BCP 47 tag such as en or pt-BR').superRefine((written, ctx) => {
  try {
    if (new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(written) !== undefined) return;
  } catch {
    // Malformed tags throw; they get the same answer as unknown ones.
  }
  refuse(ctx, 'is not a language tag', 'write a BCP 47 tag such as en, de or pt-BR');
});
