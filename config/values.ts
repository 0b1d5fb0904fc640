import { z } from 'zod';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A duration as people write it (`30m`, `1h30m`, `7d`), read as milliseconds. */
export const duration = z
  .string()
  .regex(/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/, 'write a duration such as 30s, 15m, 2h or 7d')
  .transform((text) => {
    let ms = 0;
    for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g))
      ms += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
    return ms;
  });

const BYTE_UNIT: Record<string, number> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** A size as people write it (`500KB`, `8MB`), read as bytes. */
export const size = z
  .string()
  .regex(/^\d+(?:\.\d+)?\s?(?:B|KB|MB|GB)$/, 'write a size such as 500KB or 8MB')
  .transform((text) => {
    const [, amount, unit] = /^([\d.]+)\s?(\w+)$/.exec(text) ?? [];
    return Math.round(Number(amount) * (BYTE_UNIT[unit ?? 'B'] ?? 1));
  });

/** An absolute http(s) URL without credentials, kept as written. */
export const webUrl = z.string().superRefine((text, ctx) => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is no URL: write it in full, e.g. https://example.org/' });
    return;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    ctx.addIssue({ code: 'custom', message: `starts with ${url.protocol}: only http and https are read` });
});

/** A regular expression over whole URLs, compiled once. */
export const regex = z
  .string()
  .min(1)
  .transform((text, ctx) => {
    try {
      return new RegExp(text, 'u');
    } catch (error) {
      ctx.addIssue({
        code: 'custom',
        message: `is no regular expression: ${error instanceof Error ? error.message : String(error)}`,
      });
      return z.NEVER;
    }
  });
