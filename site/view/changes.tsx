import { type Chrome, to } from '../chrome.js';
import { changesBetween } from '../diff.js';
import type { FullArticle, Revision } from '../store/article.js';
import { textOf } from '../words.js';
import { Breadcrumb } from './lists.js';

type Props = { chrome: Chrome; article: FullArticle; before: Revision | null; after: Revision; all: Revision[] };

/** The differences between two revisions of an article. */
export function ChangesPage({ chrome, article, before, after, all }: Props) {
  return (
    <div class="reading changes">
      <Breadcrumb
        trail={[
          { label: article.title, href: to.article(article.slug) },
          { label: 'Changes', href: null },
        ]}
      />
      <h1>What changed</h1>
      {before === null ? (
        <p>This article has not changed since it appeared here.</p>
      ) : (
        <>
          <p class="meta">
            <span>
              Before: revision {before.revision}, {chrome.dateTime(before.sentAt)}
            </span>
            <span>
              After: revision {after.revision}, {chrome.dateTime(after.sentAt)}
            </span>
          </p>
          {before.title === after.title && textOf(before.body) === textOf(after.body) && (
            <p>Only other details changed, such as the category or the reports on the same event.</p>
          )}
          <h2>Headline</h2>
          <Diff before={before.title} after={after.title} />
          <h2>Text</h2>
          <Diff before={textOf(before.body)} after={textOf(after.body)} />
        </>
      )}
      {all.length > 2 && (
        <nav aria-label="Revisions">
          <ul class="revisions">
            {all.slice(1).map((r, i) => (
              <li>
                <a href={`${to.changes(article.slug)}?before=${all[i]?.revision}&after=${r.revision}`}>
                  {all[i]?.revision} → {r.revision}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <p>
        <a href={to.article(article.slug)}>Back to the article</a>
      </p>
    </div>
  );
}

function Diff({ before, after }: { before: string; after: string }) {
  const changes = changesBetween(before, after);
  if (changes.every((c) => c.kind === 'same')) return <p class="same">Unchanged.</p>;
  return (
    <div class="diff" dir="auto">
      {changes.map((c) =>
        c.kind === 'same' ? (
          <span>{c.text}</span>
        ) : c.kind === 'added' ? (
          <ins>
            <span class="unseen">added: </span>
            {c.text}
          </ins>
        ) : (
          <del>
            <span class="unseen">removed: </span>
            {c.text}
          </del>
        ),
      )}
    </div>
  );
}
