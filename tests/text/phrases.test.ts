import { describe, expect, it } from 'vitest';
import * as lists from '../../text/words/phrases.js';

const all = Object.entries(lists).flatMap(([list, byLanguage]) =>
  Object.entries(byLanguage).map(([language, phrases]) => ({ name: `${language} ${list}`, phrases })),
);

describe('phrases', () => {
  it('no list of a language repeats itself', () => {
    const repeated = all.flatMap(({ name, phrases }) =>
      phrases.filter((p, i) => phrases.indexOf(p) !== i).map((p) => `${name}: ${p}`),
    );
    expect(repeated).toEqual([]);
  });

  it('no bar is left over that would make an empty phrase, which matches everything', () => {
    expect(all.filter(({ phrases }) => phrases.length === 0 || phrases.some((p) => p.trim() === ''))).toEqual([]);
  });
});
