import type { Known } from '../analysis/similarity/judge.js';
import { hashText, sharedPassage } from '../analysis/similarity/shingles.js';
import { containment } from './edit-scores.js';

type Row = { id: string; source: string; date: string; title: string; body: string };
type Side = Omit<Row, 'body'>;

/** Two natural texts and what was said of them, for a person to judge. */
export type NaturalPair = {
  called: 'duplicate' | 'related';
  /** As it was decided: boilerplate of the outlets left out. */
  score: number;
  /** Shared shingles as a share of the smaller text, nothing left out. */
  containment: number;
  passage: string;
  text: Side;
  other: Side;
};

/** What was said of one text. */
export type Said = {
  id: string;
  duplicate: { id: string; score: number } | null;
  related: { id: string; score: number }[];
};

/** The pairs among natural texts, at most so many of each kind, chosen by their ids alone. */
export function naturalPairs(
  rows: readonly Row[],
  said: readonly Said[],
  texts: ReadonlyMap<string, Known>,
  most: number,
): NaturalPair[] {
  const byId = new Map(rows.map((r) => [r.id, r]));
  const pairs: NaturalPair[] = [];
  for (const { id, duplicate, related } of said) {
    const calls = [
      ...(duplicate ? [{ called: 'duplicate' as const, ...duplicate }] : []),
      ...related.map((r) => ({ called: 'related' as const, ...r })),
    ];
    const row = byId.get(id);
    for (const { called, id: otherId, score } of calls) {
      const [other, known] = [byId.get(otherId), texts.get(otherId)];
      if (!row || !other || !known) continue;
      pairs.push({
        called,
        score,
        containment: containment(texts.get(id), known),
        passage: sharedPassage(row.body, known.shingles),
        text: sideOf(row),
        other: sideOf(other),
      });
    }
  }
  const order = (p: NaturalPair): number => hashText(`${p.text.id} ${p.other.id}`);
  pairs.sort((a, b) => order(a) - order(b));
  return (['duplicate', 'related'] as const).flatMap((kind) => pairs.filter((p) => p.called === kind).slice(0, most));
}

const sideOf = ({ id, source, date, title }: Row): Side => ({ id, source, date, title });
