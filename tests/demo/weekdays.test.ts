import { describe, expect, it } from 'vitest';
import { moveWeekdays } from '../../demo/weekdays.js';

const TUESDAY = new Date('2026-03-03T12:00:00Z');
const SATURDAY = new Date('2026-03-07T12:00:00Z');

describe('moveWeekdays', () => {
  it('leaves a text alone on the day of the week it was written for', () => {
    expect(moveWeekdays('on Tuesday, by Friday', TUESDAY)).toBe('on Tuesday, by Friday');
  });

  it('moves all days by as much, over the end of the week, in each language of the demo', () => {
    expect(moveWeekdays('signed on Tuesday, begins Friday, heard Monday', SATURDAY)).toBe(
      'signed on Saturday, begins Tuesday, heard Friday',
    );
    expect(moveWeekdays('am Dienstag und am Freitag; el domingo', SATURDAY)).toBe(
      'am Samstag und am Dienstag; el jueves',
    );
  });

  it('knows plurals and possessives, and no part of another word', () => {
    expect(moveWeekdays("Tuesdays, Tuesday's, Tuesdayish, Dienstagabend, martesino", SATURDAY)).toBe(
      "Saturdays, Saturday's, Tuesdayish, Dienstagabend, martesino",
    );
  });
});
