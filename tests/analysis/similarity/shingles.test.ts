import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countShared,
  fingerprintOf,
  indexedOf,
  sharedOf,
  sharedPassage,
  shinglesOf,
  sketchOf,
} from '../../../analysis/similarity/shingles.js';
import { tokenise } from '../../../text/tokens.js';
import { prose } from '../../setup/desk.js';

const words = fc.array(fc.constantFrom('sea', 'land', 'wind', 'rain', 'sun', 'ice'), { maxLength: 60 });

describe('shingles', () => {
  it('are an ascending set, one for each run of five words', () => {
    fc.assert(
      fc.property(words, (w) => {
        const s = shinglesOf(w);
        expect([...s]).toEqual([...new Set(s)].sort((a, b) => a - b));
        const runs = new Set(w.slice(0, Math.max(0, w.length - 4)).map((_, i) => w.slice(i, i + 5).join(' ')));
        expect(s.length).toBe(w.length === 0 ? 0 : Math.max(1, runs.size));
      }),
    );
  });

  it('are shared the same way in both directions, and wholly with themselves', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [x, y] = [shinglesOf(a), shinglesOf(b)];
        expect(countShared(x, y)).toBe(countShared(y, x));
        expect(countShared(x, y)).toBe(sharedOf(x, y).length);
        expect(countShared(x, x)).toBe(x.length);
      }),
    );
  });

  it('are looked up by the same ones in every text that has them', () => {
    const [a, b] = [shinglesOf(tokenise(prose(1, 80))), shinglesOf(tokenise(`${prose(1, 80)} ${prose(2, 80)}`))];
    const found = new Set(indexedOf(b));
    expect(indexedOf(a).filter((h) => !found.has(h)).length).toBeLessThanOrEqual(24);
    expect(indexedOf(a).length).toBeLessThan(a.length / 4);
  });

  it('have one fingerprint whatever case, quotes and line breaks', () => {
    const a = sketchOf('“We’re open,” she said.\nThe harbour is calm.');
    const b = sketchOf('"WE\'RE OPEN," she said. The harbour is calm.');
    expect(a.fingerprint).toBe(b.fingerprint);
    expect(a.fingerprint).not.toBe(fingerprintOf(['other']));
  });

  it('know which of them are quotation', () => {
    const text = `She said: “${prose(1, 3)}” ${prose(2, 3)}`;
    const { shingles, quoted } = sketchOf(text);
    const said = shinglesOf(tokenise(prose(1, 3)));
    expect(countShared(quoted, said)).toBe(said.length);
    expect(countShared(quoted, shinglesOf(tokenise(prose(2, 3))))).toBe(0);
    expect(countShared(quoted, shingles)).toBe(quoted.length);
  });

  it('are those of the beginning of a text without end', () => {
    const [words, more] = [500_000, 600_000].map((n) => Array.from({ length: n }, (_, i) => `w${i}`).join(' '));
    const { shingles, fingerprint } = sketchOf(words ?? '');
    expect(shingles.length).toBeGreaterThan(50_000);
    expect(indexedOf(shingles).length).toBeLessThan(10_000);
    expect(sketchOf(more ?? '').fingerprint).toBe(fingerprint);
  });

  it('show the longest passage that two texts have', () => {
    const other = shinglesOf(tokenise(`Nothing here. ${prose(3, 2)} Nor there.`));
    expect(sharedPassage(`Our own beginning. ${prose(3, 2)} Our own end.`, other, 100)).toBe(
      tokenise(prose(3, 2)).join(' '),
    );
    expect(sharedPassage('Something else entirely, of no interest.', other)).toBe('');
  });

  it('tell one Chinese report from another', () => {
    const a = sketchOf('北京市政府周二宣布，将在未来三年内投资建设十条新的地铁线路，以缓解城市交通拥堵问题。');
    const b = sketchOf(
      '新华社消息：北京市政府周二宣布，将在未来三年内投资建设十条新的地铁线路，以缓解城市交通拥堵问题。',
    );
    const c = sketchOf('上海股市周三收盘下跌，投资者担心全球经济增长放缓将影响出口企业的利润。');
    expect(countShared(a.shingles, b.shingles) / a.shingles.length).toBeGreaterThan(0.9);
    expect(countShared(a.shingles, c.shingles)).toBe(0);
  });
});
