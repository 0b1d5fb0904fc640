import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PassSummary } from '../../workers/pass.js';
import { objectOf, sourcelink } from './command-line.js';

describe('demo --once', () => {
  it('publishes every outlet, folds copies, brings the correction, breaks no rule and leaves nothing behind', async () => {
    const ended = await sourcelink(['demo', '--once', '--json']);
    const { first, second, sample, feed, trespasses, violations, articles } = objectOf(ended);
    expect(ended.code).toBe(0);
    expect({ trespasses, violations }).toEqual({ trespasses: [], violations: [] });
    const { bySource, duplicates, waiting } = first as PassSummary;
    // Without a browser the outlet that scripts write stays out.
    for (const [id, s] of Object.entries(bySource))
      if (id !== 'signalworks') expect([id, s.published > 0]).toEqual([id, true]);
    expect(duplicates).toBeGreaterThan(0);
    expect(waiting).toBe(0);
    expect(second).toMatchObject({ published: 0, updated: 1 });
    expect(sample).toMatchObject({ type: 'article.updated', revision: 2 });
    expect((articles as { standing: string }[]).every((a) => a.standing !== 'waiting')).toBe(true);
    expect(existsSync(String(feed))).toBe(false);
  }, 180_000);
});
