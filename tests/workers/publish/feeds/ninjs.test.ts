import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { ContractArticle } from '../../../../contract/contract.js';
import { renderNinjs } from '../../../../workers/publish/feeds/ninjs.js';
import { outgoing, retraction } from '../../../setup/outgoing.js';
import { NINJS_3_1 } from './ninjs-schema.js';

/** The schema as IPTC publishes it (https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json), where somebody put it. */
const official = process.env['NINJS_SCHEMA'] ?? '';

const story = { id: 's1', size: 2, coverage: [{ source: 'Gazette', url: 'https://gazette.example/b', title: 'Also' }] };
const categories = [{ path: 'world/asia', label: 'Asia', confidence: 0.734, by: 'model' as const }];
const messages = {
  'a full text': outgoing(
    {
      rights: { level: 'full', reason: 'The operator allows it.', signals: [] },
      image: { url: 'https://herald.example/a.jpg', alt: 'Quay', credit: 'E. Photo', width: 800, height: 500 },
    },
    { story, categories },
  ),
  'an excerpt': outgoing({}, { categories }),
  'a link without date, language and author': outgoing({
    authors: [],
    publishedAt: null,
    language: null,
    image: null,
    tags: [],
    rights: { level: 'link', reason: 'said so', signals: [] },
  }),
  'a retraction': retraction('0f8fad5b-d9cb-469f-a165-70867728950e', 3),
};

function validator(schema: object) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  // Places are not written, so what places may hold is not looked at.
  ajv.addSchema({ $id: 'https://geojson.org/schema/GeoJSON.json', type: 'object' });
  return ajv.compile(schema);
}

describe('ninjs', () => {
  const valid = validator(NINJS_3_1);

  it.each(Object.entries(messages))('is valid for %s', (_, { message }) => {
    expect([valid(renderNinjs(message)), valid.errors]).toEqual([true, null]);
  });

  it.skipIf(!existsSync(official)).each(Object.entries(messages))('is valid by the schema of IPTC for %s', (_, one) => {
    const byIptc = validator(JSON.parse(readFileSync(official, 'utf8')));
    expect([byIptc(renderNinjs(one.message)), byIptc.errors]).toEqual([true, null]);
  });

  it('is refused by the schema where it is wrong', () => {
    expect(valid({ ...renderNinjs(messages['an excerpt'].message), headline: 'as in ninjs 1' })).toBe(false);
    expect(valid({ ...renderNinjs(messages['an excerpt'].message), pubStatus: 'gone' })).toBe(false);
  });

  it('carries the Source link, and no more than the rights allow', () => {
    const { message } = messages['an excerpt'];
    if (message.type === 'article.retracted') throw new Error('not retracted');
    const made = renderNinjs(message);
    const article = ContractArticle.parse(message.article);
    expect(made).toMatchObject({
      uri: `urn:uuid:${message.id}`,
      version: '1',
      representationType: 'partial',
      by: 'Ada Byline',
      usageTerms: expect.stringContaining(`Source link: ${article.attribution.url}`),
      bodies: [{ contentType: 'text/html', value: expect.stringMatching(/>Source link<\/a><\/p>$/) }],
      subjects: expect.arrayContaining([expect.objectContaining({ literal: 'world/asia', confidence: 73 })]),
    });
    expect(JSON.stringify(made)).not.toContain('Second paragraph');
  });

  it('says canceled of a retracted article, under the same uri', () => {
    expect(renderNinjs(messages['a retraction'].message)).toMatchObject({
      uri: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e',
      pubStatus: 'canceled',
      version: '3',
      edNote: 'taken down at the publisher’s request',
    });
  });
});
