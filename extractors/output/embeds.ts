import { absolute } from './images.js';

const KINDS: [string, RegExp][] = [
  [
    'Video',
    /(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|brightcove\.(?:net|com)|jwplayer\.com|jwplatform\.com|twitch\.tv|tiktok\.com|rumble\.com|streamable\.com|wistia\.(?:net|com)|kaltura\.com|ted\.com|cspan\.org|c-span\.org|bitchute\.com|odysee\.com|bilibili\.com|vk\.com|rutube\.ru|ok\.ru)$/,
  ],
  [
    'Audio',
    /(?:^|\.)(?:spotify\.com|soundcloud\.com|megaphone\.fm|simplecast\.com|podbean\.com|audioboom\.com|acast\.com|art19\.com|libsyn\.com|buzzsprout\.com|bandcamp\.com|podcasts\.apple\.com|omny\.fm|npr\.org|spreaker\.com|transistor\.fm)$/,
  ],
  [
    'Post',
    /(?:^|\.)(?:twitter\.com|x\.com|facebook\.com|instagram\.com|threads\.net|bsky\.app|reddit\.com|linkedin\.com|t\.me|truthsocial\.com|mastodon\.social)$/,
  ],
  ['Document', /(?:^|\.)(?:documentcloud\.org|scribd\.com|issuu\.com|docs\.google\.com)$/],
  ['Map', /^(?:maps\.google\.|www\.openstreetmap\.org$|.*\.arcgis\.com$)/],
];

/** Frames that hold no part of the story. */
const BOILERPLATE =
  /(?:^|\.)(?:doubleclick\.net|googlesyndication\.com|googletagmanager\.com|google-analytics\.com|googleadservices\.com|amazon-adsystem\.com|adnxs\.com|taboola\.com|outbrain\.com|criteo\.(?:com|net)|pubmatic\.com|rubiconproject\.com|openx\.net|recaptcha\.net|disqus\.com|mailchimp\.com|list-manage\.com|hsforms\.com|piano\.io|tinypass\.com|onesignal\.com|addthis\.com|sharethis\.com|cookiebot\.com|consensu\.org)$/;

/** A frame, player or embedded object as a plain link; null when it names no address or is no part of the story. */
export function embedLink(element: Element, base: string): { href: string; label: string } | null {
  const named = ['src', 'data-src', 'data-lazy-src', 'data-url', 'data'].map((a) => element.getAttribute(a));
  const inside = Array.from(element.querySelectorAll('source')).map((s) => s.getAttribute('src'));
  const href = [...named, ...inside].map((u) => (u ? absolute(u.trim(), base) : null)).find((u) => u !== null);
  if (!href) return null;
  const url = new URL(href);
  if (BOILERPLATE.test(url.hostname) || isTiny(element)) return null;
  const host = url.hostname.replace(/^(?:www|player|embed|w|open|platform)\./, '');
  return { href: watchable(url), label: `${kindOf(element, url)}: ${host}` };
}

function kindOf(element: Element, url: URL): string {
  if (element.localName === 'video' || element.localName === 'audio') {
    return element.localName === 'video' ? 'Video' : 'Audio';
  }
  const host = url.hostname;
  // Facebook frames both posts and films.
  if (/(?:^|\.)facebook\.com$/.test(host) && url.pathname.includes('video')) return 'Video';
  return KINDS.find(([, hosts]) => hosts.test(host))?.[0] ?? 'Embedded';
}

function isTiny(element: Element): boolean {
  return ['width', 'height'].some((a) => /^[0-3](?:px)?$/.test(element.getAttribute(a)?.trim() ?? ''));
}

/** The page that a reader can open, where a player's address does not make one. */
function watchable(url: URL): string {
  const id = /^\/(?:embed|v|shorts)\/([\w-]{6,20})/.exec(url.pathname)?.[1];
  if (/(?:^|\.)youtube(?:-nocookie)?\.com$/.test(url.hostname) && id && id !== 'videoseries') {
    return `https://www.youtube.com/watch?v=${id}`;
  }
  const film = /^\/video\/(\d+)/.exec(url.pathname)?.[1];
  if (url.hostname === 'player.vimeo.com' && film) return `https://vimeo.com/${film}`;
  return url.href;
}
