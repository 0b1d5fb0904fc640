import { raw } from 'hono/html';
import { safeBody } from '../body.js';
import { type Chrome, imageOf, labelOf, to } from '../chrome.js';
import type { FullArticle } from '../store/article.js';
import type { Card } from '../store/cards.js';
import type { Comment } from '../store/comments.js';
import { keyOf } from '../words.js';
import { Dated, FullCard, minutes } from './cards.js';
import { Comments } from './comments.js';
import { Breadcrumb, categoryTrail } from './lists.js';
import { Author, Rights } from './origin.js';
import { Share } from './share.js';

/** `comments` is null when comments are switched off. */
type Props = { chrome: Chrome; article: FullArticle; related: Card[]; comments: Comment[] | null };

/** One article: its authors and source, as much text as its rights allow, and a link to the original. */
export function ArticlePage({ chrome, article: a, related, comments }: Props) {
  const category = a.categories[0];
  const image = imageOf(chrome, a.image);
  const trail = category ? categoryTrail(chrome, category.path, category.label, false) : [];
  return (
    <div class="reading">
      <article class="article">
        <Breadcrumb trail={[...trail, { label: a.title, href: null }]} />
        <header>
          {category && (
            <a class="kicker" href={to.category(category.path)}>
              {labelOf(chrome, category)}
            </a>
          )}
          <h1 lang={a.language ?? undefined} dir="auto">
            {a.title}
          </h1>
          <Byline chrome={chrome} article={a} />
          <Share title={a.title} url={`${chrome.publicUrl}${to.article(a.slug)}`} image={a.image?.url ?? null} />
        </header>
        {image && (
          <figure class="hero">
            <img
              src={image.src}
              alt={image.alt}
              width={image.width ?? 16}
              height={image.height ?? 9}
              fetchpriority="high"
              decoding="async"
            />
            {(image.credit || image.alt) && (
              <figcaption>
                {image.alt} {image.credit && <span class="credit">Photo: {image.credit}</span>}
              </figcaption>
            )}
          </figure>
        )}
        <div class="body" lang={a.language ?? undefined} dir="auto">
          {raw(safeBody(a.html, { image: chrome.picture, sourceUrl: a.attribution.url }))}
        </div>
        <Rights chrome={chrome} article={a} />
        <Filed chrome={chrome} article={a} />
        <Author chrome={chrome} article={a} />
      </article>
      {a.story !== null && (a.story.size > 1 || a.story.coverage.length > 0) && <Coverage article={a} />}
      {related.length > 0 && (
        <section class="related" aria-labelledby="related">
          <h2 id="related">Related Posts</h2>
          <div class="grid">
            {related.map((card) => (
              <FullCard chrome={chrome} card={card} />
            ))}
          </div>
        </section>
      )}
      {comments && <Comments chrome={chrome} slug={a.slug} comments={comments} />}
    </div>
  );
}

function Byline({ chrome, article: a }: Pick<Props, 'chrome' | 'article'>) {
  return (
    <p class="meta byline">
      <span>
        By{' '}
        {a.authors.length === 0
          ? (a.attribution.author ?? a.source.name)
          : a.authors.map((name, i) => (
              <>
                {i > 0 && ', '}
                <a href={to.author(keyOf(name))}>{name}</a>
              </>
            ))}
      </span>
      <a href={to.source(a.source.id)}>{a.source.name}</a>
      <Dated chrome={chrome} at={a.publishedAt} />
      <span>{minutes(a.readingMinutes)}</span>
      {a.revision > 1 && (
        <a class="updated" href={to.changes(a.slug)}>
          Updated {chrome.dateTime(a.updatedAt ?? a.sentAt)}: what changed
        </a>
      )}
    </p>
  );
}

function Filed({ chrome, article: a }: Pick<Props, 'chrome' | 'article'>) {
  const tags = new Map(a.tags.map((t) => [keyOf(t), t] as const));
  tags.delete('');
  if (a.categories.length === 0 && tags.size === 0) return null;
  return (
    <nav class="filed" aria-label="Filed under">
      <ul>
        {a.categories.map((c) => (
          <li>
            <a href={to.category(c.path)}>{labelOf(chrome, c)}</a>
          </li>
        ))}
        {[...tags].map(([key, label]) => (
          <li>
            <a class="tag" href={to.tag(key)}>
              #{label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Coverage({ article: a }: { article: FullArticle }) {
  if (a.story === null) return null;
  return (
    <section class="coverage" aria-labelledby="coverage">
      <h2 id="coverage">Also reported by</h2>
      <ul>
        {a.story.coverage.slice(0, 6).map((c) => (
          <li>
            <a href={c.url} rel="noopener external">
              {c.title}
            </a>{' '}
            <span>{c.source}</span>
          </li>
        ))}
      </ul>
      <p class="more">
        <a href={to.story(a.story.id)}>See the whole story as a timeline</a>
      </p>
    </section>
  );
}
