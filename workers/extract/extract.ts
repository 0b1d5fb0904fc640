import { createHash, randomUUID } from 'node:crypto';
import { codeOf, messageOf } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { slugOf } from '../../contract/message.js';
import { cleanUrl, urlKey } from '../../crawlers/url.js';
import type { Article, PageInput } from '../../extractors/article.js';
import type { Profile } from '../../extractors/profile/profile.js';
import { type ArticleContent, saveArticle } from '../../ledger/articles.js';
import { OUTSIDE, type Range, rangesOf } from '../../ledger/backfill.js';
import { advance, type Claimed, claim, settle, unchanged } from '../../ledger/candidates.js';
import { readPages, type StoredPage } from '../../ledger/pages.js';
import { activeProfiles, saveDigest } from '../../ledger/profiles.js';
import type { Context } from '../context.js';
import { type Lesson, learnRendering, mayShowMore, worthATry } from '../crawl/rendering.js';
import { pageRetracted } from '../editorial/retracted-by-source.js';
import { addByLane } from '../lanes.js';
import { inputOf } from '../page-input.js';
import type { IdsJob } from '../queues.js';
import { heldBy, stepFailed, whileHeld } from '../step.js';
import { learnProfiles } from './profiles.js';

/** Verdicts on the page itself: it was read rightly and is no article. */
const NO_ARTICLE = ['EXTRACT_EMPTY', 'EXTRACT_NOT_ARTICLE', 'EXTRACT_RETRACTED'];

/** Reads the pages of these candidates and writes what they say; each page by itself, one that fails hinders no other. */
export async function extract(ctx: Context, job: IdsJob): Promise<void> {
  const claimed = await claim(ctx.db, 'extract', job.ids, ctx.owner);
  const pages = await readPages(
    ctx.db,
    claimed.flatMap((c) => c.pageId ?? []),
  );
  const profiles = await activeProfiles(ctx.db, [...new Set(claimed.map((c) => c.sourceId))]);
  const ranges = await rangesOf(ctx.db, [
    ...new Set(claimed.flatMap((c) => (c.lane === 'backfill' ? c.sourceId : []))),
  ]);
  const done: Claimed[] = [];
  const lessons = new Map<string, Lesson[]>();
  await Promise.all(
    claimed.map(async (c) => {
      const page = c.pageId === null ? undefined : pages.get(c.pageId);
      const known = { profile: profiles.get(c.sourceId) ?? null, range: ranges.get(c.sourceId) ?? null };
      const isArticle = await whileHeld(ctx, c, () => extractOne(ctx, c, page, known));
      if (isArticle) done.push(c);
      const lesson = page && isArticle !== null && lessonOf(ctx.sources.get(c.sourceId), c, page, isArticle);
      if (lesson) lessons.set(c.sourceId, [...(lessons.get(c.sourceId) ?? []), lesson]);
    }),
  );
  for (const [sourceId, taught] of lessons) await learnRendering(ctx, sourceId, taught);
  if (done.length === 0) return;
  await addByLane(ctx, 'dedupe', done);
  await learnProfiles(
    ctx,
    done.map((c) => c.sourceId),
  );
}

/** What a page that is read for the first time tells of whether its source needs the browser. */
function lessonOf(source: Source | undefined, c: Claimed, page: StoredPage, isArticle: boolean): Lesson | null {
  // An archive's pages may be of another time than those that are to come.
  if (source?.render !== 'auto' || c.articleId !== null || c.lane !== 'fresh') return null;
  if (page.via === 'http') return isArticle ? { sample: 'static', compared: false } : null;
  // One that went straight to the browser does not say what the static page would have held.
  if (!c.render) return null;
  return isArticle ? { sample: 'empty', compared: false } : { sample: 'fruitless' };
}

/** @returns true when the candidate goes on to dedupe */
async function extractOne(
  ctx: Context,
  c: Claimed,
  page: StoredPage | undefined,
  { profile, range }: { profile: Profile | null; range: Range | null },
): Promise<boolean> {
  const held = heldBy(ctx, c);
  const source = ctx.sources.get(c.sourceId);
  if (!source) {
    await settle(ctx.db, held, {
      outcome: 'rejected',
      code: 'SOURCE_REMOVED',
      reason: `source ${c.sourceId} is no longer configured`,
    });
    return false;
  }
  if (!page) {
    // The page was cleared away before anybody read it: it is fetched again.
    await advance(ctx.db, held, 'fetch', { pageId: null, etag: null, lastModified: null });
    return false;
  }
  let article: Article;
  const end = ctx.meter.start('sourcelink_extraction_duration_seconds', {});
  try {
    article = await ctx.extractor.extract(pageInput(ctx, source, c, page, profile)).finally(end);
    ctx.meter.add('sourcelink_extractions_total', { outcome: 'article', code: '' });
  } catch (error) {
    ctx.meter.add('sourcelink_extractions_total', { outcome: 'failed', code: codeOf(error) });
    await afterFailure(ctx, source, c, page, error);
    return false;
  }
  const outside = range && c.lane === 'backfill' && isOutside(range, article.publishedAt);
  if (outside && c.articleId === null) {
    const reason = `published ${article.publishedAt?.slice(0, 10)}, outside of the days asked for`;
    await settle(ctx.db, held, { outcome: 'rejected', code: OUTSIDE, reason });
    return false;
  }
  const content = toContent(article, c, page, ctx.now());
  await ctx.db.transaction().execute(async (tx) => {
    const id = await saveArticle(tx, content);
    await saveDigest(tx, { candidateId: c.id, sourceId: c.sourceId, digest: article.digest });
    await advance(tx, held, 'dedupe', { articleId: id });
  });
  return true;
}

/** An archive's dates of URLs and changes say roughly when an article was published; its page says it exactly. */
function isOutside({ since, until }: Range, publishedAt: string | null): boolean {
  if (publishedAt === null) return false;
  const at = Date.parse(publishedAt);
  return at < since.getTime() || (until !== null && at > until.getTime());
}

function pageInput(ctx: Context, source: Source, c: Claimed, page: StoredPage, profile: Profile | null): PageInput {
  const { title, authors, publishedAt, updatedAt, summary, image, language, tags } = c.hints;
  const hints = { title, authors, publishedAt, updatedAt, summary, image, language, tags };
  return inputOf(ctx.settings, source, page, hints, profile);
}

/** No article in a static page may mean that scripts write it: the browser looks once. Else the verdict stands. */
async function afterFailure(ctx: Context, source: Source, c: Claimed, page: StoredPage, error: unknown): Promise<void> {
  const held = heldBy(ctx, c);
  const code = codeOf(error);
  const verdict = NO_ARTICLE.includes(code);
  const published = c.articleId !== null;
  const mayAsk = source.render === 'auto' && page.via === 'http' && ctx.browser !== null && !published;
  if (mayAsk && mayShowMore(error) && (await worthATry(ctx, source.id))) {
    ctx.log.debug(
      { source: source.id, candidate: c.id, url: page.url },
      'no article in the static page: to the browser',
    );
    await advance(ctx.db, held, 'fetch', { render: true });
    return;
  }
  if (await pageRetracted(ctx, c, error)) return;
  if (verdict && published) {
    await unchanged(ctx.db, held, { fetchedAt: page.fetchedAt, note: { code, reason: messageOf(error) } });
  } else if (verdict) {
    await settle(ctx.db, held, { outcome: 'rejected', code, reason: messageOf(error) });
  } else {
    return stepFailed(ctx, c, { stage: 'extract', error, published });
  }
  ctx.log.info({ source: source.id, candidate: c.id, url: page.url, code }, messageOf(error));
}

/** The article's row as it is first written; `id` is taken only for a candidate that has none. */
export function toContent(
  a: Article,
  c: Pick<Claimed, 'id' | 'sourceId'>,
  page: Pick<StoredPage, 'fetchedAt'>,
  now: Date,
): ArticleContent {
  const id = randomUUID();
  return {
    id,
    candidateId: c.id,
    sourceId: c.sourceId,
    // A copy that names its original elsewhere is looked up by that.
    urlKey: urlKey(a.syndicatedFrom ?? a.canonicalUrl),
    canonicalUrl: cleanUrl(a.canonicalUrl),
    slug: slugOf(a.title, id),
    title: a.title,
    authors: a.authors,
    agency: a.agency,
    publishedAt: date(a.publishedAt),
    updatedAt: date(a.updatedAt),
    fetchedAt: page.fetchedAt,
    firstSeenAt: now,
    language: a.language,
    excerpt: a.excerpt,
    text: a.text,
    html: a.html,
    image: a.image,
    tags: a.tags,
    section: a.section,
    wordCount: a.wordCount,
    rights: a.rights,
    noindex: a.noindex,
    provenance: a.provenance,
    contentHash: contentHash(a),
  };
}

const date = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));

/** Of what a reader would notice; dates and tags alone make no new revision. */
function contentHash(a: Article): string {
  const noticed: unknown[] = [
    a.canonicalUrl,
    a.title,
    a.authors,
    a.text,
    a.image?.url ?? null,
    a.rights.level,
    a.noindex,
  ];
  // Only where there is one, so that the hashes of all other articles stay what they were.
  if (a.rights.maxCharacters !== null) noticed.push(a.rights.maxCharacters);
  return createHash('sha256').update(JSON.stringify(noticed)).digest('base64url');
}
