import { type Chrome, to } from '../chrome.js';
import type { Card } from '../store/cards.js';
import type { StoryDecision } from '../store/stories.js';
import { Meta } from './cards.js';
import { Deed } from './desk.js';

const storyOf = (articleId: string): string => `/desk/article/${articleId}/story`;

const DID = {
  merged: 'Its story was merged into another',
  added: 'Added to a story',
  apart: 'Removed from its story',
} as const;

/** The newest stories, and editors' recent decisions about stories. */
export function StoriesDesk({
  chrome,
  stories,
  decided,
  token,
}: {
  chrome: Chrome;
  stories: Card[];
  decided: StoryDecision[];
  token: string;
}) {
  return (
    <>
      <section aria-labelledby="newest">
        <h2 id="newest">Newest</h2>
        {stories.length === 0 && <p class="empty">No event has more than one report yet.</p>}
        <ul class="rows">
          {stories.map((card) => (
            <li>
              <h3 class="title" lang={card.language ?? undefined} dir="auto">
                <a href={storyOf(card.id)}>{card.title}</a>
              </h3>
              <Meta chrome={chrome} card={card} />
            </li>
          ))}
        </ul>
      </section>
      {decided.length > 0 && (
        <section aria-labelledby="decided">
          <h2 id="decided">Recent decisions</h2>
          <ul class="rows">
            {decided.map((d) => (
              <li>
                <h3 class="title" dir="auto">
                  <a href={to.story(d.toStory)}>{d.title}</a>
                </h3>
                <p class="meta">
                  <span>{DID[d.kind]}</span>
                  <span>
                    {d.by}, {chrome.dateTime(d.at)}
                  </span>
                </p>
                <Deed action={`/desk/stories/${d.id}/undo`} token={token} label="Undo" />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

type Props = { chrome: Chrome; card: Card; members: Card[]; query: string; found: Card[]; token: string };

/** The story of an article: its articles, which an editor can remove, and a search for others to add. */
export function StoryDesk({ chrome, card, members, query, found, token }: Props) {
  const here = storyOf(card.id);
  return (
    <>
      <section aria-labelledby="inside">
        <h2 id="inside">
          {members.length === 1 ? 'One article' : `${members.length} articles`}
          {card.storyId !== null && members.length > 1 && (
            <>
              {' '}
              (<a href={to.story(card.storyId)}>view the story</a>)
            </>
          )}
        </h2>
        <ul class="rows">
          {members.map((m) => (
            <li>
              <Linked card={m} />
              <Meta chrome={chrome} card={m} />
              {members.length > 1 && (
                <Deed action={`${storyOf(m.id)}/apart`} token={token} label="Remove from the story" />
              )}
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="more">
        <h2 id="more">Add another article</h2>
        <form action={here} method="get" class="find wide">
          <label for="query">Find an article</label>
          <input id="query" type="search" name="q" value={query} maxlength={200} required />
          <button type="submit">Search</button>
        </form>
        {query !== '' && found.length === 0 && <p class="empty">No other articles found for “{query}”.</p>}
        <ul class="rows">
          {found.map((f) => (
            <li>
              <Linked card={f} />
              <Meta chrome={chrome} card={f} />
              <Deed
                action={`${here}/add`}
                token={token}
                label={f.storySize > 1 ? `Merge its story (${f.storySize} reports) into this one` : 'Add to this story'}
                values={{ other: f.id }}
              />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Linked({ card }: { card: Card }) {
  return (
    <h3 class="title" lang={card.language ?? undefined} dir="auto">
      <a href={`/desk/article/${card.id}`}>{card.title}</a>
    </h3>
  );
}
