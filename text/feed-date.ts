import { lexicon } from './lexicon.js';

/** Offsets in minutes of the zone names seen in feeds; RFC 822 knows the American ones only. */
const ZONES = lexicon<number>({
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 60,
  bst: 60,
  ist: 330,
  cet: 60,
  met: 60,
  mez: 60,
  cest: 120,
  mest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  sast: 120,
  cat: 120,
  wat: 60,
  eat: 180,
  msk: 180,
  trt: 180,
  gst: 240,
  pkt: 300,
  wib: 420,
  ict: 420,
  hkt: 480,
  sgt: 480,
  pht: 480,
  awst: 480,
  jst: 540,
  kst: 540,
  acst: 570,
  acdt: 630,
  aest: 600,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  ast: -240,
  adt: -180,
  nst: -210,
  ndt: -150,
  brt: -180,
  art: -180,
  est: -300,
  edt: -240,
  et: -300,
  cst: -360,
  cdt: -300,
  ct: -360,
  mst: -420,
  mdt: -360,
  mt: -420,
  pst: -480,
  pdt: -420,
  pt: -480,
  akst: -540,
  akdt: -480,
  hst: -600,
});

/** Month names by their beginnings: English, German, French, Spanish, Italian, Portuguese, Dutch, Hungarian, Greek. */
const MONTHS = [
  /^(?:jan|ene|gen|ιαν)/,
  /^(?:feb|fév|fev|φεβ)/,
  /^(?:mar|mär|mrz|maa|mrt|már|μαρ|μάρ)/,
  /^(?:apr|avr|abr|ápr|απρ)/,
  /^(?:may|mai|mag|mei|máj|μαϊ|μάϊ|μάι|μαι)/,
  /^(?:jun|juin|giu|jún|ιουν|ιούν)/,
  /^(?:jul|juil|lug|júl|ιουλ|ιούλ)/,
  /^(?:aug|aoû|aou|ago|αυγ|αύγ)/,
  /^(?:sep|set|szept|σεπ)/,
  /^(?:oct|okt|ott|out|οκτ)/,
  /^(?:nov|νοε|νοέ)/,
  /^(?:dec|dez|déc|dic|δεκ)/,
];

const TIME = String.raw`(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?`;
const TAIL = String.raw`(?:[\sT,]+(?:at\s+)?${TIME})?\s*(.*)$`;
const ISO = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:(?:[Tt]|\s+)(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?\s*(.*)$/;
const ORDINAL = /^(\d{4})-?(\d{3})(?:$|[Tt\s])/;
const DAY_FIRST = new RegExp(
  String.raw`^(\d{1,2})(?:st|nd|rd|th|\.|er)?[\s-]+(?:de\s+)?(\p{L}+)\.?,?[\s-]+(?:de\s+)?(\d{4}|\d{2})${TAIL}`,
  'iu',
);
const MONTH_FIRST = new RegExp(String.raw`^(\p{L}+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})${TAIL}`, 'iu');
const ASCTIME = new RegExp(
  String.raw`^(\p{L}+)\.?\s+(\d{1,2})\s+${TIME}\s*([A-Za-z]{1,5}|[+-]\d{2}:?\d{2})?\s+(\d{4})$`,
  'iu',
);
const NUMERIC = new RegExp(String.raw`^(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})${TAIL}`, 'iu');

type Parts = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  zone: string;
};

/**
 * A feed's or page's date as ISO 8601 in UTC: RFC 822 with the zones, languages and slips of the wild, RFC 3339, W3CDTF
 * and partial ISO 8601 (a missing part is its first value), asctime, `5 May 2024`, `May 5, 2024`, Unix time.
 * @param timezone IANA name for dates that name no zone; UTC without one
 * @returns null for what is no date or could mean two days; never a guess, never "now"
 */
export function parseDate(raw: string | null | undefined, timezone: string | null = null): string | null {
  const text = raw?.replace(/\s+/g, ' ').trim().slice(0, 100);
  if (!text) return null;
  if (/^\d{10}(?:\d{3})?$/.test(text)) return iso(Number(text) * (text.length === 10 ? 1000 : 1));
  const parts = partsOf(text);
  return parts && isReal(parts) ? iso(instant(parts, timezone)) : null;
}

function partsOf(text: string): Parts | null {
  const ordinal = ORDINAL.exec(text);
  if (ordinal) return fromOrdinal(Number(ordinal[1]), Number(ordinal[2]));
  const m = ISO.exec(text);
  if (m && /^(?:$|[zZ]\b|[+-]\d|[a-z]{2,5}$|\()/i.test(m[8] ?? ''))
    return at(m[1], Number(m[2] ?? 1), m[3] ?? '1', [m[4], m[5], m[6]], m[8], Number(`0.${m[7] ?? 0}`) * 1000);
  // The weekday says nothing new, is often wrong, and comes in every language.
  const rest = text.replace(/^\p{L}+\.?(?:-\p{L}+)?\s*,\s*/u, '');
  return spelled(rest) ?? spelled(rest.replace(/^\p{L}+\.?\s+/u, ''));
}

function spelled(text: string): Parts | null {
  let m = DAY_FIRST.exec(text);
  if (m) return at(m[3], monthOf(m[2]), m[1], hours(m[4], m[5], m[6], m[7]), m[8]);
  m = MONTH_FIRST.exec(text);
  if (m) return at(m[3], monthOf(m[1]), m[2], hours(m[4], m[5], m[6], m[7]), m[8]);
  m = ASCTIME.exec(text);
  if (m) return at(m[8], monthOf(m[1]), m[2], hours(m[3], m[4], m[5], m[6]), m[7]);
  m = NUMERIC.exec(text);
  if (!m) return null;
  const [a, b, c] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const time = hours(m[4], m[5], m[6], m[7]);
  if (a > 999) return at(m[1], b, m[3], time, m[8]);
  if (c < 1000) return null;
  // 04/05 may be either; only a number beyond 12 tells the day.
  if (a > 12) return at(m[3], b, m[1], time, m[8]);
  return b > 12 || a === b ? at(m[3], a, m[2], time, m[8]) : null;
}

function at(
  year: string | undefined,
  month: number,
  day: string | undefined,
  [h, min, s]: (string | undefined)[],
  zone: string | undefined,
  ms = 0,
): Parts {
  const y = Number(year);
  return {
    // RFC 2822, 4.3: two digits from 00 to 49 are of this century.
    year: year?.length === 2 ? y + (y < 50 ? 2000 : 1900) : y,
    month,
    day: Number(day),
    hour: Number(h ?? 0),
    minute: Number(min ?? 0),
    second: Number(s ?? 0),
    ms: Math.trunc(ms),
    zone: zone?.trim() ?? '',
  };
}

function hours(h?: string, m?: string, s?: string, half?: string): (string | undefined)[] {
  if (!h || !half) return [h, m, s];
  const hour = (Number(h) % 12) + (/^p/i.test(half) ? 12 : 0);
  return [String(hour), m, s];
}

function monthOf(name: string | undefined): number {
  const lower = name?.toLowerCase() ?? '';
  return MONTHS.findIndex((m) => m.test(lower)) + 1;
}

function fromOrdinal(year: number, day: number): Parts {
  const date = new Date(Date.UTC(year, 0, day));
  const inYear = day > 0 && date.getUTCFullYear() === year;
  return at(String(year), inYear ? date.getUTCMonth() + 1 : 0, String(date.getUTCDate()), [], 'Z');
}

function isReal(p: Parts): boolean {
  if (p.year < 1900 || p.year > 2200 || p.month < 1 || p.month > 12 || p.day < 1) return false;
  if (p.day > new Date(Date.UTC(p.year, p.month, 0)).getUTCDate()) return false;
  // 24:00 is the end of the day, second 60 a leap second: Date.UTC carries both over.
  return p.minute < 60 && p.second <= 60 && (p.hour < 24 || (p.hour === 24 && p.minute === 0 && p.second === 0));
}

function instant(p: Parts, timezone: string | null): number {
  const local = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second, p.ms);
  const offset = offsetOf(p.zone);
  if (offset !== null) return local - offset * 60_000;
  return timezone === null ? local : fromZone(local, timezone);
}

/** Minutes east of UTC; null when no zone is named, or one that nobody knows. */
function offsetOf(zone: string): number | null {
  const m = /^(?:(?:gmt|utc?)\s*)?([+-])(\d{1,2}):?(\d{2})?/i.exec(zone);
  if (m) return (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3] ?? 0));
  const name = /^\(?([a-z]+)/i.exec(zone)?.[1]?.toLowerCase();
  return name === undefined ? null : (ZONES[name] ?? null);
}

/** The instant at which clocks in the zone show this time; of a zone that nobody knows, UTC. */
function fromZone(local: number, timezone: string): number {
  try {
    let guess = local;
    for (let i = 0; i < 2; i++) guess = local - shownAt(guess, timezone);
    return guess;
  } catch {
    return local;
  }
}

function shownAt(instantMs: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const m = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)/.exec(format.format(instantMs)) ?? [];
  const [month = 1, day = 1, year = 70, h = 0, min = 0, s = 0] = m.slice(1).map(Number);
  return Date.UTC(year + (year < 70 ? 2000 : 1900), month - 1, day, h, min, s) - Math.floor(instantMs / 1000) * 1000;
}

function iso(ms: number): string | null {
  return Number.isFinite(ms) && Math.abs(ms) < 7.3e12 ? new Date(ms).toISOString() : null;
}
