import { hashText } from '../analysis/similarity/shingles.js';

type Row = { id: string; date: string; title: string; body: string };

/** A text made of one or two others. */
export type MadeEdit = Row & { source: string; edit: string; of: string[] };

/** One in so many texts is made into each kind. */
const EVERY = 20;
const MIN_SENTENCES = 12;
/** Of what a cut leaves, and of the words that noise spoils. */
const CUT = 0.4;
const NOISE = 0.08;
const DAY_MS = 86_400_000;

/**
 * Copies of kinds that a set of edits may lack, heavier ones: a passage alone, words spoilt as by a bad scan, paragraphs in
 * another order, two reports in one. The same texts give the same copies. Each appears the day after its text.
 */
export function madeEdits(rows: readonly Row[]): MadeEdit[] {
  return Object.entries(KINDS).flatMap(([edit, make]) =>
    rows.flatMap((row, i) => {
      const next = random(hashText(`${edit} ${row.id}`));
      const sentences = sentencesOf(row.body);
      if (next() > 1 / EVERY || sentences.length < MIN_SENTENCES) return [];
      const other = rows.slice(i + 1, i + 20).find((r) => sentencesOf(r.body).length >= MIN_SENTENCES);
      if (!other) return [];
      const { body, of } = make(row, sentences, other, next);
      const date = new Date(Date.parse(row.date) + DAY_MS).toISOString().slice(0, 10);
      return [{ id: `${edit} ${row.id}`, source: `made ${edit}`, date, title: row.title, body, edit, of }];
    }),
  );
}

type Make = (row: Row, sentences: string[], other: Row, next: () => number) => { body: string; of: string[] };

const KINDS: Record<string, Make> = {
  made_cut40: ({ id }, sentences, _other, next) => {
    const length = Math.ceil(sentences.length * CUT);
    const from = Math.floor(next() * (sentences.length - length + 1));
    return { body: sentences.slice(from, from + length).join(' '), of: [id] };
  },
  made_noise8: ({ id, body }, _sentences, _other, next) => ({
    body: body.replace(/\p{L}{3,}/gu, (word) => (next() < NOISE ? spoilt(word, next) : word)),
    of: [id],
  }),
  made_reorder: ({ id }, sentences, _other, next) => {
    const parts: string[] = [];
    for (let i = 0; i < sentences.length; i += 3) parts.push(sentences.slice(i, i + 3).join(' '));
    for (let i = parts.length - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      [parts[i], parts[j]] = [parts[j] ?? '', parts[i] ?? ''];
    }
    return { body: parts.join('\n'), of: [id] };
  },
  made_two: ({ id, body }, _sentences, other) => ({ body: `${body}\n${other.body}`, of: [id, other.id] }),
};

const sentencesOf = (body: string): string[] => body.split(/(?<=[.!?…]["”’]?)\s+/u).filter((s) => s.trim() !== '');

function spoilt(word: string, next: () => number): string {
  const at = 1 + Math.floor(next() * (word.length - 2));
  return `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}x`.slice(0, word.length + 1);
}

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let x = seed || 1;
  return () => {
    x = (Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const y = Math.imul(x ^ (x >>> 13), 0x297a2d39);
    return ((y ^ (y >>> 16)) >>> 0) / 2 ** 32;
  };
}
