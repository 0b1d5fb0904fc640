import { describe, expect, it } from 'vitest';
import { decode } from '../../text/charset.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...p].map((c) => c.charCodeAt(0)) : p)));

describe('charset', () => {
  it.each<[string, Uint8Array, string | undefined, string | null, string, string, string]>([
    [
      'a UTF-8 mark before all else',
      bytes([0xef, 0xbb, 0xbf], utf8('é').length ? [...utf8('é')] : []),
      'text/html; charset=windows-1252',
      null,
      'UTF-8',
      'byte order mark',
      'é',
    ],
    ['a UTF-16 mark', bytes([0xff, 0xfe, 0x41, 0, 0xe9, 0]), undefined, null, 'UTF-16LE', 'byte order mark', 'Aé'],
    [
      'the HTTP header before the meta',
      bytes('<meta charset="utf-8">', [0xe9]),
      'text/html; charset="ISO-8859-1"',
      null,
      'windows-1252',
      'HTTP header',
      '<meta charset="utf-8">é',
    ],
    [
      'a header label that does not exist: the meta',
      bytes('<meta charset="koi8-r">', [0xc1]),
      'text/html; charset=nonsense',
      null,
      'KOI8-R',
      'meta',
      '<meta charset="koi8-r">а',
    ],
    [
      'a meta charset',
      bytes('<meta charset=shift_jis>', [0x93, 0xfa]),
      undefined,
      null,
      'Shift_JIS',
      'meta',
      '<meta charset=shift_jis>日',
    ],
    [
      'a meta http-equiv',
      bytes('<meta http-equiv=Content-Type content="text/html; charset=big5">', [0xa4, 0xe5]),
      'text/html',
      null,
      'Big5',
      'meta',
      '<meta http-equiv=Content-Type content="text/html; charset=big5">文',
    ],
    [
      'a meta of UTF-16, which cannot be true',
      utf8('<meta charset="utf-16">é'),
      undefined,
      null,
      'UTF-8',
      'meta',
      '<meta charset="utf-16">é',
    ],
    [
      'the header though the bytes look like UTF-8',
      utf8('é'),
      'text/html; charset=latin1',
      null,
      'windows-1252',
      'HTTP header',
      'Ã©',
    ],
    [
      'an XML declaration',
      bytes('<?xml version="1.0" encoding="ISO-8859-2"?>', [0xb1]),
      undefined,
      null,
      'ISO-8859-2',
      'XML declaration',
      '<?xml version="1.0" encoding="ISO-8859-2"?>ą',
    ],
    [
      'nothing, but valid UTF-8',
      utf8('naïve – “quoted”'),
      'text/html',
      null,
      'UTF-8',
      'valid UTF-8',
      'naïve – “quoted”',
    ],
    [
      'nothing, cut off inside a character',
      utf8('naïve €').subarray(0, -1),
      undefined,
      null,
      'UTF-8',
      'valid UTF-8',
      'naïve \ufffd',
    ],
    [
      'nothing, and not UTF-8',
      bytes('caf', [0xe9, 0x20, 0x93, 0x94]),
      undefined,
      null,
      'windows-1252',
      'default',
      'café “”',
    ],
    ['nothing, and a Russian source', bytes([0xcf, 0xf0, 0xe8]), undefined, 'ru', 'windows-1251', 'language', 'При'],
    ['nothing, and a source in Taiwan', bytes([0xa4, 0xe5]), undefined, 'zh-TW', 'Big5', 'language', '文'],
    [
      'an encoding that browsers refuse to read',
      bytes('<p>ok</p>'),
      'text/html; charset=iso-2022-kr',
      null,
      'UTF-8',
      'valid UTF-8',
      '<p>ok</p>',
    ],
    ['no bytes', new Uint8Array(), undefined, null, 'UTF-8', 'valid UTF-8', ''],
  ])('follows %s', (_, page, header, language, charset, from, html) => {
    const decoded = decode(page, header, language);
    expect({ charset: decoded.charset, html: decoded.html }).toEqual({ charset, html });
    expect(decoded.from).toBe(from);
  });

  it('follows a meta behind the first kilobyte, as browsers do by starting over', () => {
    const page = bytes(`<!-- ${'x'.repeat(3000)} --><meta charset="windows-1251">`, [0xcf]);
    expect(decode(page, undefined)).toMatchObject({ charset: 'windows-1251', from: 'meta' });
  });

  it('reads a slice of a larger buffer', () => {
    const whole = utf8('xx<meta charset="utf-8">é');
    expect(decode(whole.subarray(2), undefined).html).toBe('<meta charset="utf-8">é');
  });
});
