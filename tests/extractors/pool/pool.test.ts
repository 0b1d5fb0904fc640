import { afterAll, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { extract } from '../../../extractors/extract.js';
import { createExtractorPool } from '../../../extractors/pool/pool.js';
import { articlePage, pageInput } from '../page-input.js';

const good = pageInput(articlePage());
/** Small enough for the limits below, and more than any deadline or heap below allows. */
const endless = () =>
  pageInput(`<title>t</title>${'<div><p>a, b, c'.repeat(30_000)}`, { limits: { maxElements: 1e9, maxDepth: 1e9 } });

describe('pool', () => {
  const pool = createExtractorPool({ threads: 2, deadlineMs: 30_000, heapMb: 256 });
  afterAll(() => pool.close());

  it('gives what extraction on the spot gives, for many pages at once', async () => {
    const articles = await Promise.all(Array.from({ length: 12 }, () => pool.extract(good)));
    const expected = extract(good);
    for (const article of articles) expect(article).toEqual(expected);
  });

  it('leaves the caller its bytes', async () => {
    await pool.extract(good);
    expect(good.bytes.byteLength).toBeGreaterThan(1000);
  });

  it('carries errors over with code, message and hint', async () => {
    const error = await pool.extract(pageInput('<div>'.repeat(1000))).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SourcelinkError);
    expect(error).toMatchObject({
      code: 'EXTRACT_TOO_DEEP',
      retryable: false,
      message: expect.stringContaining('news.example'),
      hint: expect.any(String),
    });
  });

  it('ends a page at its deadline, and reads the others undisturbed', { timeout: 90_000 }, async () => {
    const quick = createExtractorPool({ threads: 2, deadlineMs: 4000, heapMb: 1024 });
    try {
      await quick.extract(good).catch(() => undefined);
      const results = await Promise.allSettled([
        quick.extract(endless()),
        ...Array.from({ length: 6 }, () => quick.extract(good)),
      ]);
      expect(results[0]).toMatchObject({
        status: 'rejected',
        reason: { code: 'EXTRACT_TIMEOUT', message: expect.stringContaining('longer than 4 s') },
      });
      expect(results.slice(1).map((r) => r.status)).toEqual(Array(6).fill('fulfilled'));
      expect((await quick.extract(good)).title).toBe('Council puts off vote on the northern quay');
    } finally {
      await quick.close();
    }
  });

  it('ends a page that needs too much memory, and goes on', { timeout: 90_000 }, async () => {
    const small = createExtractorPool({ threads: 1, deadlineMs: 60_000, heapMb: 96 });
    try {
      const big = pageInput(`<title>t</title>${'<i>x</i>&amp;'.repeat(600_000)}`, {
        limits: { maxElements: 1e9, maxBytes: 1e9 },
      });
      await expect(small.extract(big)).rejects.toMatchObject({
        code: 'EXTRACT_OUT_OF_MEMORY',
        message: expect.stringContaining('96 MB'),
      });
      expect((await small.extract(good)).wordCount).toBeGreaterThan(100);
    } finally {
      await small.close();
    }
  });

  it('says so when threads cannot start in the memory that they may have', { timeout: 60_000 }, async () => {
    const tiny = createExtractorPool({ threads: 1, deadlineMs: 60_000, heapMb: 24 });
    try {
      await expect(tiny.extract(good)).rejects.toMatchObject({
        code: 'EXTRACT_OUT_OF_MEMORY',
        message: expect.stringContaining('a thread cannot start in 24 MB'),
        hint: expect.stringContaining('extract.heapMb'),
      });
    } finally {
      await tiny.close();
    }
  });

  it('refuses pages once closed, and can be closed unused', async () => {
    const unused = createExtractorPool({ threads: 0, deadlineMs: 1000, heapMb: 256 });
    await unused.close();
    await expect(unused.extract(good)).rejects.toMatchObject({ code: 'EXTRACT_FAILED', retryable: true });
  });

  it('gives back the pages that it has not read when it is closed', { timeout: 60_000 }, async () => {
    const busy = createExtractorPool({ threads: 1, deadlineMs: 60_000, heapMb: 1024 });
    const pages = [busy.extract(endless()), busy.extract(good)].map((p) => p.catch((error: unknown) => error));
    setTimeout(() => void busy.close(), 2500);
    for (const error of await Promise.all(pages))
      expect(error).toMatchObject({ code: 'EXTRACT_FAILED', retryable: true });
  });
});
