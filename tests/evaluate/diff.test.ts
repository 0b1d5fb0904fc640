import { describe, expect, it } from 'vitest';
import { diffTexts } from '../../evaluate/diff.js';

const lines = (truth: string, output: string) => diffTexts(truth, output).map(({ sign, text }) => `${sign} ${text}`);

const first = 'The council of the old town met on Tuesday evening.';
const second = 'It put off its vote until the spring comes.';
const third = 'Shopkeepers along the water had asked for it.';

describe('the difference of two texts', () => {
  it('is nothing when they have the same words, however the lines are broken', () => {
    expect(lines(`${first}\n${second}`, `${first} ${second}`)).toEqual([]);
  });

  it('names the lines that are missing and those that are too much, in reading order', () => {
    const output = `Sign up for our letter\n${first}\nShare this story with all\n${third}`;
    expect(lines(`${first}\n${second}\n${third}`, output)).toEqual([
      '+ Sign up for our letter',
      `- ${second}`,
      '+ Share this story with all',
    ]);
  });

  it('names the words alone where the rest of the line is shared', () => {
    const output = first.replace('Tuesday evening', 'Friday evening with guests');
    expect(lines(first, output)).toEqual(['- … Tuesday evening', '+ … Friday evening with guests']);
    expect(lines('A B C D E F G H', 'A B C D X E F G H')).toEqual(['+ … X …']);
  });

  it('shows a passage that comes twice', () => {
    expect(lines(first, `${first}\n${first}`)).toEqual([`+ ${first}`]);
  });

  it('shows all of one side when the other is empty', () => {
    expect(lines(`${first}\n${second}`, '')).toEqual([`- ${first}`, `- ${second}`]);
    expect(lines('', first)).toEqual([`+ ${first}`]);
  });
});
