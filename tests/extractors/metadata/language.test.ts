import { describe, expect, it } from 'vitest';
import { decideLanguage, normalizeLanguage } from '../../../extractors/metadata/language.js';

const texts = {
  en: 'The council met on Tuesday, heard both sides, and put off its vote until the spring. Members said that more time was needed before such a decision could be taken.',
  de: 'Der Rat trat am Dienstag zusammen, hörte beide Seiten an und vertagte die Abstimmung bis zum Frühjahr. Die Mitglieder sagten, es brauche mehr Zeit für eine solche Entscheidung.',
  nb: 'Rådet møttes tirsdag, hørte begge sider og utsatte avstemningen til våren. Medlemmene sa at det trengtes mer tid før en slik beslutning kunne tas i kommunestyret.',
  ja: '評議会は火曜日に開かれ、双方の意見を聞いたうえで、採決を春まで延期した。議員らは、このような決定を下すにはさらに時間が必要だと述べた。',
  cy: 'Cyfarfu y cyngor ddydd Mawrth, gwrandawodd ar y ddwy ochr, a gohiriodd ei bleidlais tan y gwanwyn. Dywedodd aelodau fod angen mwy o amser cyn penderfynu.',
};
const decide = (signs: Partial<Parameters<typeof decideLanguage>[0]>) =>
  decideLanguage({
    text: texts.en,
    declared: null,
    declaredBy: null,
    header: undefined,
    hint: null,
    source: null,
    ...signs,
  });

describe('language', () => {
  it.each([
    ['EN', 'en'],
    ['en_us', 'en-US'],
    ['pt-br', 'pt-BR'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['iw', 'he'],
    ['en-GB,en;q=0.8', 'en-GB'],
    ['', null],
    ['english', null],
    ['und', null],
    ['x', null],
    ['{{lang}}', null],
    ['xx', null],
    ['mul', null],
  ])('normalises %s', (tag, expected) => {
    expect(normalizeLanguage(tag)).toBe(expected);
  });

  it.each<[string, Parameters<typeof decide>[0], { language: string; from: string } | null]>([
    [
      'the page, with its country',
      { declared: 'en_GB', declaredBy: 'html lang' },
      { language: 'en-GB', from: 'html lang' },
    ],
    ['the text, where nobody says', {}, { language: 'en', from: 'text' }],
    [
      'the text, where a template says otherwise',
      { text: texts.de, declared: 'en', declaredBy: 'html lang' },
      { language: 'de', from: 'text (html lang says en)' },
    ],
    [
      'the header that fits, before a page that does not',
      { text: texts.de, declared: 'en', header: 'de-AT' },
      { language: 'de-AT', from: 'Content-Language header' },
    ],
    ['the feed', { text: 'Short.', hint: 'fr' }, { language: 'fr', from: 'feed' }],
    ['the source, last', { text: 'Short.', source: 'it' }, { language: 'it', from: 'source' }],
    ['the page, on a text too short to tell', { text: 'Der Rat.', declared: 'en' }, { language: 'en', from: 'page' }],
    [
      'the page, on languages too near to tell',
      { text: texts.nb, declared: 'nb-NO' },
      { language: 'nb-NO', from: 'page' },
    ],
    [
      'the page, on a language that the detector does not know',
      { text: texts.cy, declared: 'cy' },
      { language: 'cy', from: 'page' },
    ],
    ['a text without spaces', { text: texts.ja, declared: 'en' }, { language: 'ja', from: 'text (page says en)' }],
    ['nobody', { text: '' }, null],
  ])('follows %s', (_, signs, expected) => {
    expect(decide(signs)).toEqual(expected);
  });
});
