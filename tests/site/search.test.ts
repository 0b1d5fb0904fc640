import { describe, expect, it } from 'vitest';
import { slipsBetween, Vocabulary } from '../../site/nearest.js';
import { piecesOf } from '../../site/view/search.js';
import { keyOf, textOf, wordsOf } from '../../site/words.js';
import { published } from './messages.js';
import { openForTest } from './open.js';

describe('search', () => {
  it('finds prefixes, forgives slips and accents, and marks what it found', async () => {
    const o = await openForTest();
    try {
      await o.site.receive(published('a', { title: 'Régions négocient un traité', tags: [] }));
      await o.site.receive(published('b', { title: 'Harbour pilots vote', tags: [] }));
      expect(await o.text('/search?q=negoc')).toContain('<mark>négocient</mark>');
      const slip = await o.text('/search?q=piltos');
      expect(slip).toContain('<mark>pilots</mark>');
      expect(slip).toContain('No article contains “piltos”');
      // A word that only a later article has is known as soon as that article is.
      expect(await o.text('/search?q=telescpoe')).toContain('No articles found');
      await o.site.receive(published('c', { title: 'A telescope of old mirrors', tags: [] }));
      expect(await o.text('/search?q=telescpoe')).toContain('<mark>telescope</mark>');
      for (const odd of ["'", "a' | b", '!!!', '((', '\\', ':*', '<b>', '\u0000', 'ß', '漢字'])
        expect((await o.get(`/search?q=${encodeURIComponent(odd)}`)).status, odd).toBe(200);
      expect((await o.get(`/search?q=pilots&n=abc`)).status).toBe(200);
    } finally {
      await o.close();
    }
  });

  it('counts letters left out, added, mistaken and swapped as one slip each', () => {
    expect(slipsBetween('harbour', 'harbour', 2)).toBe(0);
    expect(slipsBetween('harbor', 'harbour', 2)).toBe(1);
    expect(slipsBetween('harbuor', 'harbour', 2)).toBe(1);
    expect(slipsBetween('harpour', 'harbour', 2)).toBe(1);
    expect(slipsBetween('kitten', 'sitting', 3)).toBe(3);
    expect(slipsBetween('kitten', 'mountain', 2)).toBe(3);
  });

  it('offers the nearest words, those with the same beginning first, and nothing for what is too far', () => {
    const v = new Vocabulary();
    for (const w of ['council', 'counsel', 'harbour', 'storm', 'stork']) v.add(w);
    expect(v.nearest('councli')).toEqual(['council']);
    expect(v.nearest('stor')).toEqual(['stork', 'storm']);
    expect(v.nearest('zzzzzzz')).toEqual([]);
    expect(v.hasPrefix('harb')).toBe(true);
    expect(v.hasPrefix('harp')).toBe(false);
  });

  it('stays quick with many words', () => {
    const v = new Vocabulary();
    for (let i = 0; i < 200_000; i++) v.add(`${(i * 7919).toString(36)}${(i % 977).toString(36)}word`);
    const started = performance.now();
    v.nearest('harbuorword');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('marks words that begin with one searched for, whatever their accents and case', () => {
    expect(piecesOf('Négocient, un «traité»', ['nego', 'traite']).filter((p) => p.found)).toEqual([
      { text: 'Négocient', found: true },
      { text: 'traité', found: true },
    ]);
  });

  it('reads words, keys and text', () => {
    expect(wordsOf('U.S. Foreign-Policy 2026')).toEqual(['u', 's', 'foreign', 'policy', '2026']);
    expect(keyOf('José Ortega')).toBe('jose-ortega');
    expect(textOf('<p>One &amp; two</p><ul><li>three</li></ul>')).toBe('One & two\nthree');
  });
});
