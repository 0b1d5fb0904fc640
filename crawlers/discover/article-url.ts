/** Parts of a path under which no article lies. */
const NEVER_UNDER = new Set(
  (
    'tag tags label labels category categories kategorie kategorien categoria categorie schlagwort author authors autor auteur by profile profiles ' +
    'user users member members account accounts login signin signup register registration logout search suche recherche buscar ' +
    'calendar cart checkout feed feeds rss wp-admin wp-login wp-content wp-includes wp-json cdn-cgi static assets share print api admin'
  ).split(' '),
);
/** Parts under which articles lie only when their own name says so: `/legal/` is a section here and small print there. */
const SELDOM_UNDER = new Set(
  (
    'topic topics thema people person archive archives page pages shop store ' +
    'advertise advertising jobs careers privacy terms legal cookies help faq support contact about about-us contact-us staff masthead donate ' +
    'sitemap download downloads amp email tel preview media-kit'
  ).split(' '),
);
/** Under these an article has a date, and a form to fill in has none. */
const SIGN_UP = /^(?:newsletters?|subscribe|subscriptions?)$/;
/** Last parts of a path that name a page about the outlet, or a list. */
const NEVER_NAMED =
  /^(?:about|about-us|contact|contact-us|impressum|imprint|privacy|privacy-policy|terms(?:-(?:of|and)-[\w-]+)?|cookie-?(?:policy|s)?|legal|disclaimer|accessibility|(?:our-)?(?:team|staff)|masthead|careers|jobs|advertis(?:e|ing)(?:-with-us)?|donate|subscribe|newsletters?|sign-?(?:in|up)|log-?in|log-?out|register|search|archives?|calendar|events|sitemap|rss|feeds?|faq|help|index|home|default|(?:code-of-)?ethics|corrections(?:-policy)?|(?:all-)?(?:news|stories|articles|posts|topics|videos|podcasts|photos|galleries))(?:\.\w{2,5})?$/i;
const FILE =
  /\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|m?js|json|xml|rss|atom|txt|pdf|docx?|xlsx?|pptx?|zip|gz|exe|dmg|apk|mp[34]|m4[av]|mov|avi|webm|ogg|wav|woff2?)$/i;
/** Parameters that walk through a list instead of naming a page. */
const WALKS =
  /^(?:page|paged|pg|offset|start|from|sort|order|filter|month|year|date|view|replytocom|share|cat|tag|author|s|q|query|search)$/i;
/** Parameters that name one article. */
const IDS = /^(?:p|id|\w*id|\w*idx|\w*no|a|article|story|n|news|artikel)$/i;
/** A part after which even one word may be an article's name. */
const SAYS_ARTICLE = /^(?:articles?|stor(?:y|ies)|posts?|p|entry|entries|a|artikel)$/i;
const MONTH = /^(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

export type UrlShape = {
  /** Path with its parts named by kind, e.g. `/:section/:date/:slug`: articles of one outlet share it. */
  shape: string;
  /** How much the URL alone looks like one article's, 0 to 1. */
  score: number;
};

/** Whether a URL is of a kind that no article has: list, account, file, calendar, page two of something. */
export function isNeverArticle(url: URL): boolean {
  const parts = partsOf(url);
  if (parts.length === 0 && url.search === '') return true;
  if (FILE.test(url.pathname)) return true;
  const last = parts.at(-1) ?? '';
  const lower = parts.map((p) => p.toLowerCase().replace(/\.\w{2,5}$/, ''));
  if (lower.some((p) => NEVER_UNDER.has(p) || /^comment-page-\d+$/.test(p)) || NEVER_NAMED.test(last)) return true;
  if (lower.some((p) => SELDOM_UNDER.has(p)) && shapeOf(url).score < 0.6) return true;
  if (lower.some((p) => SIGN_UP.test(p)) && !shapeOf(url).shape.includes(':date')) return true;
  const names = [...url.searchParams.keys()];
  if (names.some((n) => WALKS.test(n)) && !names.some((n) => IDS.test(n))) return true;
  // `/2024/01/` and `/2024/05/12` are the calendar's, endless in both directions.
  return parts.length > 0 && isCalendar(parts);
}

function isCalendar(parts: string[]): boolean {
  const at = parts.findIndex((p) => /^(?:19|20)\d\d$/.test(p));
  if (at < 0) return parts.every((p) => /^\d{1,2}$/.test(p));
  // Some put the date behind the name.
  if (parts.slice(0, at).some((p) => kindOf(p, true).score >= 0.4)) return false;
  return (
    parts.slice(at + 1).every((p, i) => (i === 0 ? MONTH.test(p) && p.length < 10 : /^\d{1,2}$/.test(p))) &&
    parts.length - at <= 3
  );
}

/** What the parts of a URL are, and how much they look like an article's. */
export function shapeOf(url: URL): UrlShape {
  const parts = partsOf(url);
  const kinds: string[] = [];
  let score = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    const isLast = i === parts.length - 1;
    if (/^(?:19|20)\d\d$/.test(part) && MONTH.test(parts[i + 1] ?? '')) {
      i += /^\d{1,2}$/.test(parts[i + 2] ?? '') && i + 3 < parts.length ? 2 : 1;
      kinds.push(':date');
      score += 0.35;
    } else if (/^(?:19|20)\d{2}-?\d{2}-?\d{2}$/.test(part)) {
      kinds.push(':date');
      score += 0.35;
    } else {
      const kind = kindOf(part, isLast);
      if (isLast && SAYS_ARTICLE.test(parts[i - 1] ?? '')) score += 0.25;
      kinds.push(kind.name);
      score += isLast ? kind.score : kind.score / 2;
    }
  }
  const ids = [...url.searchParams.keys()].filter((k) => IDS.test(k)).sort();
  if (ids.length > 0) score += 0.3;
  const query = ids.length > 0 ? `?${ids.map((k) => `${k}=:id`).join('&')}` : '';
  return { shape: `/${kinds.join('/')}${query}`, score: Math.min(1, score) };
}

function kindOf(part: string, isLast: boolean): { name: string; score: number } {
  const [, stem = part, ext = ''] = /^(.*?)(\.(?:s?html?|php|aspx?|jsp|cms|ece|stm|story|article))?$/i.exec(part) ?? [];
  const words = stem.split(/[-_+]|%20/).filter((w) => w !== '');
  const bonus = ext ? 0.1 : 0;
  const hasId = /(?:^|[-_.])(?:[a-z]{0,3}\d{4,}|[0-9a-f]{8,})(?:$|[-_.])/i.test(stem) && /\d/.test(stem);
  const spelled = words.filter((w) => /\p{L}{2,}/u.test(decode(w))).length;
  if (spelled >= 3)
    return { name: `:slug${ext}`, score: Math.min(0.75, 0.3 + words.length * 0.07) + bonus + (hasId ? 0.15 : 0) };
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}$/i.test(stem) || /^[a-z]{0,4}-?\d{4,}$/i.test(stem))
    return { name: `:id${ext}`, score: 0.4 + bonus };
  if (hasId) return { name: `:slug${ext}`, score: 0.45 + bonus };
  if (isLast && spelled === 2 && ext) return { name: `:slug${ext}`, score: 0.25 };
  if (isLast && /[A-Z].*\d|\d.*[A-Z]/.test(stem) && stem.length >= 8) return { name: ':id', score: 0.35 };
  return { name: isLast && !ext ? ':word' : ext ? `:word${ext}` : ':section', score: isLast ? bonus : 0 };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function partsOf(url: URL): string[] {
  const parts = url.pathname.split('/').filter((p) => p !== '');
  return /^(?:index|default)\.\w{2,5}$/i.test(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts;
}
