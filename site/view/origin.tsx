import { type Chrome, to } from '../chrome.js';
import type { FullArticle } from '../store/article.js';
import { keyOf } from '../words.js';

type Props = { chrome: Chrome; article: FullArticle };

const SHOWN = {
  full: 'The full article is shown',
  excerpt: 'Only an excerpt is shown',
  link: 'Only the headline is shown',
} as const;

/** How much of the article is shown, why, and a link to the original. */
export function Rights({ chrome, article: a }: Props) {
  return (
    <aside class="rights" aria-label="Source and rights">
      <p>
        <a class="button" href={a.attribution.url} rel="noopener external">
          Read the original at {a.attribution.publisher}
        </a>
      </p>
      <p>
        {SHOWN[a.rights.level]}: {a.rights.reason.replace(/[.\s]+$/, '')}. All rights remain with{' '}
        <a href={a.source.homepage} rel="noopener external">
          {a.source.name}
        </a>
        .{' '}
        <a href={`/dmca?url=${encodeURIComponent(chrome.publicUrl + to.article(a.slug))}`} rel="nofollow">
          Request removal
        </a>
      </p>
    </aside>
  );
}

/** The author and the source. */
export function Author({ chrome, article: a }: Props) {
  const [first] = a.authors;
  return (
    <section class="author" aria-labelledby="author">
      <h2 id="author">{first ?? a.source.name}</h2>
      <p>
        {first ? (
          <>
            {a.authors.length > 1 && `With ${a.authors.slice(1).join(', ')}. `}
            Writes for {a.source.name}. <a href={to.author(keyOf(first))}>All articles by {first}</a>
          </>
        ) : (
          <>
            The source does not name an author. <a href={to.source(a.source.id)}>All articles from {a.source.name}</a>
          </>
        )}{' '}
        ·{' '}
        <a href={a.source.homepage} rel="noopener external">
          Website
        </a>
      </p>
      <p class="meta">
        <span>Fetched {chrome.dateTime(a.fetchedAt)}</span>
      </p>
    </section>
  );
}
