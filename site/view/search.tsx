import { type Chrome, to } from '../chrome.js';
import type { Card } from '../store/cards.js';
import { COUNTED, type Found } from '../store/search.js';
import { fold } from '../words.js';
import { Meta } from './cards.js';

type Props = { chrome: Chrome; query: string; found: Found; number: number; size: number };

/** The results of a search, with the found words highlighted. */
export function SearchPage({ chrome, query, found, number, size }: Props) {
  const link = (n: number) => `/search?q=${encodeURIComponent(query)}&n=${n}`;
  return (
    <div class="results">
      <h1>Search</h1>
      <form action="/search" method="get" class="find wide">
        <label for="query">Search for</label>
        <input id="query" type="search" name="q" value={query} maxlength={200} required />
        <button type="submit">Search</button>
      </form>
      {query !== '' && (
        <p class="count" role="status">
          {found.total === 0
            ? `No articles found for “${query}”. Try fewer or different words; the beginning of a word is enough.`
            : `${found.total >= COUNTED ? `${COUNTED} or more` : found.total} ${found.total === 1 ? 'article' : 'articles'}${found.corrected.length > 0 ? '' : ` for “${query}”`}`}
        </p>
      )}
      {found.corrected.map((c) => (
        <p class="corrected">
          No article contains “{c.from}”. Showing results for {c.to.map((w, i) => [i > 0 && ', ', <b>{w}</b>])}
        </p>
      ))}
      <div class="list plain">
        {found.cards.map((card) => (
          <Hit chrome={chrome} card={card} words={found.words} />
        ))}
      </div>
      {(number > 1 || found.total > number * size) && (
        <nav class="pager" aria-label="Pages">
          {number > 1 && (
            <a rel="prev" href={link(number - 1)}>
              ← Previous
            </a>
          )}
          {found.total > number * size && (
            <a rel="next" href={link(number + 1)}>
              Next →
            </a>
          )}
        </nav>
      )}
    </div>
  );
}

function Hit({ chrome, card, words }: { chrome: Chrome; card: Card; words: string[] }) {
  return (
    <article class="hit" data-id={card.id}>
      <h2 class="title" lang={card.language ?? undefined} dir="auto">
        <a href={to.article(card.slug)}>
          <Marked text={card.title} words={words} />
        </a>
      </h2>
      {card.excerpt !== '' && (
        <p class="excerpt" lang={card.language ?? undefined} dir="auto">
          <Marked text={card.excerpt} words={words} />
        </p>
      )}
      <Meta chrome={chrome} card={card} />
    </article>
  );
}

function Marked({ text, words }: { text: string; words: string[] }) {
  return <>{piecesOf(text, words).map((p) => (p.found ? <mark>{p.text}</mark> : p.text))}</>;
}

/** The text in pieces. A piece is `found` if it is a word that begins with one of the words searched for. */
export function piecesOf(text: string, words: readonly string[]): { text: string; found: boolean }[] {
  return text
    .split(/([\p{L}\p{N}\p{M}]+)/u)
    .filter((p) => p !== '')
    .map((p) => {
      const folded = fold(p);
      return { text: p, found: words.some((w) => (w.length < 2 ? folded === w : folded.startsWith(w))) };
    });
}
