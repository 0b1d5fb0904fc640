import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Readability } from '@mozilla/readability';
import { getDomain } from 'tldts';
import { z } from 'zod';
import { messageOf, SourcelinkError } from '../../config/errors.js';
import { readBody } from '../../extractors/body.js';
import { parseDocument } from '../../extractors/dom.js';
import type { PageInput } from '../../extractors/extract.js';
import { readMetadata } from '../../extractors/metadata.js';
import type { PageDigest } from '../../extractors/profile/digest.js';
import { learnAndJudge } from '../../extractors/profile/judge.js';
import type { Profile } from '../../extractors/profile.js';
import { signalsOf } from '../../extractors/read-article.js';
import { type Extracted, type SetScore, scoreBody, scoreSet, type Truth, tokensOf } from './score.js';

export type EvaluationOptions = {
  /** Which half of each set, by the first hexadecimal digit of the SHA-256 of a page's id: even is `dev`. */
  half?: 'dev' | 'frozen' | 'all';
  /** How many of the worst pages to explain. */
  worst?: number;
  /** Give each page the profile learned from its outlet's other pages. */
  byOutlet?: boolean;
  /** Whether plain Readability runs beside ours. */
  plain?: boolean;
  /** What pages are taken to have been fetched at; ISO 8601. */
  fetchedAt: string;
  /** Called after each page. */
  onPage?: (done: number, total: number) => void;
};

export type WorstPage = { set: string; id: string; url: string; f1: number; missing: string[]; surplus: string[] };

export type SetEvaluation = {
  name: string;
  ours: SetScore;
  plain: SetScore | null;
  /** Share of plain Readability's error (1 − F1) that ours takes away. */
  errorTaken: number | null;
  /** Pages that the quality gate would refuse, by reason; their text is scored all the same. */
  refused: Record<string, number>;
  cpuMsPerPage: number;
};

export type ExtractionEvaluation = {
  half: 'dev' | 'frozen' | 'all';
  byOutlet: boolean;
  sets: SetEvaluation[];
  worst: WorstPage[];
  failed: { set: string; id: string; reason: string }[];
  outputs: Record<string, Extracted>;
};

const TruthFile = z.record(
  z.string(),
  z.object({
    url: z.string(),
    body: z.string(),
    title: z.string().optional(),
    authors: z.array(z.string()).optional(),
    date: z.string().optional(),
  }),
);

/** The labelled sets below `dir`: itself when it holds truth.json, else its folders. @throws SourcelinkError `CONFIG_MISSING` */
export function extractionSets(dir: string): string[] {
  if (existsSync(join(dir, 'truth.json'))) return [dir];
  const below = existsSync(dir) ? readdirSync(dir, { withFileTypes: true }) : [];
  const sets = below.filter((d) => d.isDirectory() && existsSync(join(dir, d.name, 'truth.json')));
  if (sets.length > 0) return sets.map((d) => join(dir, d.name)).sort();
  throw new SourcelinkError('CONFIG_MISSING', `${dir} holds no labelled pages: truth.json is missing.`, {
    mend: 'Name a folder with truth.json and pages/<id>.html.gz, or one that holds such folders.',
  });
}

/** Whether a page belongs to the half that rules may be made from. */
export const isDev = (id: string): boolean =>
  Number.parseInt(createHash('sha256').update(id).digest('hex').charAt(0), 16) % 2 === 0;

/** Runs extraction over labelled pages and scores it beside plain Readability. @throws SourcelinkError when `dir` is no set */
export function evaluateExtraction(dir: string, options: EvaluationOptions): ExtractionEvaluation {
  const half = options.half ?? 'all';
  const result: ExtractionEvaluation = {
    half,
    byOutlet: options.byOutlet ?? false,
    sets: [],
    worst: [],
    failed: [],
    outputs: {},
  };
  const sets = extractionSets(dir).map((path) => ({ path, name: basename(path), truth: readTruth(path, half) }));
  const total = sets.reduce((sum, s) => sum + s.truth.length, 0);
  let done = 0;
  for (const { path, name, truth } of sets) {
    const items: { id: string; truth: Truth; ours: Extracted; plain: Extracted }[] = [];
    let cpu = 0;
    const refused: Record<string, number> = {};
    const profiles = options.byOutlet ? outletProfiles(path, truth, options) : null;
    for (const [id, page] of truth) {
      const html = gunzipSync(readFileSync(join(path, 'pages', `${id}.html.gz`)));
      const started = process.cpuUsage();
      const ours = attempt(
        () => extractPage(html, page.url, options, profiles?.(id) ?? null, refused),
        result,
        name,
        id,
      );
      const spent = process.cpuUsage(started);
      cpu += (spent.user + spent.system) / 1000;
      const plain = options.plain === false ? EMPTY : attempt(() => plainReadability(html), result, name, id);
      items.push({ id, truth: page, ours, plain });
      result.outputs[id] = ours;
      options.onPage?.(++done, total);
    }
    const ours = scoreSet(items.map((i) => ({ truth: i.truth, output: i.ours })));
    const plain = options.plain === false ? null : scoreSet(items.map((i) => ({ truth: i.truth, output: i.plain })));
    result.sets.push({
      name,
      ours,
      plain,
      errorTaken: plain && plain.f1 < 1 ? 1 - (1 - ours.f1) / (1 - plain.f1) : null,
      refused,
      cpuMsPerPage: items.length === 0 ? 0 : cpu / items.length,
    });
    if (half !== 'frozen')
      result.worst.push(...items.filter((i) => isDev(i.id)).map((i) => explain(name, i.id, i.truth, i.ours)));
  }
  result.worst = result.worst.sort((a, b) => a.f1 - b.f1).slice(0, options.worst ?? 0);
  return result;
}

const EMPTY: Extracted = { articleBody: '', title: null, authors: [], date: null };

function readTruth(path: string, half: 'dev' | 'frozen' | 'all'): [string, Truth][] {
  const truth = TruthFile.safeParse(JSON.parse(readFileSync(join(path, 'truth.json'), 'utf8')));
  if (!truth.success) {
    throw new SourcelinkError('CONFIG_INVALID', `${path}/truth.json: ${z.prettifyError(truth.error)}`, {
      mend: 'Write {id: {url, body, title?, authors?, date?}}.',
    });
  }
  // zod's optional fields may be undefined, ours are absent: leave out what is not there.
  const clean = (t: (typeof truth.data)[string]): Truth => JSON.parse(JSON.stringify(t));
  return Object.entries(truth.data)
    .filter(([id]) => half === 'all' || isDev(id) === (half === 'dev'))
    .map(([id, page]) => [id, clean(page)]);
}

function attempt(run: () => Extracted, result: ExtractionEvaluation, set: string, id: string): Extracted {
  try {
    return run();
  } catch (error) {
    result.failed.push({ set, id, reason: messageOf(error) });
    return EMPTY;
  }
}

/** Gives each page the profile of its outlet, learned from the other pages alone; none where a pipeline would not use it. */
function outletProfiles(
  path: string,
  truth: [string, Truth][],
  options: EvaluationOptions,
): (id: string) => Profile | null {
  const digests = new Map<string, { outlet: string; digest: PageDigest }>();
  for (const [id, { url }] of truth) {
    const html = gunzipSync(readFileSync(join(path, 'pages', `${id}.html.gz`)));
    try {
      const body = readPage(html, url, options, null).body;
      if (body) digests.set(id, { outlet: getDomain(url) ?? new URL(url).hostname, digest: body.digest });
    } catch {
      // A page that cannot be read teaches nothing; it is reported when its turn comes.
    }
  }
  return (id) => {
    const own = digests.get(id);
    if (!own) return null;
    const others = [...digests].filter(([other, d]) => other !== id && d.outlet === own.outlet);
    const judged = learnAndJudge(others.map(([, d]) => d.digest));
    return judged?.wins ? { version: 1, ...judged.profile } : null;
  };
}

function extractPage(
  html: Uint8Array,
  url: string,
  options: EvaluationOptions,
  profile: Profile | null,
  refused: Record<string, number>,
): Extracted {
  const { metadata, body } = readPage(html, url, options, profile);
  const kind = body?.notArticle?.kind;
  if (kind) refused[kind] = (refused[kind] ?? 0) + 1;
  return {
    articleBody: body?.text ?? '',
    title: metadata.title,
    authors: metadata.authors,
    date: metadata.publishedDay ?? null,
  };
}

function readPage(html: Uint8Array, url: string, options: EvaluationOptions, profile: Profile | null) {
  const document = parseDocument(new TextDecoder().decode(html));
  const page = pageInput(html, url, options.fetchedAt);
  const metadata = readMetadata(document, page);
  const body = readBody(document, {
    url,
    title: metadata.title,
    authors: metadata.authors,
    rules: page.source.rules,
    jsonLdBody: metadata.jsonLdBody,
    signals: signalsOf(metadata),
    profile,
  });
  return { metadata, body };
}

/** A page of an outlet that nobody has configured. */
function pageInput(bytes: Uint8Array, url: string, fetchedAt: string): PageInput {
  const { hostname, origin } = new URL(url);
  return {
    url,
    bytes,
    headers: {},
    fetchedAt,
    source: {
      id: hostname,
      name: hostname,
      url: `${origin}/`,
      language: null,
      timezone: null,
      republish: 'full',
      rules: { remove: [] },
    },
    hints: {
      title: null,
      authors: [],
      publishedAt: null,
      updatedAt: null,
      summary: null,
      image: null,
      language: null,
      tags: [],
    },
    profile: null,
    limits: { maxBytes: 64e6, maxElements: 1e6, maxDepth: 1e4, minWords: 0 },
  };
}

function plainReadability(html: Uint8Array): Extracted {
  const read = new Readability(parseDocument(new TextDecoder().decode(html))).parse();
  return {
    articleBody: read?.textContent ?? '',
    title: read?.title ?? null,
    authors: read?.byline ? [read.byline] : [],
    date: read?.publishedTime ?? null,
  };
}

/** Lines that one side has and the other has not. */
function explain(set: string, id: string, truth: Truth, ours: Extracted): WorstPage {
  const lines = (text: string) => text.split('\n').filter((line) => tokensOf(line).length > 0);
  const lacking = (from: string, to: string) => {
    const have = new Set(tokensOf(to).map((_, i, all) => all.slice(i, i + 3).join(' ')));
    return lines(from).filter((line) => {
      const tokens = tokensOf(line);
      const grams = tokens.map((_, i) => tokens.slice(i, i + 3).join(' ')).slice(0, Math.max(1, tokens.length - 2));
      return grams.filter((g) => have.has(g)).length < grams.length / 2;
    });
  };
  return {
    set,
    id,
    url: truth.url,
    f1: scoreBody(truth.body, ours.articleBody).f1,
    missing: lacking(truth.body, ours.articleBody),
    surplus: lacking(ours.articleBody, truth.body),
  };
}
