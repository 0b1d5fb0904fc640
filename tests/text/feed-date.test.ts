import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../../text/feed-date.js';

describe('parseDate', () => {
  it.each([
    ['Thu, 01 Jan 2004 19:48:21 GMT', '2004-01-01T19:48:21.000Z'],
    ['Thu, 1 Jan 04 19:48 EST', '2004-01-02T00:48:00.000Z'],
    ['Thursday, 01-Jan-04 19:48:21 GMT', '2004-01-01T19:48:21.000Z'],
    ['01 Jan 2004 19:48:21 GMT+0530', '2004-01-01T14:18:21.000Z'],
    ['Sun, 29 Feb 2004 10:00:00 +1300', '2004-02-28T21:00:00.000Z'],
    ['Wed, 31 Dec 2003 24:00:00 GMT', '2004-01-01T00:00:00.000Z'],
    ['Mon Jan  2 15:04:05 2006', '2006-01-02T15:04:05.000Z'],
    ['Mon Jan  2 15:04:05 MST 2006', '2006-01-02T22:04:05.000Z'],
    ['2003-12-31T10:14:55+02:00', '2003-12-31T08:14:55.000Z'],
    ['2003-12-31 10:14:55', '2003-12-31T10:14:55.000Z'],
    ['2003-12-31 10:14:55 +0200', '2003-12-31T08:14:55.000Z'],
    ['2003-12-31T10:14Z', '2003-12-31T10:14:00.000Z'],
    ['20031231T101455Z', '2003-12-31T10:14:55.000Z'],
    ['2003-365', '2003-12-31T00:00:00.000Z'],
    ['2003', '2003-01-01T00:00:00.000Z'],
    ['January 5, 2024', '2024-01-05T00:00:00.000Z'],
    ['Jan. 5, 2024 at 3:07 p.m. ET', '2024-01-05T20:07:00.000Z'],
    ['Friday, January 5th, 2024', '2024-01-05T00:00:00.000Z'],
    ['5 janvier 2024 14:30', '2024-01-05T14:30:00.000Z'],
    ['5 de marzo de 2024', '2024-03-05T00:00:00.000Z'],
    ['5. März 2024, 14:30 MEZ', '2024-03-05T13:30:00.000Z'],
    ['Κυρ, 11 Ιούλ 2004 12:00:00 EST', '2004-07-11T17:00:00.000Z'],
    ['2024/05/06 07:08', '2024-05-06T07:08:00.000Z'],
    ['16.05.2024 07:08', '2024-05-16T07:08:00.000Z'],
    ['1714983300000', '2024-05-06T08:15:00.000Z'],
  ])('reads %s', (raw, expected) => {
    expect(parseDate(raw)).toBe(expected);
  });

  it.each([
    '',
    'now',
    'yesterday',
    '05/06/2024',
    '2024-13-01',
    '2024-02-30',
    'Mon, 32 May 2024 10:00:00 GMT',
    'Mon, 06 Foo 2024 10:00:00 GMT',
    '2024-05-06T25:00:00Z',
    '0000-00-00 00:00:00',
    '1',
    '12345678901234567890',
  ])('makes nothing of %j', (raw) => {
    expect(parseDate(raw)).toBeNull();
  });

  it('knows summer time where the source says its zone', () => {
    expect(parseDate('2024-01-05 12:00', 'Europe/Berlin')).toBe('2024-01-05T11:00:00.000Z');
    expect(parseDate('2024-07-05 12:00', 'Europe/Berlin')).toBe('2024-07-05T10:00:00.000Z');
    expect(parseDate('2024-07-05 12:00 GMT', 'Europe/Berlin')).toBe('2024-07-05T12:00:00.000Z');
  });

  it('reads back what any server writes, in each of the usual forms', () => {
    const dates = fc.date({ min: new Date('1970-01-02'), max: new Date('2069-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
        expect(parseDate(date.toISOString())).toBe(date.toISOString());
        expect(parseDate(whole.toUTCString())).toBe(whole.toISOString());
      }),
      { seed: 7 },
    );
  });

  it('gives a date or null for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d\s:.,/+-]*(?:Jan|Mai|pm|GMT)?[\d\s:.+-]*$/)), (raw) => {
        const read = parseDate(raw);
        if (read !== null) expect(new Date(read).toISOString()).toBe(read);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
