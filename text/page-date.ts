import { lexicon } from './lexicon.js';
import { MONTHS } from './words/calendar.js';

/** A moment or a day as somebody wrote it. */
export type WrittenDate = {
  /** YYYY-MM-DD, the calendar day as written. */
  day: string;
  /** HH:MM:SS as written; null when only a day is given. */
  time: string | null;
  /** Minutes east of UTC; null when the text names no zone. */
  offset: number | null;
};

/** Minutes east of UTC. CST, IST and BST have several meanings; these are the ones that news pages in their languages mean. */
const ZONES = lexicon<number>({
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  bst: 60,
  west: 60,
  cet: 60,
  mez: 60,
  cest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  мск: 180,
  gst: 240,
  pkt: 300,
  ist: 330,
  wib: 420,
  ict: 420,
  hkt: 480,
  sgt: 480,
  awst: 480,
  jst: 540,
  kst: 540,
  acst: 570,
  aest: 600,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  akst: -540,
  hst: -600,
  art: -180,
  brt: -180,
});
/** Names without daylight saving said: the zone whose rules decide. */
const REGIONS = lexicon<string>({
  et: 'America/New_York',
  ct: 'America/Chicago',
  mt: 'America/Denver',
  pt: 'America/Los_Angeles',
});

const MONTH_OF = new Map<string, number>();
for (const names of Object.values(MONTHS)) {
  names.forEach((spellings, i) => {
    for (const name of spellings) if (!MONTH_OF.has(name)) MONTH_OF.set(name, i + 1);
  });
}
const MONTH = `(?:${[...MONTH_OF.keys()].sort((a, b) => b.length - a.length).join('|')})`;
const ORDINAL = '(?:st|nd|rd|th|er|e|º|ª|\\.)?';
const FILLER = '[\\s,.]*(?:de|del|of|d’|den|the|di|do)?[\\s,.]*';
const DAY_MONTH = new RegExp(
  `(?<![\\p{L}\\d])(\\d{1,2})${ORDINAL}${FILLER}(${MONTH})(?!\\p{L})${FILLER}(\\d{4})(?!\\d)`,
  'iu',
);
const MONTH_DAY = new RegExp(`(?<!\\p{L})(${MONTH})(?!\\p{L})[\\s.]*(\\d{1,2})${ORDINAL}[\\s,]+(\\d{4})(?!\\d)`, 'iu');
const DAY_MONTH_SHORT_YEAR = new RegExp(
  `(?<![\\p{L}\\d])(\\d{1,2})[\\s-](${MONTH})(?!\\p{L})[\\s-](\\d{2}|\\d{4})(?!\\d)`,
  'iu',
);
const YEAR_FIRST = /(?<!\d)((?:19|20)\d{2})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)/u;
const YEAR_LAST = /(?<![\d./-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?((?:19|20)\d{2}|\d{2})(?![\d/-])/;
const COMPACT = /^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;
const ISO =
  /^([+]?\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+|\s*,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}:?\d{0,2})?)?/i;
const CLOCK = /(?<![\d:.])(\d{1,2})(?:\s?[:.h時시时]\s?(\d{2}))?(?:[:分](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?(?![\d:])/giu;

/**
 * Reads a date in ISO 8601, RFC 2822, epoch or the usual written forms of many languages. `dayFirst` decides 3/4/2024,
 * where the text itself does not. null when there is none, or none that can be.
 */
export function parseDate(text: string, options: { dayFirst?: boolean } = {}): WrittenDate | null {
  const trimmed = toAsciiDigits(text).replace(/[​‎‏]/g, '').trim();
  if (trimmed.length > 400 || trimmed.length < 6) return null;
  const iso = ISO.exec(trimmed);
  if (iso) {
    const [, y, m, d, hh, mm, ss, zone] = iso;
    return build(y, m, d, hh === undefined ? null : [hh, mm, ss], hh === undefined ? null : offsetOf(zone));
  }
  if (/^\d{10}(?:\d{3})?(?:\.\d+)?$/.test(trimmed)) {
    const at = new Date(Number(trimmed) * (trimmed.split('.')[0]?.length === 10 ? 1000 : 1)).toISOString();
    return { day: at.slice(0, 10), time: at.slice(11, 19), offset: 0 };
  }
  const compact = COMPACT.exec(trimmed);
  if (compact) {
    const [, y, m, d, hh, mm, ss, zone] = compact;
    return build(y, m, d, hh === undefined ? null : [hh, mm, ss], hh === undefined ? null : offsetOf(zone));
  }
  return parseWritten(trimmed, options.dayFirst ?? false);
}

function parseWritten(text: string, dayFirst: boolean): WrittenDate | null {
  const lower = text.toLowerCase();
  const found =
    match(DAY_MONTH, lower, ([, d, m, y]) => [y, MONTH_OF.get(m ?? ''), d]) ??
    match(MONTH_DAY, lower, ([, m, d, y]) => [y, MONTH_OF.get(m ?? ''), d]) ??
    match(YEAR_FIRST, lower, ([, y, m, d]) => [y, m, d]) ??
    match(DAY_MONTH_SHORT_YEAR, lower, ([, d, m, y]) => [y, MONTH_OF.get(m ?? ''), d]) ??
    match(YEAR_LAST, lower, ([, a, separator, b, y]) => {
      const first = separator === '.' || dayFirst || Number(a) > 12;
      return first && Number(b) <= 12 ? [y, b, a] : [y, a, b];
    });
  if (found === null) return null;
  const [[y, m, d], rest] = found;
  const clock = clockOf(rest);
  return build(y, m, d, clock?.time ?? null, clock ? zoneOf(rest, y, m, d) : null);
}

type Digits = string | number | undefined;
type Triple = [Digits, Digits, Digits];

function match(pattern: RegExp, text: string, read: (m: RegExpExecArray) => Triple): [Triple, string] | null {
  const m = pattern.exec(text);
  return m === null ? null : [read(m), `${text.slice(0, m.index)} ${text.slice(m.index + m[0].length)}`];
}

/** The first time of day in what stands around a date. */
function clockOf(text: string): { time: [Digits, Digits, Digits] } | null {
  for (const m of text.matchAll(CLOCK)) {
    const [, hours, minutes, seconds, half] = m;
    if (minutes === undefined && half === undefined) continue;
    let h = Number(hours);
    if (half && /p/i.test(half) && h < 12) h += 12;
    if (half && /a/i.test(half) && h === 12) h = 0;
    const noon = /午後|下午|오후|مساء/.test(text.slice(0, m.index)) && h < 12 ? 12 : 0;
    if (h + noon > 23 || Number(minutes ?? 0) > 59) continue;
    return { time: [h + noon, minutes ?? 0, seconds] };
  }
  return null;
}

function zoneOf(text: string, ...[y, m, d]: Triple): number | null {
  const numeric = /(?:utc|gmt)?\s?([+-]\d{1,2}(?::?\d{2})?)(?!\d|\/|\.)\b/i.exec(text);
  if (numeric?.[1] && /(?:utc|gmt)|[+-]\d{2}:?\d{2}/i.test(numeric[0])) return offsetOf(numeric[1]);
  for (const word of text.match(/\p{L}+/gu) ?? []) {
    const fixed = ZONES[word.toLowerCase()];
    if (fixed !== undefined && word.length > 1) return fixed;
    const region = REGIONS[word.toLowerCase()];
    if (region) return offsetAt(region, Date.UTC(Number(y), Number(m) - 1, Number(d), 12));
  }
  return null;
}

function offsetOf(zone: string | undefined): number | null {
  if (!zone) return null;
  if (/^(?:z|utc|gmt)$/i.test(zone)) return 0;
  const m = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (!m) return null;
  const minutes = Number(m[2]) * 60 + Number(m[3] ?? 0);
  return minutes > 14 * 60 ? null : m[1] === '-' ? -minutes : minutes;
}

function build(y: Digits, m: Digits, d: Digits, time: Triple | null, offset: number | null): WrittenDate | null {
  let year = Number(y);
  if (year < 100) year += 2000;
  const [month, day] = [Number(m), Number(d)];
  const real = new Date(Date.UTC(year, month - 1, day));
  if (year < 1990 || year > 2100 || real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return null;
  const two = (n: Digits) => String(n ?? 0).padStart(2, '0');
  const [hour, minute, second] = (time ?? [24, 0, 0]).map((n) => Number(n ?? 0));
  const isTime = (hour ?? 24) < 24 && (minute ?? 0) < 60 && (second ?? 0) <= 60;
  // A leap second is told as the one before it, since JavaScript knows none.
  const clock = isTime ? `${two(hour)}:${two(minute)}:${two(Math.min(second ?? 0, 59))}` : null;
  return { day: `${year}-${two(month)}-${two(day)}`, time: clock, offset: clock ? offset : null };
}

/** Arabic-Indic, Persian and Devanagari digits as ASCII ones. */
function toAsciiDigits(text: string): string {
  // The three blocks begin at U+0660, U+06F0 and U+0966.
  return text.replace(/[٠-٩۰-۹०-९]/g, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return String(code - (code >= 0x966 ? 0x966 : code >= 0x6f0 ? 0x6f0 : 0x660));
  });
}

/** Minutes east of UTC of an IANA time zone at an instant; 0 for a zone that does not exist. */
export function offsetAt(timezone: string, instant: number): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }).formatToParts(instant);
    const of = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
    const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
    return Math.round((local - Math.floor(instant / 60_000) * 60_000) / 60_000);
  } catch {
    return 0;
  }
}

/**
 * The instant in UTC, ISO 8601. A time without zone is read in `timezone`, else as UTC. A day without time stands for its
 * noon there, so that the calendar day stays right for nearly all readers.
 */
export function toInstant(date: WrittenDate, timezone: string | null): string {
  const local = Date.parse(`${date.day}T${date.time ?? '12:00:00'}Z`);
  const offset = date.offset ?? (timezone === null ? 0 : offsetAt(timezone, local));
  return new Date(local - offset * 60_000).toISOString();
}
