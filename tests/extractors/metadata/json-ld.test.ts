import { describe, expect, it } from 'vitest';
import { parseLenient } from '../../../extractors/metadata/json-ld.js';

const made = { '@type': 'NewsArticle', headline: 'Vote put off' };
const json = JSON.stringify(made);

describe('JSON-LD as templates write it', () => {
  it.each([
    ['in a CDATA section', `<![CDATA[${json}]]>`],
    ['in a CDATA section behind line comments', `//<![CDATA[\n${json}\n//]]>`],
    ['in a CDATA section behind comments', `/*<![CDATA[*/\n${json}\n/*]]>*/`],
    ['in a comment', `<!-- ${json} -->`],
    ['with a semicolon behind it', `${json};`],
    ['with a comma too many', json.replace('}', ',}')],
    ['with a line break in a string', json.replace('put off', 'put off\\n').replace('\\\\n', '\n')],
    ['with quotes as entities', json.replaceAll('"', '&quot;')],
  ])('is read %s', (_, text) => {
    expect(parseLenient(text)).toMatchObject({
      '@type': 'NewsArticle',
      headline: expect.stringContaining('Vote put off'),
    });
  });

  it('takes several objects in a row', () => {
    expect(parseLenient(`${json} ${json}`)).toEqual([made, made]);
  });

  it('keeps what a text says of CDATA', () => {
    const said = { ...made, headline: 'What ]]> means' };
    expect(parseLenient(JSON.stringify(said))).toEqual(said);
  });

  it('reads a megabyte of blanks once', () => {
    const said = { ...made, datePublished: `${' '.repeat(1_000_000)}2026` };
    expect(parseLenient(JSON.stringify(said))).toEqual(said);
  }, 5000);
});
