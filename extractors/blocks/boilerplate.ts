import { lexicon } from '../../text/lexicon.js';
import type { Part } from './tree.js';

/** Why an element is no part of the article's text, in words for a person. */
export type Reason =
  | 'caption'
  | 'credit'
  | 'byline'
  | 'date'
  | 'share'
  | 'related'
  | 'newsletter'
  | 'advertisement'
  | 'comments'
  | 'tags'
  | 'author box'
  | 'legal'
  | 'navigation'
  | 'interface'
  | 'embed'
  | 'label'
  | 'title'
  | 'hidden'
  | 'form'
  | 'outside the body'
  | 'boilerplate of the outlet'
  | 'operator rule';

type NameRule = {
  why: Reason;
  /** Matched against the words of class and id. */
  names: RegExp;
  /** Elements with more characters of kept text than this are left alone. */
  most: number;
};

const word = (alternatives: string): RegExp => new RegExp(`(?:^| )(?:${alternatives})(?= |$)`);

/** What elements are called, in the order in which reasons are looked for. */
const NAME_RULES: NameRule[] = [
  {
    why: 'caption',
    names: word('captions?|figcaption|caption text|wp caption text|image meta|media meta|image description'),
    most: 1500,
  },
  {
    why: 'credit',
    names: word(
      'credits?|photo credit|image credit|attribution|image source|photographer|photo by|image cite|media credit|img credit|image attribution|bildquelle|urheber|copyright holder',
    ),
    most: 250,
  },
  {
    why: 'author box',
    names: word(
      'bio|biography|author bio|author box|author info|author card|author details|author profile|author description|author excerpt|about author|about the author|post author|entry author|authors? about|contributor bio|autorenbox|autor box|extended byline|article end authors?|staff bio',
    ),
    most: 2500,
  },
  {
    why: 'byline',
    names: word(
      'bylines?|by line|authors?|contributors?|writer|autor|auteur|autore|autorzy|author name|reporter|vcard|submitted|submitted by',
    ),
    most: 260,
  },
  {
    why: 'date',
    names: word(
      'timestamp|time stamp|datelines?|pub date|pubdate|publish date|published at|published|publication date|date|dates|datetime|post date|entry date|article date|updated|last updated|modified|post meta|entry meta|article meta|content meta|meta info|meta data|metadata|postinfo|post info|article info|entry info|read time|reading time|estimated read time|time read|min read|fecha|datum|data pubblicazione',
    ),
    most: 220,
  },
  {
    why: 'share',
    names: word(
      'share|shares|sharing|sharebar|share bar|share tools|share buttons|social|social share|social links|socials|addtoany|sharedaddy|addthis|follow us|follow text|article tools|article actions|post actions|like button|claps?',
    ),
    most: 300,
  },
  {
    why: 'newsletter',
    names: word(
      'newsletters?|news letter|newsletter signup|signup|sign up|subscribe|subscription|subscribe box|optin|opt in|mailchimp|mc embed|email signup|email capture|nl signup|registration wall|regwall|piano|paywall (?:message|prompt|banner|overlay|cta)|cta|call to action|membership|donate|donation|support us|ctct',
    ),
    most: 900,
  },
  {
    why: 'advertisement',
    names: word(
      'ads?|advert|adverts|advertisement|advertising|ad (?:slot|unit|container|wrapper|label|box|banner|block|text)|ad slot|adslot|adunit|adsense|adsbygoogle|sponsor|sponsored|sponsor block|dfp|gpt|wpcnt|werbung|anzeige|publicite|publicidad|publicidade|pubblicita|reklama?|advertentie|commercial unit|native ad|promoted|outbrain|taboola|revcontent|mgid|zergnet|dianomi',
    ),
    most: 700,
  },
  {
    why: 'related',
    names: word(
      'related|related (?:articles?|stories|posts?|links?|content|news|topics|items)|recommended|recommendations?|recommends|recirc|recirculation|read more|readmore|read next|read also|more from|more stories|more news|more on|more like this|most popular|most read|most viewed|popular articles|popular posts|popular|trending|similar|similar links|also like|up next|upnext|next article|next up|promo|promos|promo box|teasers?|blogroll|see also|dont miss|inline story|story links?|internal link|link list|linklist|article links|suggested|suggestions|further reading|post after|after post|afterpost|current issue|in other news|top stories|latest (?:news|stories|posts|articles)|headlines list|weiterlesen|mehr zum thema|lire aussi|lea tambien|leia tambem|leggi anche|lees ook|czytaj|relacionad[oa]s|correlati|yarpp\\w*|jp relatedposts|crp related|tease|story package',
    ),
    most: 2500,
  },
  {
    why: 'comments',
    names: word(
      'comments?|comment (?:list|form|body|area|section|count|reply)|disqus|disqus thread|respond|reply title|livefyre|vukkle|vuukle|viafoura|spotim|spot im|coral|openweb|commentary box|discussion thread|responses|fb comments|replies',
    ),
    most: 100_000,
  },
  {
    why: 'tags',
    names: word(
      'tags|tag list|taglist|post tags|entry tags|article tags|tag links|tags links|tagcloud|topics|topic list|article topics|keywords|filed under|cat links|post categories|entry categories|breadcrumbs?|bread crumbs?|article label|eyebrow|kicker|rubric|overline|section name|section label|category name|category label|post category|entry category|hashtags',
    ),
    most: 260,
  },
  {
    why: 'legal',
    names: word(
      'disclaimers?|disclosures?|affiliate disclosure|affiliate|adv disclosure|commerce disclaimer|copyright|copyrights|content copy|legal|legal notice|cookie|cookies|cookie notice|consent|consent roadblock|gdpr|onetrust|privacy notice|terms',
    ),
    most: 700,
  },
  {
    why: 'interface',
    names: word(
      'sr only|visually hidden|visuallyhidden|screen reader|screen reader text|screenreader|offscreen|assistive|a11y|accessibility message|print only|d print block|visible print|tooltip|modal|popup|pop up|lightbox|overlay|player overlay|video preloader|video (?:caption|title|block|description|meta)|player (?:title|info|caption)|vjs\\w*|skip link|skip to content|slide count|gallery count|image count|counter|pagination|pager|page numbers|post navigation|nav links|nav previous|nav next|toolbar|spinner|feedback|survey|poll|helpful|rating widget|star rating|print button|audio player|listen|tts|speechkit|beyondwords|trinity audio|noprint|no print',
    ),
    most: 400,
  },
  {
    why: 'embed',
    // What a post of words says is quoted in the page (twitter, bluesky, threads) and stays; of pictures and films only the link does.
    names: word('instagram media|tiktok embed|fb post|reddit embed'),
    most: 3000,
  },
];

const ROLES = lexicon<Reason>({
  navigation: 'navigation',
  banner: 'navigation',
  contentinfo: 'navigation',
  search: 'form',
  complementary: 'related',
  dialog: 'interface',
  alertdialog: 'interface',
  menu: 'navigation',
  toolbar: 'interface',
  tooltip: 'interface',
  'doc-tip': 'interface',
});
const ITEMPROPS = lexicon<Reason>({
  author: 'byline',
  creator: 'byline',
  datePublished: 'date',
  dateModified: 'date',
  publisher: 'legal',
  caption: 'caption',
  keywords: 'tags',
  articleSection: 'tags',
  copyrightHolder: 'legal',
  comment: 'comments',
  timeRequired: 'date',
});

/** Why an element with so much kept text is boilerplate; null when nothing says so. `share` is its share of the article. */
export function boilerplateReason(part: Part, chars: number, share: number): Reason | null {
  const { tag, attrs } = part;
  if (tag === 'body' || tag === 'html' || tag === 'main') return null;
  if (tag === 'figcaption') return 'caption';
  if (part.hidden && share < 0.3) return 'hidden';
  if (share > 0.4) return null;
  if (tag === 'nav') return 'navigation';
  if (tag === 'form' && chars < 1500) return 'form';
  if (tag === 'figure' && chars < 600 && !hasTag(part, FIGURE_TEXT)) return 'caption';
  if (tag === 'footer' && !insideQuote(part)) return 'navigation';
  const role = attrs['role'];
  if (role !== undefined && ROLES[role] && chars < 3000) return ROLES[role] ?? null;
  const itemprop = attrs['itemprop'];
  if (itemprop !== undefined && chars < 400) {
    for (const prop of itemprop.split(/\s+/)) if (ITEMPROPS[prop]) return ITEMPROPS[prop] ?? null;
  }
  if (attrs['rel'] === 'author' && chars < 100) return 'byline';
  if (part.names === '' || tag === 'article' || (share > 0.25 && tag !== 'aside')) return null;
  for (const rule of NAME_RULES) if (chars <= rule.most && rule.names.test(part.names)) return rule.why;
  return null;
}

/** A figure may hold a table, a list or a program instead of a picture. */
const FIGURE_TEXT = new Set(['table', 'pre', 'ul', 'ol', 'blockquote']);

function hasTag(part: Part, tags: Set<string>): boolean {
  return part.children.some((c) => typeof c !== 'string' && (tags.has(c.tag) || hasTag(c, tags)));
}

function insideQuote(part: Part): boolean {
  return part.up?.tag === 'blockquote' || part.up?.up?.tag === 'blockquote';
}
