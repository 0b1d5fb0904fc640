import { describe, expect, it } from 'vitest';
import { chooseCanonical } from '../../../extractors/metadata/canonical.js';

describe('canonical', () => {
  it.each([
    [
      'https://www.news.example.com/a',
      'https://www.news.example.com/b?x=1',
      'https://www.news.example.com/a',
      'canonical',
    ],
    ['https://example.com/a', 'http://m.example.com/a', 'https://example.com/a', 'canonical'],
    ['/a#comments', 'https://n.example.com/b', 'https://n.example.com/a', 'canonical'],
    ['https://other.com/a', 'https://n.example.com/a', 'https://n.example.com/a', 'URL'],
    ['https://b.github.io/a', 'https://a.github.io/a', 'https://a.github.io/a', 'URL'],
    ['https://b.co.uk/a', 'https://a.co.uk/a', 'https://a.co.uk/a', 'URL'],
    ['https://n.example.com/', 'https://n.example.com/a', 'https://n.example.com/a', 'URL'],
    ['https://n.example.com/?p=12', 'https://n.example.com/a', 'https://n.example.com/?p=12', 'canonical'],
    ['javascript:void(0)', 'https://n.example.com/a', 'https://n.example.com/a', 'URL'],
    ['http://127.0.0.1:8081/a', 'http://127.0.0.1:8080/a', 'http://127.0.0.1:8080/a', 'URL'],
    [null, 'https://n.example.com/a?utm_source=x&id=7&fbclid=1#top', 'https://n.example.com/a?id=7', 'URL'],
  ] as const)('is %s declared on %s: %s', (declared, page, url, from) => {
    expect(chooseCanonical(declared, page)).toEqual({ url, from });
  });
});
