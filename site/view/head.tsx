import type { Chrome } from '../chrome.js';

export type PageHead = {
  title: string | null;
  description?: string;
  /** Absolute; default: the page's own address. */
  canonical?: string;
  noindex?: boolean;
  image?: string;
  kind?: 'article' | 'website';
  feed?: { title: string; path: string };
  /** JSON-LD, as an object. */
  facts?: object;
};

/** The `head` of a page, for browsers, search engines and feed readers. */
export function Head({ chrome, head, here }: { chrome: Chrome; head: PageHead; here: string }) {
  const title = head.title === null ? `${chrome.name} – ${chrome.config.tagline}` : `${head.title} – ${chrome.name}`;
  const canonical = head.canonical ?? `${chrome.publicUrl}${here}`;
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title}</title>
      {head.description && <meta name="description" content={head.description} />}
      {head.noindex && <meta name="robots" content="noindex" />}
      <link rel="canonical" href={canonical} />
      <link rel="stylesheet" href={chrome.assets.css} />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <link rel="alternate" type="application/rss+xml" title={chrome.name} href="/feed.xml" />
      {head.feed && <link rel="alternate" type="application/rss+xml" title={head.feed.title} href={head.feed.path} />}
      <meta property="og:site_name" content={chrome.name} />
      <meta property="og:title" content={head.title ?? chrome.name} />
      <meta property="og:type" content={head.kind ?? 'website'} />
      <meta property="og:url" content={`${chrome.publicUrl}${here}`} />
      {head.description && <meta property="og:description" content={head.description} />}
      {head.image && <meta property="og:image" content={head.image} />}
      {head.facts && <JsonLd facts={head.facts} />}
    </head>
  );
}

/** Data, not a script that runs. `<` is escaped so that text in it cannot end the element. */
function JsonLd({ facts }: { facts: object }) {
  const text = JSON.stringify(facts).replace(/</g, '\\u003c').replace(/-->/g, '--\\u003e');
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: text }} />;
}
