/** One object of a page's JSON-LD. */
export type JsonLd = Record<string, unknown>;

const MAX_SCRIPT = 2_000_000;
const MAX_OBJECTS = 400;
const MAX_DEPTH = 12;

/** All JSON-LD objects of a page, flattened from arrays and `@graph`; what cannot be read even leniently is left out. */
export function readJsonLd(document: Document): JsonLd[] {
  const objects: JsonLd[] = [];
  for (const script of document.querySelectorAll('script[type]')) {
    if (!/^\s*application\/(?:[\w.-]+\+)?ld\+json/i.test(script.getAttribute('type') ?? '')) continue;
    const text = script.textContent ?? '';
    if (text.length > MAX_SCRIPT) continue;
    flatten(parseLenient(text), objects, 0);
  }
  return objects;
}

function flatten(value: unknown, into: JsonLd[], depth: number): void {
  if (depth > MAX_DEPTH || into.length >= MAX_OBJECTS) return;
  if (Array.isArray(value)) {
    for (const item of value) flatten(item, into, depth + 1);
  } else if (isObject(value)) {
    if ('@type' in value || '@id' in value || !('@graph' in value)) into.push(value);
    for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage', 'itemListElement', 'liveBlogUpdate']) {
      const inner = value[key];
      // Only these hold further objects of the page's own; lists of teasers and updates are not the article.
      if (key === 'itemListElement' || key === 'liveBlogUpdate') continue;
      if (typeof inner === 'object') flatten(inner, into, depth + 1);
    }
  }
}

/** A record, as JSON has it. */
export const isObject = (value: unknown): value is JsonLd =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses JSON with the faults that publishers' templates make; undefined when nothing helps. */
export function parseLenient(text: string): unknown {
  const bare = withoutCdata(text.trim())
    .replace(/^<!--|-->$/g, '')
    .trim()
    .replace(/;$/, '');
  const attempts = [
    () => bare,
    () => hintJson(bare),
    () => hintJson(decodeQuotes(bare)),
    () => `[${hintJson(bare).replace(/\}\s*\{/g, '},{')}]`,
  ];
  for (const attempt of attempts) {
    try {
      return JSON.parse(attempt());
    } catch {
      // The next attempt repairs more.
    }
  }
  return undefined;
}

/** The end is looked for from behind: a pattern that begins with blanks would look at each run of them again and again. */
function withoutCdata(text: string): string {
  const opened = text.replace(/^(?:\/\/|\/\*)?\s*<!\[CDATA\[\s*(?:\*\/)?/, '');
  const end = opened.lastIndexOf(']]>');
  if (end === -1 || !/^\s*(?:\*\/)?$/.test(opened.slice(end + 3))) return opened;
  return opened
    .slice(0, end)
    .trimEnd()
    .replace(/(?:\/\/|\/\*)$/, '');
}

/** Escapes raw control characters in strings; drops comments and trailing commas outside them. One pass. */
function hintJson(text: string): string {
  const out: string[] = [];
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (inString) {
      if (c === '\\') {
        const next = text.charAt(++i);
        out.push(/["\\/bfnrtu]/.test(next) ? c + next : next);
      } else if (c === '"') {
        inString = false;
        out.push(c);
      } else out.push(c < ' ' ? (c === '\n' ? '\\n' : c === '\t' ? '\\t' : ' ') : c);
    } else if (c === '"') {
      inString = true;
      out.push(c);
    } else if (c === '/' && text.charAt(i + 1) === '*') {
      const end = text.indexOf('*/', i + 2);
      i = end < 0 ? text.length : end + 1;
    } else if (c === '/' && text.charAt(i + 1) === '/') {
      const end = text.indexOf('\n', i);
      i = end < 0 ? text.length : end;
    } else if (c === ',' && /^[\s,]*[}\]]/.test(text.slice(i + 1, i + 200))) {
      // A comma before a closing bracket.
    } else out.push(c);
  }
  return out.join('');
}

const decodeQuotes = (text: string): string => text.replace(/&quot;|&#34;|&#x22;/gi, '"');

/** Types of an object, without their schema.org address. */
export function typesOf(object: JsonLd): string[] {
  const types = object['@type'];
  return (Array.isArray(types) ? types : [types])
    .filter((t): t is string => typeof t === 'string')
    .map((t) => t.replace(/^.*[/#:]/, ''));
}

const ARTICLE_TYPES = [
  'NewsArticle',
  'ReportageNewsArticle',
  'AnalysisNewsArticle',
  'OpinionNewsArticle',
  'BackgroundNewsArticle',
  'ReviewNewsArticle',
  'AskPublicNewsArticle',
  'LiveBlogPosting',
  'BlogPosting',
  'Article',
  'Report',
  'TechArticle',
  'ScholarlyArticle',
  'MedicalScholarlyArticle',
  'AdvertiserContentArticle',
  'SatiricalArticle',
  'SocialMediaPosting',
  'DiscussionForumPosting',
  'Review',
  'CriticReview',
  'ClaimReview',
  'Recipe',
  'HowTo',
  // Some templates give the page itself what belongs to its article.
  'WebPage',
];

/** The object that describes the page's article: the best type, and among equals the one with most to say. */
export function articleObject(objects: JsonLd[]): JsonLd | null {
  let best: JsonLd | null = null;
  let bestScore = 0;
  for (const object of objects) {
    const rank = Math.min(
      ...typesOf(object)
        .map((t) => ARTICLE_TYPES.indexOf(t))
        .map((i) => (i < 0 ? 99 : i)),
      99,
    );
    if (rank === 99 || (typesOf(object).includes('WebPage') && !('headline' in object && 'author' in object))) continue;
    const fields = ['headline', 'datePublished', 'author', 'articleBody', 'mainEntityOfPage'].filter(
      (f) => f in object,
    ).length;
    const score = 10 * fields + (ARTICLE_TYPES.length - rank) / ARTICLE_TYPES.length;
    if (score > bestScore) [best, bestScore] = [object, score];
  }
  return best;
}

/** Objects of a page by their `@id`, to follow references. */
export function byId(objects: JsonLd[]): Map<string, JsonLd> {
  const index = new Map<string, JsonLd>();
  for (const object of objects) {
    const id = object['@id'];
    if (typeof id === 'string' && Object.keys(object).length > 1 && !index.has(id)) index.set(id, object);
  }
  return index;
}

/** A field as text: a string, a number, or the first of a list. */
export function textField(object: JsonLd | null, name: string): string | null {
  let value = object?.[name];
  if (Array.isArray(value)) value = value[0];
  if (isObject(value)) value = value['@value'] ?? value['name'];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() ? value.trim() : null;
}

/** A field as a list of objects and strings, references followed. */
export function listField(object: JsonLd | null, name: string, index: Map<string, JsonLd>): (JsonLd | string)[] {
  const value = object?.[name];
  const items = Array.isArray(value) ? value.flat(2) : [value];
  return items.flatMap((item): (JsonLd | string)[] => {
    if (typeof item === 'string') return [index.get(item) ?? item];
    if (!isObject(item)) return [];
    const id = item['@id'];
    return [(typeof id === 'string' && !('name' in item) ? index.get(id) : undefined) ?? item];
  });
}
