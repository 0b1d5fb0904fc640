import { raw } from 'hono/html';
import { type Chrome, to } from '../chrome.js';
import type { Tombstone } from '../store/article.js';
import type { Card } from '../store/cards.js';
import { Box } from './lists.js';

/** The page for an unknown address, with what a reader can do instead. */
export function NotFoundPage({ chrome, words, latest }: { chrome: Chrome; words: string; latest: Card[] }) {
  return (
    <div class="reading">
      <h1>Page not found</h1>
      <p>
        The address may be mistyped, or the article may have been moved or retracted. Search for it, or choose a
        section.
      </p>
      <form action="/search" method="get" class="find wide">
        <label for="lost">Search for</label>
        <input id="lost" type="search" name="q" value={words} maxlength={200} required />
        <button type="submit">Search</button>
      </form>
      <ul class="chips">
        {chrome.menu.map((node) => (
          <li>
            <a href={to.category(node.path)}>{node.label}</a>
          </li>
        ))}
      </ul>
      <Box chrome={chrome} id="newest" title="Newest" cards={latest} small />
    </div>
  );
}

/** The page of a retracted article: its source, when and why, without its text. */
export function GonePage({ chrome, gone }: { chrome: Chrome; gone: Tombstone }) {
  return (
    <div class="reading">
      <h1>This article was retracted</h1>
      <p>
        An article from {gone.sourceName} was removed on {chrome.dateTime(gone.retractedAt)}. Reason: {gone.reason}
      </p>
      <p>
        <a href={gone.canonicalUrl} rel="noopener external nofollow">
          Its original address at {gone.sourceName}
        </a>
      </p>
    </div>
  );
}

/** One of the site's own pages, from Markdown. */
export function TextPage({ html, form }: { html: string; form: unknown }) {
  return (
    <div class="reading text">
      {raw(html)}
      {form}
    </div>
  );
}

/** The page for a failure on the server. */
export function FailedPage() {
  return (
    <div class="reading">
      <h1>Something went wrong</h1>
      <p>
        This page cannot be shown because of an error on this server. It has been logged. Please try again in a moment.
      </p>
      <p>
        <a href="/">Go to the front page</a>
      </p>
    </div>
  );
}
