import { describe, expect, it } from 'vitest';
import type { ContractArticle } from '../../contract/contract.js';
import { readersNotice } from '../../contract/notice.js';
import { wordDiff } from '../../text/word-diff.js';

const text = 'Harbour opens.\nThe ferry sails at nine, and 3 boats wait.\nFinal score 2-1';
const article = (more: Partial<ContractArticle> = {}): ContractArticle => ({
  id: 'a',
  slug: 'a',
  title: 'Harbour opens',
  excerpt: 'Harbour opens.',
  html: '',
  text,
  authors: ['Ada'],
  language: 'en',
  publishedAt: null,
  updatedAt: null,
  fetchedAt: '2026-03-02T11:00:00.000Z',
  readingMinutes: 1,
  wordCount: 9,
  image: { url: 'https://herald.example/a.jpg', alt: null, credit: null, width: null, height: null },
  categories: [{ path: 'sea', label: 'Sea', confidence: 0.6, by: 'keywords' }],
  tags: [],
  story: null,
  source: { id: 'herald', name: 'The Herald', homepage: 'https://herald.example/' },
  attribution: {
    label: 'Source link',
    url: 'https://herald.example/a',
    author: 'Ada',
    publisher: 'The Herald',
    publishedAt: null,
  },
  rights: { level: 'full', reason: '' },
  canonicalUrl: 'https://herald.example/a',
  noindex: true,
  ...more,
});

describe('what a reader would notice', () => {
  it.each([
    ['a word of the text', { text: text.replace('nine', 'ten') }],
    ['a number of the text', { text: text.replace('3 boats', '5 boats') }],
    ['a result on a line of its own', { text: text.replace('2-1', '2-2') }],
    ['the headline', { title: 'Harbour closes' }],
    ['the image', { image: null }],
    ['the category', { categories: [{ path: 'town', label: 'Town', confidence: 0.6, by: 'keywords' as const }] }],
    ['how much may be shown', { rights: { level: 'excerpt' as const, reason: '' } }],
  ])('is %s', (_, more) => expect(readersNotice(article(), article(more))).toBe(true));

  it.each([
    ['white space', { text: text.replaceAll('\n', '  \n\n ').replace('ferry sails', 'ferry  sails') }],
    ['the shape of quotes and dashes', { title: 'Harbour opens' }],
    ['a counter of views', { text: `1,204 views\n${text}\n17 comments` }],
    ['minutes of reading', { text: `3 min read\n${text}`, readingMinutes: 3 }],
    [
      'the time of the last change',
      { text: `Updated: 5 March 2026, 10:14\n${text}`, updatedAt: '2026-03-05T10:14:00.000Z' },
    ],
    [
      'how sure a category is',
      { categories: [{ path: 'sea', label: 'Sea', confidence: 0.9, by: 'keywords' as const }] },
    ],
    ['tags and times', { tags: ['x'], fetchedAt: '2026-03-03T11:00:00.000Z', publishedAt: '2026-03-01T11:00:00.000Z' }],
  ])('is not %s', (_, more) => expect(readersNotice(article(), article(more))).toBe(false));
});

describe('the diff of two texts', () => {
  it('names the words that went and came, and keeps the order of the rest', () => {
    expect(wordDiff('The council  puts off\nits vote', 'The council held its vote today')).toEqual([
      { kind: 'same', text: 'The council' },
      { kind: 'gone', text: 'puts off' },
      { kind: 'new', text: 'held' },
      { kind: 'same', text: 'its vote' },
      { kind: 'new', text: 'today' },
    ]);
  });
  it('finds nothing between equal texts, and everything where one is empty', () => {
    expect(wordDiff('a b', 'a\nb')).toEqual([{ kind: 'same', text: 'a b' }]);
    expect(wordDiff('', 'a b')).toEqual([{ kind: 'new', text: 'a b' }]);
  });
  it('tells two long rewritten texts apart without comparing each word with each', () => {
    const long = (word: string): string => Array.from({ length: 5000 }, (_, i) => `${word}${i}`).join(' ');
    expect(wordDiff(long('a'), long('b')).map((r) => r.kind)).toEqual(['gone', 'new']);
  });
});
