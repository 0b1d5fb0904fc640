import { Vocabulary } from '../nearest.js';
import { wordsOf } from '../words.js';
import { CARD, type Card } from './cards.js';
import type { SiteDb } from './database.js';

export type Found = {
  cards: Card[];
  /** Number of results, counted up to `COUNTED`. */
  total: number;
  /** Folded words and prefixes that the results may highlight. */
  words: string[];
  /** The words that replaced a word that no article contains. */
  corrected: { from: string; to: string[] }[];
};

export const COUNTED = 500;
/** How many of the newest results are sorted by relevance; the others follow by time. */
const WEIGHED = 200;

export type SearchIndex = {
  find(query: string, page: { size: number; number: number }): Promise<Found>;
};

/** Full-text search that tolerates typing errors. Its vocabulary follows the table while the site runs. */
export function openSearch(db: SiteDb): SearchIndex {
  const vocabulary = new Vocabulary();
  let seen = 0;
  const refresh = async (): Promise<void> => {
    // A row gets its number before its commit, so the last few numbers are read again.
    const { rows } = await db.query<{ word: string; seq: number | string }>(
      'SELECT word, seq FROM site.word WHERE seq > $1::bigint ORDER BY seq',
      [Math.max(0, seen - 2000)],
    );
    for (const { word, seq } of rows) {
      vocabulary.add(word);
      seen = Math.max(seen, Number(seq));
    }
  };
  return {
    async find(query, { size, number }) {
      const asked = wordsOf(query).slice(0, 12);
      const nothing = { cards: [], total: 0, words: [], corrected: [] };
      if (asked.length === 0) return nothing;
      const exact = await run(db, asked.map(prefixed), size, number);
      if (exact.total > 0) return { ...exact, words: asked, corrected: [] };
      await refresh();
      const corrected: Found['corrected'] = [];
      const meant = asked.map((word) => {
        if (vocabulary.hasPrefix(word)) return [word];
        const to = vocabulary.nearest(word);
        if (to.length === 0) return [word];
        corrected.push({ from: word, to });
        return to;
      });
      if (corrected.length === 0) return nothing;
      const near = await run(
        db,
        meant.map((words) => `(${words.map(prefixed).join(' | ')})`),
        size,
        number,
      );
      return near.total > 0 ? { ...near, words: meant.flat(), corrected } : nothing;
    },
  };
}

/** A word as a prefix search. Words have only letters and digits, so quoting is a precaution. */
const prefixed = (word: string): string => (word.length < 2 ? `'${word}'` : `'${word}':*`);

async function run(db: SiteDb, parts: string[], size: number, number: number): Promise<Pick<Found, 'cards' | 'total'>> {
  const { rows } = await db.query<Card & { total: number }>(
    `WITH hit AS MATERIALIZED (
       -- Without the rank: to weigh an article, its words must be read from where they lie apart.
       SELECT id, sort_at FROM site.article WHERE search @@ to_tsquery('simple', $1)
       ORDER BY sort_at DESC, id DESC LIMIT ${COUNTED}
     ), placed AS (
       SELECT id, sort_at, row_number() OVER (ORDER BY sort_at DESC, id DESC) AS place FROM hit
     ), best AS (
       SELECT p.id, p.sort_at, round(ts_rank(w.search, to_tsquery('simple', $1))::numeric, 1) AS rank
       FROM placed p JOIN site.article w ON w.id = p.id WHERE p.place <= ${WEIGHED}
       UNION ALL SELECT id, sort_at, -1 FROM placed WHERE place > ${WEIGHED}
       ORDER BY rank DESC, sort_at DESC, id DESC LIMIT $2::int OFFSET $3::int
     )
     SELECT (SELECT count(*)::int FROM hit) AS total, ${CARD}
     FROM best JOIN site.article a ON a.id = best.id ORDER BY best.rank DESC, best.sort_at DESC, best.id DESC`,
    [parts.join(' & '), size, size * (number - 1)],
  );
  return { cards: rows, total: rows[0]?.total ?? 0 };
}
