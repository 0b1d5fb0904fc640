import { describe, expect, it } from 'vitest';
import { scoreBodies, scorePage } from '../../evaluate/body-score.js';

describe('the score of a text', () => {
  it('counts shingles of four words as often as they occur', () => {
    // Truth abcd, bcde; output abcd twice, bcda, cdab, dabc.
    expect(scorePage('a b c d e', 'a b c d a b c d')).toMatchObject({
      tp: 1,
      fp: 4,
      fn: 1,
      precision: 0.2,
      recall: 0.5,
    });
  });

  it('takes a text of fewer than four words as one shingle, and minds case but no signs', () => {
    expect(scorePage('Quay closed', '“Quay”, closed!').f1).toBe(1);
    expect(scorePage('Quay closed', 'quay closed').f1).toBe(0);
    expect(scorePage('', '').f1).toBe(1);
  });

  it('makes F1 of the mean precision and the mean recall; an empty output lowers recall alone', () => {
    const score = scoreBodies([
      { truth: 'a b c d', output: 'a b c d' },
      { truth: 'a b c d', output: '' },
    ]);
    expect(score).toMatchObject({
      pages: 2,
      precision: 1,
      recall: 0.5,
      accuracy: 0.5,
      empty: 1,
      below80: 1,
      below50: 1,
    });
    expect(score.f1).toBeCloseTo(2 / 3);
    expect(score).toMatchObject({ meanF1: 0.5, medianF1: 0.5 });
  });
});
