import { describe, expect, it } from 'vitest';
import { judge, normalizeNames, scoreMetadata } from '../../evaluate/metadata-score.js';

const truth = { url: 'https://courier.example/a', body: '' };
const said = { articleBody: '', title: null, authors: [] as string[], date: null };

describe('the score of metadata', () => {
  it.each([
    ['Café opens — again', 'CAFE OPENS: AGAIN!', true, true],
    ['Café opens', 'Café opens after a year', false, true],
    ['Café opens after a year', 'Café opens', false, true],
    ['Café opens', 'Café closes', false, false],
    ['Café opens', '', false, false],
  ])('compares the title %j with %j', (title, given, exact, close) => {
    expect(judge({ ...truth, title }, { ...said, title: given }, false).title).toEqual({ exact, close });
  });

  it.each([
    [['Ana Lima', 'Bo Olsen'], ['By Bo Olsen and Ana Lima'], true, true],
    [['Ana Lima'], ['Ana Lima', 'Bo Olsen'], false, true],
    [['Ana Lima', 'Bo Olsen'], ['Ana Lima'], false, false],
    [['Ana Lima'], ['Ana Lima, Staff Writer'], true, true],
    [['Ana Lima'], [], false, false],
  ])('compares the authors %j with %j', (authors, given, exact, close) => {
    expect(judge({ ...truth, authors }, { ...said, authors: given }, true).authors).toEqual({ exact, close });
  });

  it.each([
    ['2023-12-17', '2023-12-17T23:30:00-05:00', true, true],
    ['2023-12-17', '2023-12-18', false, true],
    ['2023-12-31', '2024-01-02', false, false],
    ['2023-12-17', null, false, false],
    ['2023-12-17', 'soon', false, false],
  ])('compares the day %s with %s, as it is written', (date, given, exact, close) => {
    expect(judge({ ...truth, date }, { ...said, date: given }, false).date).toEqual({ exact, close });
  });

  it('cuts names at commas, semicolons, & and the word and, and at no other', () => {
    expect([...normalizeNames(['Sandy Anders; Ole Brandt & Üna Coe, the Editor'])]).toEqual([
      'sandy anders',
      'ole brandt',
      'una coe',
    ]);
  });

  it('counts what was invented only where the set names authors, and only over pages without one', () => {
    const invents = { ...said, authors: ['Ana Lima'] };
    expect(judge(truth, invents, false).invented).toBeNull();
    expect(judge({ ...truth, authors: ['Ana Lima'] }, invents, true).invented).toBeNull();
    const { authorsInvented, titleExact } = scoreMetadata([judge(truth, invents, true), judge(truth, said, true)]);
    expect(authorsInvented).toEqual({ right: 1, of: 2, share: 0.5 });
    expect(titleExact).toEqual({ right: 0, of: 0, share: null });
  });
});
