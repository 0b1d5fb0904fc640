import { eld } from 'eld/small';

/** Enough for a sure answer; more only costs. */
const SAMPLE = 1200;
/** Below this, what the page declares is better than what so few letters say. */
const FEW_LETTERS = 60;

/**
 * The language of an article, BCP 47: the page's word where the text does not clearly say otherwise (templates are
 * copied with their `lang`), then the text's, then the feed's, then the source's.
 */
export function readLanguage(
  text: string,
  said: { page: string | null; hint: string | null; source: string | null },
): { language: string; from: string } | null {
  const page = tagOf(said.page);
  const sample = text.slice(0, SAMPLE);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const guess = letters < FEW_LETTERS ? null : eld.detect(sample);
  const heard = guess?.isReliable() ? guess.language : null;
  if (page !== null && (heard === null || sameLanguage(page, heard))) return { language: page, from: 'page' };
  if (heard !== null) {
    const fuller = [tagOf(said.hint), tagOf(said.source)].find((tag) => tag !== null && sameLanguage(tag, heard));
    return { language: fuller ?? heard, from: 'text' };
  }
  const hint = tagOf(said.hint);
  if (hint !== null) return { language: hint, from: 'feed' };
  const source = tagOf(said.source);
  return source === null ? null : { language: source, from: 'source' };
}

/** A well-formed tag in its canonical spelling, else null. */
function tagOf(text: string | null): string | null {
  const tag = text
    ?.trim()
    .replaceAll('_', '-')
    .split(/[\s,;.]/)[0];
  if (!tag) return null;
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    return canonical && !/^(?:und|mul|zxx|x-)/.test(canonical) ? canonical : null;
  } catch {
    return null;
  }
}

/** Norwegian goes by three names, Hebrew and Filipino by two. */
const SAME: Record<string, string> = { nb: 'no', nn: 'no', iw: 'he', fil: 'tl' };

function sameLanguage(a: string, b: string): boolean {
  const base = (tag: string) => {
    const language = tag.split('-')[0]?.toLowerCase() ?? '';
    return SAME[language] ?? language;
  };
  return base(a) === base(b);
}
