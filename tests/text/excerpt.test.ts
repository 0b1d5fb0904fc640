import { describe, expect, it } from 'vitest';
import { countWords, excerptOf, shorten } from '../../text/excerpt.js';

const sentence = (n: number) => `${Array.from({ length: n - 1 }, (_, i) => `Word${i}`).join(' ')} end. `;

describe('excerpt', () => {
  it.each([
    ['Two words', null, 2],
    ['It’s a well-known 3.5 % rise – really', 'en', 6],
    ['', null, 0],
    ['— … *', null, 0],
    ['評議会は火曜日に開かれた。', 'ja', 7],
    ['สภาประชุมวันอังคาร', 'th', 4],
    ['평의회는 화요일에 열렸다', 'ko', 3],
  ])('counts the words of "%s"', (text, language, words) => {
    const counted = countWords(text, language);
    // The dictionaries of ICU change a little between versions.
    if (/[\p{Script=Han}\p{Script=Thai}]/u.test(text)) expect(Math.abs(counted - words)).toBeLessThanOrEqual(2);
    else expect(counted).toBe(words);
  });

  it('takes whole sentences as long as they fit', () => {
    const text = sentence(20).repeat(5);
    expect(countWords(excerptOf(text, 'en'), 'en')).toBe(40);
    expect(excerptOf(text, 'en')).toMatch(/end\.$/);
  });

  it('keeps a first sentence that is somewhat long, and cuts one that is much too long', () => {
    expect(excerptOf(sentence(65), 'en')).toMatch(/end\.$/);
    const cut = excerptOf(sentence(200), 'en');
    expect([countWords(cut, 'en'), cut.endsWith(' …')]).toEqual([55, true]);
  });

  it('does not end at an abbreviation', () => {
    const text = `${'The talks went on, said Gen. '.padStart(60)}Smith of the U.S. Army, who was there. ${sentence(60)}`;
    expect(excerptOf(text, 'en', 12)).toMatch(/who was there\.$/);
  });

  it('joins lines and reads scripts without spaces', () => {
    expect(excerptOf('First line.\n\nSecond  line.', 'en')).toBe('First line. Second line.');
    expect(excerptOf('評議会は火曜日に開かれた。'.repeat(30), 'ja')).toMatch(/。$/);
  });

  it('is quick on a text without any end', () => {
    const started = performance.now();
    excerptOf('x'.repeat(3_000_000), null);
    countWords('字'.repeat(300_000), 'zh');
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it.each([
    ['en', 'The council met. It put off its vote until the spring. Nobody was surprised.', 'The council met.'],
    ['ja', '評議会が開かれた。採決は春まで延期された。誰も驚かなかった。', '評議会が開かれた。'],
    ['zh', '市议会周二开会。投票推迟到春天。没有人感到意外。', '市议会周二开会。'],
    ['hi', 'परिषद की बैठक हुई। मतदान वसंत तक टाल दिया गया। कोई हैरान नहीं हुआ।', 'परिषद की बैठक हुई।'],
    ['ar', 'اجتمع المجلس. وأجل التصويت حتى الربيع. لم يفاجأ أحد.', 'اجتمع المجلس.'],
    ['am', 'ምክር ቤቱ ተሰበሰበ። ድምፅ መስጠቱ ተላለፈ። ማንም አልተገረመም።', 'ምክር ቤቱ ተሰበሰበ።'],
  ])('ends at a sentence within the allowed characters: %s', (language, text, first) => {
    const characters = first.length + 3;
    expect(shorten(text, language, { words: 50, characters })).toBe(first);
    expect(shorten(text, language, { words: 50, characters: text.length })).toBe(text);
    const cut = shorten(text, language, { words: 50, characters: first.length - 1 });
    expect(cut.length).toBeLessThan(first.length);
    expect(cut).toMatch(/ …$/);
  });

  it('marks a cut where the end of the text is not known', () => {
    expect(shorten('word '.repeat(5000), 'en', { words: 10, characters: null })).toBe(`${'word '.repeat(10)}…`);
    expect(shorten('', 'en', { words: 10, characters: 5 })).toBe('');
  });
});
