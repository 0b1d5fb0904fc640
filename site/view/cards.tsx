import { type Chrome, imageOf, labelOf, to } from '../chrome.js';
import type { Card } from '../store/cards.js';

type One = { chrome: Chrome; card: Card };

/** The publication date, or `Undated` if the source gives none. */
export function Dated({ chrome, at }: { chrome: Chrome; at: Date | string | null }) {
  if (at === null) return <span class="undated">Undated</span>;
  return <time datetime={new Date(at).toISOString()}>{chrome.date(at)}</time>;
}

/** The reading time. */
export const minutes = (n: number): string => `${n} ${n === 1 ? 'Min' : 'Mins'} Read`;

/** Source, date, reading time, a mark if the article was updated, and the size of its story. */
export function Meta({ chrome, card }: One) {
  return (
    <p class="meta">
      <a href={to.source(card.source.id)}>{card.source.name}</a>
      <Dated chrome={chrome} at={card.publishedAt} />
      <span>{minutes(card.readingMinutes)}</span>
      {card.revision > 1 && (
        <a class="updated" href={to.changes(card.slug)}>
          Updated
        </a>
      )}
      {card.storyId !== null && card.storySize > 1 && <a href={to.story(card.storyId)}>{card.storySize} reports</a>}
    </p>
  );
}

function Picture({ chrome, card, eager }: One & { eager?: boolean }) {
  const image = imageOf(chrome, card.image);
  return (
    <div class={image ? 'picture' : 'picture blank'} aria-hidden="true">
      {image ? (
        <img
          src={image.src}
          alt=""
          width={image.width ?? 16}
          height={image.height ?? 9}
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
        />
      ) : (
        <span>{initials(card.source.name)}</span>
      )}
    </div>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter((w) => /^\p{Lu}/u.test(w))
    .map((w) => [...w][0])
    .slice(0, 3)
    .join('') ||
  ([...name][0] ?? '');

function Title({ card, level }: { card: Card; level: 2 | 3 }) {
  const link = (
    <a href={to.article(card.slug)} lang={card.language ?? undefined} dir="auto">
      {card.title}
    </a>
  );
  return level === 2 ? <h2 class="title">{link}</h2> : <h3 class="title">{link}</h3>;
}

function Kicker({ chrome, card }: One) {
  if (card.category === null) return null;
  return (
    <a class="kicker" href={to.category(card.category.path)}>
      {labelOf(chrome, card.category)}
    </a>
  );
}

/** With picture, category and excerpt. */
export function FullCard({ chrome, card, level = 3, lead = false }: One & { level?: 2 | 3; lead?: boolean }) {
  return (
    <article class={lead ? 'card lead' : 'card'} data-id={card.id}>
      <Picture chrome={chrome} card={card} eager={lead} />
      <div class="words">
        <Kicker chrome={chrome} card={card} />
        <Title card={card} level={level} />
        {card.excerpt !== '' && (
          <p class="excerpt" lang={card.language ?? undefined} dir="auto">
            {card.excerpt}
          </p>
        )}
        <Meta chrome={chrome} card={card} />
      </div>
    </article>
  );
}

/** A small picture, headline and date. */
export function SmallCard({ chrome, card }: One) {
  return (
    <article class="card small" data-id={card.id}>
      <Picture chrome={chrome} card={card} />
      <div class="words">
        <Title card={card} level={3} />
        <p class="meta">
          <a href={to.source(card.source.id)}>{card.source.name}</a>
          <Dated chrome={chrome} at={card.publishedAt} />
        </p>
      </div>
    </article>
  );
}

/** Headline and date alone. */
export function Headline({ chrome, card }: One) {
  return (
    <article class="headline" data-id={card.id}>
      <Title card={card} level={3} />
      <p class="meta">
        <a href={to.source(card.source.id)}>{card.source.name}</a>
        <Dated chrome={chrome} at={card.publishedAt} />
      </p>
    </article>
  );
}
