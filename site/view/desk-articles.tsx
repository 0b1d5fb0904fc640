import { type Chrome, labelOf, type MenuNode, to } from '../chrome.js';
import type { Card } from '../store/cards.js';
import type { Standing } from '../store/editorial.js';
import { Meta } from './cards.js';
import { Deed } from './desk.js';

const deskOf = (id: string): string => `/desk/article/${id}`;

/** The newest articles, or those that a search found. */
export function CardList({ chrome, query, cards }: { chrome: Chrome; query: string; cards: Card[] }) {
  return (
    <section aria-labelledby="all">
      <form action="/desk" method="get" class="find wide">
        <label for="query">Find an article</label>
        <input id="query" type="search" name="q" value={query} maxlength={200} />
        <button type="submit">Search</button>
      </form>
      <h2 id="all">{query === '' ? 'Newest' : `Results for “${query}”`}</h2>
      {cards.length === 0 && <p class="empty">{query === '' ? 'No articles yet.' : 'No articles found.'}</p>}
      <ul class="rows">
        {cards.map((card) => (
          <li>
            <h3 class="title" lang={card.language ?? undefined} dir="auto">
              <a href={deskOf(card.id)}>{card.title}</a>
            </h3>
            <Meta chrome={chrome} card={card} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Pinned or hidden articles; nothing when the list is empty. */
export function ArticleList({ id, title, articles }: { id: string; title: string; articles: Standing[] }) {
  if (articles.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="rows">
        {articles.map((a) => (
          <li>
            <h3 class="title" dir="auto">
              <a href={deskOf(a.id)}>{a.title}</a>
            </h3>
            <p class="meta">
              <span>{a.sourceName}</span>
              {a.hidden !== null && <span>{a.hidden}</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One article, with everything that an editor can do with it. */
export function ArticleDesk({ chrome, article: a, token }: { chrome: Chrome; article: Standing; token: string }) {
  const here = deskOf(a.id);
  return (
    <>
      <p class="meta">
        <span>{a.sourceName}</span>
        {a.category && (
          <span>
            {labelOf(chrome, a.category)} ({a.category.by})
          </span>
        )}
        {a.pinned && <b>Pinned</b>}
        {a.hidden !== null && <b>Hidden: {a.hidden}</b>}
      </p>
      {a.excerpt !== '' && <p dir="auto">{a.excerpt}</p>}
      <p>
        {a.hidden === null && <a href={to.article(a.slug)}>View on the site</a>}
        {a.hidden === null && ' · '}
        {a.hidden === null && <a href={`${here}/story`}>Edit its story</a>}
        {a.hidden === null && ' · '}
        <a href={a.canonicalUrl} rel="noopener external">
          Read the original
        </a>
      </p>
      {a.hidden === null ? (
        <div class="deeds">
          <Deed
            action={`${here}/${a.pinned ? 'unpin' : 'pin'}`}
            token={token}
            label={a.pinned ? 'Unpin from Editors Picks' : 'Pin to Editors Picks'}
          />
          <form method="post" action={`${here}/category`} class="deed">
            <input type="hidden" name="token" value={token} />
            <label for="path">Category</label>
            <select id="path" name="path">
              <Options nodes={chrome.menu} before="" chosen={a.category?.path ?? null} />
            </select>
            <button type="submit">Change category</button>
          </form>
          <form method="post" action={`${here}/hide`} class="deed">
            <input type="hidden" name="token" value={token} />
            <label for="hide-reason">Reason (for other editors)</label>
            <input id="hide-reason" name="reason" maxlength={500} />
            <button type="submit">Hide from readers</button>
          </form>
        </div>
      ) : (
        <div class="deeds">
          <Deed action={`${here}/show`} token={token} label="Show to readers again" />
        </div>
      )}
      <form method="post" action={`${here}/withdraw`} class="deed grave">
        <input type="hidden" name="token" value={token} />
        <p>
          Retracting removes the article here and everywhere else it was sent. You cannot undo it. Readers who open the
          article's address see the reason.
        </p>
        <label for="withdraw-reason">Reason (shown to readers)</label>
        <input id="withdraw-reason" name="reason" maxlength={500} required />
        <button type="submit">Retract</button>
      </form>
    </>
  );
}

function Options({ nodes, before, chosen }: { nodes: MenuNode[]; before: string; chosen: string | null }) {
  return (
    <>
      {nodes.map((node) => (
        <>
          <option value={node.path} selected={node.path === chosen}>
            {before + node.label}
          </option>
          <Options nodes={node.children} before={`${before}${node.label} › `} chosen={chosen} />
        </>
      ))}
    </>
  );
}
