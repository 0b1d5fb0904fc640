import { decode } from '../../text/charset.js';
import { parseDocument } from '../dom/dom.js';
import { checkSize, type Limits, watchStructure } from '../dom/limits.js';
import { isObject, type JsonLd, readJsonLd, typesOf } from './json-ld.js';
import { decodeAgain } from './title.js';

/** What a page says of the outlet that it belongs to. */
export type Publisher = {
  /** What the outlet calls itself, the most trustworthy first. */
  names: string[];
  /** What stands last in its title, behind a dash or bar: often the outlet's name. */
  titleEnd: string | null;
  /** BCP 47, as the page declares it. */
  locale: string | null;
  /** Moments that the page gives with their offset from UTC, in minutes: they tell its time zone. */
  stamps: { at: string; offset: number }[];
};

const NEWSROOM = /^(?:NewsMediaOrganization|Organization|WebSite|Corporation|NGO|GovernmentOrganization)$/;
const STAMP =
  /(?:\b\w*(?:date|time|published|modified|created|updated)\w*["']?\s*(?:[:=]|content=)\s*\\?["']|content=["'])(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?)([+-])(\d\d):?(\d\d)/gi;
const TITLE_END = /\s[|–—·»-]\s+([^|–—·»]{2,60})$/;
const MAX_STAMPS = 40;
const LONGEST_NAME = 60;

/** Reads any page of an outlet, its home page too. @throws SourcelinkError `EXTRACT_TOO_…` */
export function readPublisher(
  page: { url: string; bytes: Uint8Array; headers: Record<string, string> },
  limits: Limits,
): Publisher {
  checkSize(page.bytes, page.url, limits);
  const { html } = decode(page.bytes, page.headers['content-type']);
  const document = parseDocument(html, { watch: watchStructure(page.url, limits) });
  const meta = (name: string): string | null =>
    Array.from(document.querySelectorAll('meta'))
      .find((m) => (m.getAttribute('property') ?? m.getAttribute('name'))?.toLowerCase() === name)
      ?.getAttribute('content') ?? null;
  const objects = readJsonLd(document);
  const title = document.querySelector('title')?.textContent ?? '';
  const [, titleEnd = null] = TITLE_END.exec(title.trim()) ?? [];
  const names = [
    meta('og:site_name'),
    ...publishersOf(objects),
    meta('application-name'),
    ...newsroomsOf(objects),
    inTitle(title, page.url),
  ];
  return {
    names: [...new Set(names.flatMap((n) => nameIn(n, page.url)))],
    titleEnd: nameIn(titleEnd, page.url)[0] ?? null,
    locale: localeOf(meta('og:locale'), document.documentElement?.getAttribute('lang') ?? null),
    stamps: stampsIn(html),
  };
}

function publishersOf(objects: JsonLd[]): (string | null)[] {
  return objects.flatMap((o) => [o['publisher']].flat()).map((p) => (isObject(p) ? textOf(p['name']) : textOf(p)));
}

function newsroomsOf(objects: JsonLd[]): (string | null)[] {
  return objects.filter((o) => typesOf(o).some((t) => NEWSROOM.test(t))).map((o) => textOf(o['name']));
}

/** The part of a page's title that is called like its host: `Harbour news | The Harbour Herald` on harbourherald.example. */
function inTitle(title: string, url: string): string | null {
  const pack = (text: string): string => text.toLowerCase().replace(/^the\s+|[^\p{L}\p{N}]+/gu, '');
  const host = new URL(url).hostname.split('.').map(pack);
  return title.split(/\s[|–—:·»-]\s|\s*\|\s*/).find((part) => host.includes(pack(part))) ?? null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A name as it is shown; addresses and sentences are none. */
function nameIn(raw: string | null, url: string): string[] {
  const name = decodeAgain(raw ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const isAddress = /^(?:https?:|@)|\/\//.test(name) || name === new URL(url).hostname;
  return name.length < 2 || name.length > LONGEST_NAME || isAddress ? [] : [name];
}

/** The more exact of the two: `en_GB` says more than `en`. */
function localeOf(...said: (string | null)[]): string | null {
  const tags = said.flatMap((s) => {
    try {
      return s ? Intl.getCanonicalLocales(s.trim().replaceAll('_', '-')) : [];
    } catch {
      return [];
    }
  });
  return tags.find((t) => new Intl.Locale(t).region !== undefined) ?? tags[0] ?? null;
}

/** Those at offset zero are left out: templates write UTC wherever the outlet is. */
function stampsIn(html: string): Publisher['stamps'] {
  const stamps: Publisher['stamps'] = [];
  for (const [, local, sign, hours, minutes] of html.matchAll(STAMP)) {
    const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    const at = Date.parse(`${local}${sign}${hours}:${minutes}`);
    if (offset !== 0 && !Number.isNaN(at)) stamps.push({ at: new Date(at).toISOString(), offset });
    if (stamps.length >= MAX_STAMPS) break;
  }
  return stamps;
}
