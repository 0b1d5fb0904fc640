import { CARD, type Card, newestOfEach } from './cards.js';
import type { SiteDb } from './database.js';

export type Front = {
  /** The first is the largest. */
  lead: Card[];
  hot: Card[];
  editors: Card[];
  picks: Card[];
  panels: { path: string; label: string; cards: Card[] }[];
  latest: Card[];
};

/** How many of the newest articles are weighed, from the two days before the newest one. */
const WEIGHED = 240;
const WINDOW_MS = 48 * 3_600_000;
/** How many pinned articles are shown, newest pins first. */
const PINS = 6;

type Weighed = Card & { outlets: number };

/**
 * The front page. An article appears once, and once more at most in its category's panel; a story appears once among the
 * leads. The site does not track readers, so What's Hot lists what many outlets report.
 */
export async function frontOf(
  db: SiteDb,
  options: { panels: readonly { path: string; label: string }[]; picks: readonly string[] },
): Promise<Front> {
  const [all, panels, named, pins] = await Promise.all([
    recent(db),
    newestOfEach(
      db,
      'category',
      options.panels.map((p) => p.path),
      5,
    ),
    picked(db, options.picks),
    pinnedCards(db),
  ]);
  const taken = new Set<string>();
  const take = (from: readonly Card[], count: number, once: (c: Card) => string, not: string[] = []): Card[] => {
    const seen = new Set<string>(not);
    const chosen: Card[] = [];
    for (const card of from) {
      if (chosen.length === count) break;
      if (taken.has(card.id) || seen.has(once(card))) continue;
      seen.add(once(card));
      taken.add(card.id);
      chosen.push(card);
    }
    return chosen;
  };
  const story = (c: Card) => c.storyId ?? c.id;
  // What an editor pinned stays where the editor put it.
  const chosen = take(pins, PINS, (c) => c.id);
  const lead = take([...all].sort(byWeight(all[0]?.sortAt ?? new Date(0))), 5, story);
  const hot = take(
    [...all].sort((a, b) => b.outlets - a.outlets || b.sortAt.getTime() - a.sortAt.getTime()),
    5,
    story,
    lead.map(story),
  );
  const long = [...all].sort((a, b) => b.readingMinutes - a.readingMinutes || b.sortAt.getTime() - a.sortAt.getTime());
  const editors = [...chosen, ...take(long, Math.max(0, 4 - chosen.length), (c) => c.category?.path ?? c.id)];
  const picks = take(named ?? all, 4, (c) => c.source.id);
  return {
    lead,
    hot,
    editors,
    picks,
    panels: options.panels
      .map(({ path, label }) => ({ path, label, cards: panels.get(path) ?? [] }))
      .filter((p) => p.cards.length > 0),
    latest: take(all, 8, (c) => c.id),
  };
}

/** The weight of an article as a lead: coverage, freshness, a picture and enough text to read. */
function byWeight(newest: Date): (a: Weighed, b: Weighed) => number {
  const weight = (c: Weighed): number => {
    const hours = (newest.getTime() - c.sortAt.getTime()) / 3_600_000;
    return Math.log2(1 + Math.min(c.outlets, 16)) + (c.image ? 1.2 : 0) + (c.excerpt === '' ? -1 : 0.4) - hours / 8;
  };
  return (a, b) => weight(b) - weight(a) || b.sortAt.getTime() - a.sortAt.getTime();
}

async function recent(db: SiteDb): Promise<Weighed[]> {
  const { rows } = await db.query<Weighed>(
    `SELECT ${CARD}, (a.card->>'outlets')::int AS outlets
     FROM site.article a ORDER BY a.sort_at DESC, a.id DESC LIMIT ${WEIGHED}`,
  );
  const newest = rows[0]?.sortAt.getTime() ?? 0;
  const fresh = rows.filter((c) => newest - c.sortAt.getTime() <= WINDOW_MS);
  // If nothing arrived for a while, the front page is still full.
  return fresh.length >= 30 ? fresh : rows.slice(0, 30);
}

/** The newest articles of the sources that the operator named; null when none are named. */
async function picked(db: SiteDb, sources: readonly string[]): Promise<Card[] | null> {
  if (sources.length === 0) return null;
  const each = await newestOfEach(db, 'source', sources, 4);
  return [...each.values()].flat().sort((a, b) => b.sortAt.getTime() - a.sortAt.getTime());
}

async function pinnedCards(db: SiteDb): Promise<Card[]> {
  const { rows } = await db.query<Card>(
    `SELECT ${CARD} FROM site.pin p JOIN site.article a ON a.id = p.article_id ORDER BY p.pinned_at DESC LIMIT ${PINS}`,
  );
  return rows;
}
