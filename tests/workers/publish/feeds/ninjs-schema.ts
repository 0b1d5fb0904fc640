/**
 * What IPTC ninjs 3.1 says of the properties that Sourcelink writes, closed: any other name is wrong. Written down from the
 * specification (https://iptc.org/std/ninjs/userguide/), so that tests need no network.
 */
const text = { type: 'string' };
const uri = { type: 'string', format: 'uri' };
const instant = { type: 'string', format: 'date-time' };
const whole = { type: 'integer' };
const percent = { type: 'integer', minimum: 0, maximum: 100 };

const closed = (properties: Record<string, object>, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: object) => ({ type: 'array', items });

const NEWS_TYPE = {
  enum: ['text', 'audio', 'video', 'picture', 'graphic', 'composite', 'component', 'event', 'planning'],
};
const headlines = list(closed({ role: text, contentType: text, value: text }, ['value']));
const descriptions = headlines;
const renditions = list(
  closed({ name: text, href: uri, contentType: text, title: text, width: whole, height: whole }, ['name']),
);
const associations = list(
  closed({ name: text, rel: text, uri, type: NEWS_TYPE, headlines, descriptions, by: text, renditions }, [
    'name',
    'uri',
  ]),
);

export const NINJS_3_1 = closed(
  {
    uri,
    type: NEWS_TYPE,
    version: text,
    versionCreated: instant,
    contentCreated: instant,
    firstCreated: instant,
    representationType: { enum: ['full', 'partial'] },
    pubStatus: { enum: ['usable', 'withheld', 'canceled'] },
    language: text,
    title: text,
    slugline: text,
    by: text,
    edNote: text,
    copyrightHolder: text,
    copyrightNotice: text,
    usageTerms: text,
    headlines,
    descriptions,
    associations,
    renditions,
    standard: closed({ name: text, version: text, schema: uri }),
    bodies: list(closed({ role: text, contentType: text, charCount: whole, wordCount: whole, value: text }, ['value'])),
    people: list(closed({ name: text, rel: text, uri, literal: text })),
    infoSources: list(closed({ name: text, role: text, uri, literal: text })),
    subjects: list(
      closed({ name: text, rel: text, uri, literal: text, creator: text, relevance: percent, confidence: percent }),
    ),
    altIds: list(closed({ role: text, value: text })),
    rightsInfo: {
      ...closed({ langId: uri, linkedRights: uri, encodedRights: text }),
      oneOf: [{ required: ['linkedRights'] }, { required: ['encodedRights'] }],
    },
  },
  ['uri'],
);
