import { describe, expect, it } from 'vitest';
import { tokenise } from '../../text/tokens.js';

describe('tokenise', () => {
  it('drops case, apostrophes and punctuation', () => {
    expect(tokenise("The Mayor’s “Plan”—it isn't READY.")).toEqual(['the', 'mayors', 'plan', 'it', 'isnt', 'ready']);
  });

  it('folds compatibility forms, so that ligatures and wide letters are the same words', () => {
    expect(tokenise('ﬁre ＡＢＣ １２')).toEqual(['fire', 'abc', '12']);
  });

  it('keeps words of other alphabets whole, with their marks', () => {
    expect(tokenise('Пожар в порту, ελληνικά, हिन्दी भाषा')).toEqual([
      'пожар',
      'в',
      'порту',
      'ελληνικά',
      'हिन्दी',
      'भाषा',
    ]);
  });

  it('finds words where none are spaced: Chinese, Japanese, Thai', () => {
    expect(tokenise('中国的经济增长放缓。').length).toBeGreaterThan(3);
    expect(tokenise('東京でオリンピックが開催された').length).toBeGreaterThan(3);
    expect(tokenise('ประเทศไทยมีฝนตก').length).toBeGreaterThan(2);
    expect(tokenise('中国 GDP 增长 5%')).toContain('gdp');
  });

  it('has nothing to say of an empty text', () => {
    expect(tokenise(' … — !')).toEqual([]);
  });
});
