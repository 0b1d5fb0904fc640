import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sql } from 'kysely';
import type { FetchedPage } from '../crawlers/fetch/page.js';
import { json } from './articles.js';
import type { Db, PageTable, Tx } from './schema.js';

const deflate = promisify(gzip);
const inflate = promisify(gunzip);

export type PackedPage = Omit<PageTable, 'id' | 'candidateId'>;

/** Headers that say what may be republished: a page is another when one of them is. */
const RIGHTS_HEADERS = ['x-robots-tag', 'tdm-reservation', 'tdm-policy'];

/** The headers that later stages read; the rest is not worth its bytes. */
const KEPT_HEADERS = ['content-type', 'content-language', ...RIGHTS_HEADERS, 'link', 'last-modified', 'etag', 'date'];

/** Compresses a page on the thread pool, so that the ledger's transaction is short. */
export async function packPage(page: FetchedPage, fetchedAt: Date): Promise<PackedPage> {
  return {
    url: page.url,
    via: page.via,
    headers: Object.fromEntries(Object.entries(page.headers).filter(([name]) => KEPT_HEADERS.includes(name))),
    body: await deflate(page.bytes, { level: 4 }),
    bodyBytes: page.bytes.byteLength,
    bodyHash: createHash('sha1').update(page.bytes).update(rightsOf(page)).digest('base64url'),
    reservation: page.reservation ?? null,
    fetchedAt: fetchedAt,
  };
}

/** Empty for most pages, so that their hash is that of their bytes. */
function rightsOf({ headers, reservation }: FetchedPage): string {
  const said = RIGHTS_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : `${name}:${headers[name]}`));
  return [...said, ...(reservation ? [`tdmrep.json:${reservation.policy ?? ''}`] : [])].join('\n');
}

export async function insertPage(tx: Db | Tx, candidateId: number, page: PackedPage): Promise<number> {
  const { id } = await tx
    .insertInto('sourcelink.page')
    .values({
      ...page,
      candidateId: candidateId,
      headers: json(page.headers),
      reservation: page.reservation && json(page.reservation),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export type StoredPage = {
  id: number;
  url: string;
  via: 'http' | 'browser';
  headers: Record<string, string>;
  bytes: Uint8Array;
  bodyHash: string;
  reservation: PageTable['reservation'];
  fetchedAt: Date;
};

/** Pages by id; one that was cleared away meanwhile is missing from the answer. */
export async function readPages(db: Db, ids: number[]): Promise<Map<number, StoredPage>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('sourcelink.page').selectAll().where('id', 'in', ids).execute();
  const pages = await Promise.all(
    rows.map(async (r) => ({
      id: r.id,
      url: r.url,
      via: r.via,
      headers: r.headers,
      bytes: await inflate(r.body),
      bodyHash: r.bodyHash,
      reservation: r.reservation,
      fetchedAt: r.fetchedAt,
    })),
  );
  return new Map(pages.map((p) => [p.id, p]));
}

export async function bodyHashOf(db: Db, pageId: number): Promise<string | null> {
  const row = await db.selectFrom('sourcelink.page').select('bodyHash').where('id', '=', pageId).executeTakeFirst();
  return row?.bodyHash ?? null;
}

/** Deletes pages older than `keepMs` whose candidates wait for nothing. @returns how many */
export async function clearPages(db: Db, keepMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sourcelink.page p USING sourcelink.candidate c
    WHERE c.id = p.candidate_id AND c.outcome IS NOT NULL AND p.fetched_at < now() - make_interval(secs => ${keepMs / 1000})`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}
