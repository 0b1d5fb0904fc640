import type { Child } from 'hono/jsx';
import { type Chrome, to } from '../chrome.js';
import type { Card, Page } from '../store/cards.js';
import { cursorText } from '../store/cards.js';
import { FullCard, Headline, SmallCard } from './cards.js';

type Trail = { label: string; href: string | null }[];

/** The trail from Home to this page, its last step. */
export function Breadcrumb({ trail }: { trail: Trail }) {
  return (
    <nav class="trail" aria-label="Breadcrumb">
      <ol>
        <li>
          <a href="/">Home</a>
        </li>
        {trail.map((step) => (
          <li>
            {step.href === null ? <span aria-current="page">{step.label}</span> : <a href={step.href}>{step.label}</a>}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The categories from the top down to this one. */
export function categoryTrail(chrome: Chrome, path: string, label: string, last: boolean): Trail {
  const parts = path.split('/');
  return parts.map((part, i) => {
    const upTo = parts.slice(0, i + 1).join('/');
    const here = i === parts.length - 1;
    return {
      label: chrome.labels.get(upTo) ?? (here ? label : part),
      href: here && last ? null : to.category(upTo),
    };
  });
}

/** One page of a list, with links to newer and older articles. */
export function Listing({
  chrome,
  page,
  path,
  children,
}: {
  chrome: Chrome;
  page: Page;
  path: string;
  children?: Child;
}) {
  return (
    <div class="listing">
      {children}
      {page.cards.length === 0 && <p class="empty">There are no articles here yet.</p>}
      <div class="list">
        {page.cards.map((card) => (
          <FullCard chrome={chrome} card={card} level={2} />
        ))}
      </div>
      {(page.newer || page.older) && (
        <nav class="pager" aria-label="Pages">
          {page.newer && (
            <a rel="prev" href={`${path}?page=${cursorText(page.newer)}`}>
              ← Newer
            </a>
          )}
          {page.older && (
            <a rel="next" href={`${path}?page=${cursorText(page.older)}`}>
              Older →
            </a>
          )}
        </nav>
      )}
    </div>
  );
}

/** A titled box of articles; nothing when it would be empty. */
export function Box({
  chrome,
  id,
  title,
  cards,
  small = false,
}: {
  chrome: Chrome;
  id: string;
  title: string;
  cards: Card[];
  small?: boolean;
}) {
  if (cards.length === 0) return null;
  return (
    <section class="box" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {cards.map((card) =>
        small ? <SmallCard chrome={chrome} card={card} /> : <Headline chrome={chrome} card={card} />,
      )}
    </section>
  );
}
