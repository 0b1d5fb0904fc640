import { seeded } from '../faults/outlets.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What is wrong with an outlet; null for most. */
export type Trouble = 'error' | 'silent' | 'garbled' | 'cut' | 'by turns' | 'busy';
/** One outlet of forty has each, which makes three of twenty troubled. */
const TROUBLES: readonly Trouble[] = ['error', 'silent', 'garbled', 'cut', 'by turns', 'busy'];
const EACH_OF = 40;
/** How often outlets are looked at, in turn: at their own rhythm, or at fixed times. */
const EVERY = ['auto', '30m', '15m..2h', '1h'] as const;
const EVERY_MOST_MS = [6, 0.5, 2, 1].map((hours) => hours * HOUR_MS);
/** What an outlet's feed held before the first look. */
const BACKLOG = 3;

export type Piece = {
  path: string;
  title: string;
  /** When it was published, corrected and taken down, in milliseconds of simulated time; null for never. */
  at: number;
  correctedAt: number | null;
  goneAt: number | null;
  /** Pieces with the same text have the same one: the report of another outlet, printed word for word. */
  text: number;
};

export type Outlet = {
  id: string;
  every: string;
  /** The longest that a sound outlet is left alone. */
  everyMostMs: number;
  trouble: Trouble | null;
  /** Oldest first. */
  pieces: Piece[];
};

/** Outlets with two to six articles a day, some of them corrected, copied from one another or taken down; the same for a seed. */
export function inventOutlets(options: { seed: number; outlets: number; start: number; hours: number }): Outlet[] {
  const { seed, start, hours } = options;
  const random = seeded(seed);
  let texts = 0;
  const later = (at: number, share: number, least: number): number | null =>
    random() < share ? at + least + random() * 3 * HOUR_MS : null;
  const told: Piece[] = [];
  return Array.from({ length: options.outlets }, (_, o): Outlet => {
    const turn = o % EVERY.length;
    const count = Math.round(((2 + 5 * random()) * hours) / 24);
    const times = [
      ...Array.from({ length: BACKLOG }, () => start - random() * 20 * HOUR_MS),
      ...Array.from({ length: count }, () => start + random() * hours * HOUR_MS),
    ].sort((a, b) => a - b);
    const pieces = times.map((at, i): Piece => {
      const from = random() < 0.08 ? told[Math.floor(random() * told.length)] : undefined;
      const near = from !== undefined && Math.abs(from.at - at) < 3 * HOUR_MS ? from : undefined;
      const text = near?.text ?? ++texts;
      const piece = {
        path: `/${i}-report-${text}.html`,
        title: near?.title ?? titleOf(text),
        at,
        text,
        correctedAt: later(at, 0.1, 30 * MINUTE_MS),
        goneAt: later(at, 0.03, 60 * MINUTE_MS),
      };
      told.push(piece);
      return piece;
    });
    const trouble = TROUBLES[(o % EACH_OF) - 7] ?? null;
    return { id: `outlet-${o}`, every: EVERY[turn] ?? 'auto', everyMostMs: EVERY_MOST_MS[turn] ?? 0, trouble, pieces };
  });
}

const SYLLABLES = 'ba bran ce cor del di fen fo gar gu ha hol je ki lo mu na pe ri so tu va we xi yo zu';
const BODIES =
  'council court ministry union hospital harbour library museum railway theatre factory committee bakery orchestra';
const DEEDS =
  'opened closed moved repaired counted painted questioned delayed praised sold measured rented cancelled extended';
const THINGS =
  'bridge budget timetable archive market tunnel ferry school garden report tower contract festival reservoir lamp';
const WHEN = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday';
const ROOT = 7919;

type Pick = (words: string) => string;

function speaker(seed: number): { pick: Pick; word: () => string; random: () => number } {
  const random = seeded(seed);
  const pick: Pick = (words) => {
    const all = words.split(' ');
    return all[Math.floor(random() * all.length)] ?? '';
  };
  const word = () => Array.from({ length: 3 }, () => pick(SYLLABLES)).join('');
  return { pick, word, random };
}

/** Reports of different events: their titles share hardly a word. */
export function titleOf(text: number): string {
  const { pick, word, random } = speaker(text * ROOT);
  return `${capital(word())} ${word()} ${pick(DEEDS)} ${word()} ${pick(THINGS)} near ${capital(word())} ${Math.floor(random() * 900)}`;
}

const capital = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`;

/** The paragraphs of a report, in plain invented English; `corrected` changes two of them for the eye of a reader. */
export function paragraphsOf(text: number, corrected: boolean): string[] {
  const { pick, word, random } = speaker(text * ROOT + 1);
  const name = () => capital(word());
  const number = () => String(2 + Math.floor(random() * 9000));
  const sentences: (() => string)[] = [
    () => `The ${pick(BODIES)} of ${name()} said on ${pick(WHEN)} that it had ${pick(DEEDS)} the ${pick(THINGS)}.`,
    () => `About ${number()} people live near the ${pick(THINGS)}, which ${name()} ${name()} ${pick(DEEDS)} last year.`,
    () => `"We never ${pick(DEEDS)} a ${pick(THINGS)} like this one," said ${name()} ${name()} of the ${pick(BODIES)}.`,
    () => `In ${name()} the ${pick(BODIES)} and the ${pick(BODIES)} had ${pick(DEEDS)} it for ${number()} crowns.`,
    () => `A ${pick(BODIES)} in ${name()} will decide on ${pick(WHEN)} whether the ${pick(THINGS)} is ${pick(DEEDS)}.`,
  ];
  const sentence = () => (sentences[Math.floor(random() * sentences.length)] ?? name)();
  const paragraphs = Array.from({ length: 6 }, () => Array.from({ length: 4 }, sentence).join(' '));
  if (!corrected) return paragraphs;
  return paragraphs.map((p, i) => (i % 3 === 1 ? `${Array.from({ length: 4 }, sentence).join(' ')} ${p}` : p));
}
