import { describe, expect, it } from 'vitest';
import { escapeHtml, escapeQuoted, escapeText } from '../../text/escape.js';

describe('escape', () => {
  it.each([
    ['text keeps quotes', escapeText, `&amp;lt; &lt;b&gt; "'`],
    ['a double-quoted value keeps apostrophes', escapeQuoted, `&amp;lt; &lt;b&gt; &quot;'`],
    ['HTML keeps neither', escapeHtml, '&amp;lt; &lt;b&gt; &quot;&#39;'],
  ])('%s', (_, write, written) => {
    expect(write(`&lt; <b> "'`)).toBe(written);
  });
});
