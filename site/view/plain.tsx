import { raw } from 'hono/html';
import { type Chrome, to } from '../chrome.js';
import type { Tombstone } from '../store/article.js';
import type { Card } from '../store/cards.js';
import { Box } from './lists.js';

/** Nothing is there: what a reader can do instead. */
export function NotFoundPage({ chrome, words, latest }: { chrome: Chrome; words: string; latest: Card[] }) {
  return (
    <div class="reading">
      <h1>There is nothing here</h1>
      <p>
        The address may be mistyped, or the article may have moved or been withdrawn. Search for it, or start from a
        section.
      </p>
      <form action="/search" method="get" class="find wide">
        <label for="lost">Words to find</label>
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

/** An article that was withdrawn: who asked and why, and nothing of its text. */
export function GonePage({ chrome, gone }: { chrome: Chrome; gone: Tombstone }) {
  return (
    <div class="reading">
      <h1>This article was withdrawn</h1>
      <p>
        An article from {gone.sourceName} was removed on {chrome.dateTime(gone.retractedAt)}. Reason: {gone.reason}
      </p>
      <p>
        <a href={gone.canonicalUrl} rel="noopener external nofollow">
          Where it stood at {gone.sourceName}
        </a>
      </p>
    </div>
  );
}

/** A page of the site's own, from Markdown. */
export function TextPage({ html, form }: { html: string; form: unknown }) {
  return (
    <div class="reading text">
      {raw(html)}
      {form}
    </div>
  );
}

/** Something failed here. */
export function FailedPage() {
  return (
    <div class="reading">
      <h1>This page cannot be shown now</h1>
      <p>Something failed on this server. It was written down; try again in a moment.</p>
      <p>
        <a href="/">Front page</a>
      </p>
    </div>
  );
}
