import { describe, expect, it } from 'vitest';
import type { Publisher } from '../../../extractors/metadata/publisher.js';
import { listedAs } from '../../../workers/outlets/known.js';
import { idFor, nameFor } from '../../../workers/outlets/naming.js';
import { rate } from '../../../workers/outlets/propose.js';
import { intervalFor } from '../../../workers/outlets/rhythm.js';
import { timezoneOf } from '../../../workers/outlets/timezone.js';
import { outlet } from '../../setup/desk.js';

const page = (names: string[], titleEnd: string | null = null): Publisher => ({
  names,
  titleEnd,
  locale: null,
  stamps: [],
});

describe('idFor', () => {
  it.each([
    ['https://www.herald.co.uk/', 'herald'],
    ['https://news.quay-times.example/sea/', 'quay-times'],
    ['https://tide.github.io/', 'tide'],
    ['http://192.0.2.7:8080/', '192-0-2-7'],
  ])('of %s is %s', (url, id) => {
    expect(idFor(url, new Set())).toBe(id);
  });

  it('takes in more of the address until it is free', () => {
    expect(idFor('https://news.herald.co.uk/sea', new Set(['herald']))).toBe('herald-news');
    expect(idFor('https://www.herald.co.uk/sea/', new Set(['herald']))).toBe('herald-sea');
    expect(idFor('https://www.herald.co.uk/', new Set(['herald', 'www-herald-co-uk']))).toBe('herald-2');
  });
});

describe('nameFor', () => {
  const url = 'https://www.quay.example/';

  it('is what most pages say, whatever one of them says first', () => {
    expect(nameFor(url, null, [page(['Quay']), page(['Quay Kitchen', 'Quay']), page(['quay'])]).name).toBe('Quay');
  });

  it('is the end that titles share when hardly a page says a name', () => {
    const pages = [page([], 'The Quay'), page([], 'The Quay'), page(['Quay Kitchen'], 'Recipes')];
    expect(nameFor(url, page([]), pages).name).toBe('The Quay');
  });

  it('is the host when pages agree on nothing', () => {
    expect(nameFor(url, null, [page(['A'], 'X'), page(['B'], 'Y'), page(['C'], 'Z')])).toMatchObject({
      name: 'quay.example',
    });
  });
});

describe('timezoneOf', () => {
  const winter = '2026-01-15T12:00:00Z';
  const summer = '2026-07-15T12:00:00Z';
  const stamps = (...offsets: [at: string, offset: number][]) => offsets.map(([at, offset]) => ({ at, offset }));

  it('is the zone of the country whose offsets fit, in summer and winter', () => {
    expect(timezoneOf('quay.example', null, 'en', stamps([winter, -300], [summer, -240]))?.timezone).toBe(
      'America/New_York',
    );
    expect(timezoneOf('quay.example', null, 'en', stamps([winter, -480], [summer, -420]))?.timezone).toBe(
      'America/Los_Angeles',
    );
    expect(timezoneOf('kai.example', null, 'de', stamps([winter, 60], [summer, 120]))?.timezone).toBe('Europe/Berlin');
    expect(timezoneOf('kai.at', null, 'de', stamps([winter, 60]))?.timezone).toBe('Europe/Vienna');
    expect(timezoneOf('quay.example', 'en-IN', 'en', stamps([winter, 330]))?.timezone).toMatch(
      /^Asia\/(?:Kolkata|Calcutta)$/,
    );
  });

  it('is unknown where no country fits, or dates disagree', () => {
    expect(timezoneOf('quay.example', null, 'de', stamps([winter, -300]))).toBeNull();
    expect(timezoneOf('quay.example', null, 'en', stamps([winter, -300], [winter, 60], [winter, 540]))).toBeNull();
    expect(timezoneOf('quay.io', null, 'en', [])).toBeNull();
    expect(timezoneOf('quay.us', null, 'en', [])).toBeNull();
  });

  it('needs no dates where a country has one zone', () => {
    expect(timezoneOf('quay.co.uk', null, null, [])?.timezone).toBe('Europe/London');
  });
});

describe('intervalFor', () => {
  const every = (hours: number, n = 20) =>
    intervalFor(
      Array.from({ length: n }, (_, i) => new Date(Date.UTC(2026, 2, 1) - i * hours * 3_600_000).toISOString()),
    );

  it('looks about four times for each article, never oftener than each ten minutes, never less than twice a day', () => {
    expect(every(0.2, 50)?.every).toBe('10m');
    expect(every(2)?.every).toBe('30m');
    expect(every(12)?.every).toBe('3h');
    expect(every(24 * 14)?.every).toBe('12h');
    expect(every(1, 3)).toBeNull();
  });

  it('takes a list of one moment for a day of work', () => {
    expect(every(0)?.perDay).toBe(19);
  });

  it('is told in the unit that fits', () => {
    expect([30.4, 1, 0.5, 0.05, 0.001].map(rate)).toEqual([
      'about 30 a day',
      'about 1 a day',
      'about 4 a week',
      'about 2 a month',
      'about 1 a month',
    ]);
  });
});

describe('listedAs', () => {
  it('knows a home page and a feed in any spelling', () => {
    const sources = [
      outlet('herald', 'H'),
      outlet('quay', 'Q', { feeds: ['https://feeds.example/quay?utm_source=x'] }),
    ];
    expect(listedAs(sources, ['http://www.herald.example'])).toMatchObject({ id: 'herald' });
    expect(listedAs(sources, ['https://feeds.example/quay/'])).toMatchObject({ id: 'quay' });
    expect(listedAs(sources, ['https://herald.example/sea'])).toBeNull();
  });
});
