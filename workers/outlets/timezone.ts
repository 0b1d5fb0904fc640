import type { Publisher } from '../../extractors/metadata/publisher.js';

/** Share of an outlet's dates that must have the zone's offset. */
const AGREEMENT = 0.8;
/** Country domains that are used for their sound, from anywhere. */
const ANYWHERE = new Set('ai cc co fm gg io la ly me nu sh so to tv vc ws eu'.split(' '));
/** Of countries with several zones, those where most newsrooms are, most first. */
const NEWSROOMS = (
  'America/New_York America/Los_Angeles America/Chicago America/Denver America/Toronto America/Vancouver America/Sao_Paulo ' +
  'America/Mexico_City America/Santiago America/Buenos_Aires America/Argentina/Buenos_Aires Europe/Madrid Europe/Lisbon Europe/Berlin ' +
  'Europe/Moscow Europe/Kyiv Europe/Kiev Asia/Jakarta Asia/Shanghai Asia/Almaty Australia/Sydney Pacific/Auckland'
).split(' ');

/**
 * The time zone of an outlet: of the countries that its domain, its pages and its language point to, the first with a zone
 * that fits the offsets of its dates. Without dates only a country with one zone says anything, and only by its domain.
 */
export function timezoneOf(
  host: string,
  locale: string | null,
  language: string | null,
  stamps: Publisher['stamps'],
): { timezone: string; reason: string } | null {
  const byDomain = countryOfDomain(host);
  if (stamps.length === 0) {
    const zones = byDomain === null ? [] : zonesOf(byDomain);
    const [only] = zones;
    return zones.length === 1 && only ? { timezone: only, reason: `the zone of .${host.split('.').at(-1)}` } : null;
  }
  const countries = [byDomain, regionOf(locale, false), regionOf(language, true)];
  for (const country of new Set(countries)) {
    const fits = country === null ? undefined : zonesOf(country).find((zone) => agreement(zone, stamps) >= AGREEMENT);
    if (fits) return { timezone: fits, reason: `the offset of its dates, ${offsetText(stamps[0]?.offset ?? 0)}` };
  }
  return null;
}

function countryOfDomain(host: string): string | null {
  const last = host.split('.').at(-1)?.toLowerCase() ?? '';
  if (!/^[a-z]{2}$/.test(last) || ANYWHERE.has(last)) return null;
  return last === 'uk' ? 'GB' : last.toUpperCase();
}

/** The region of a tag; `likely`: where most of the language's speakers are, when it names none. */
function regionOf(tag: string | null, likely: boolean): string | null {
  if (tag === null) return null;
  const locale = new Intl.Locale(tag);
  return (likely ? locale.maximize().region : locale.region) ?? null;
}

function zonesOf(country: string): string[] {
  // A getter in older engines, a function in newer ones.
  const locale: object = new Intl.Locale(`und-${country}`);
  const get: unknown = Reflect.get(locale, 'getTimeZones');
  const zones: unknown = typeof get === 'function' ? get.call(locale) : Reflect.get(locale, 'timeZones');
  const names = Array.isArray(zones) ? zones.map(String) : [];
  const place = (zone: string): number => (NEWSROOMS.includes(zone) ? NEWSROOMS.indexOf(zone) : NEWSROOMS.length);
  return names.sort((a, b) => place(a) - place(b));
}

function agreement(zone: string, stamps: Publisher['stamps']): number {
  return stamps.filter((s) => offsetIn(zone, new Date(s.at)) === s.offset).length / stamps.length;
}

/** Minutes from UTC at that moment. */
function offsetIn(zone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find((p) => p.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

function offsetText(minutes: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
