import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../site/diff.js';

describe('diff', () => {
  it('names the words that were added and removed', () => {
    expect(changesBetween('The bridge will open on Monday.', 'The old bridge will open on Friday.')).toEqual([
      { kind: 'same', text: 'The ' },
      { kind: 'added', text: 'old ' },
      { kind: 'same', text: 'bridge will open on ' },
      { kind: 'removed', text: 'Monday.' },
      { kind: 'added', text: 'Friday.' },
    ]);
  });

  it('finds nothing between equal texts', () => {
    expect(changesBetween('one two', 'one two')).toEqual([{ kind: 'same', text: 'one two' }]);
    expect(changesBetween('', '')).toEqual([]);
  });

  it('gives both texts back, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }).map((w) => w.join(' '));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = changesBetween(before, after);
        const without = (kind: string) =>
          changes
            .filter((c) => c.kind !== kind)
            .map((c) => c.text)
            .join('');
        expect(without('added')).toBe(before);
        expect(without('removed')).toBe(after);
      }),
    );
  });

  it('gives up on the shortest way when two long texts share little, and stays quick', () => {
    const words = (seed: string) => Array.from({ length: 6000 }, (_, i) => `${seed}${i}`).join(' ');
    const started = performance.now();
    expect(changesBetween(words('a'), words('b'))).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
