import { randomUUID } from 'node:crypto';
import { type Card, pageOf } from '../store/cards.js';
import {
  cardById,
  decisionById,
  decisions,
  keepDecision,
  markUndone,
  putIntoStory,
  type StoryDecision,
} from '../store/stories.js';
import { StoriesDesk, StoryDesk } from '../view/desk-stories.js';
import { type DeskApp, type DeskContext, type Outcome, problemOf, type Room } from './desk-room.js';

const UUID = ':id{[0-9a-f-]{36}}';
const ARTICLE = `/article/${UUID}`;
/** How many of the newest articles are searched for stories. */
const NEWEST = 300;
const MEMBERS = 200;
const FOUND = 20;
const SHOWN = 30;

/** Editors correct which articles belong to a story. The pipeline records the decision, so every sink learns of it. */
export function deskStoryRoutes(app: DeskApp, room: Room): void {
  const { press, options } = room;
  const { db, chrome, search } = press;
  const { actions, changes, now } = options;
  const idOf = (c: DeskContext): string => c.req.param('id') ?? '';
  const missing: Outcome = { to: '/desk/stories' };

  const list = async (c: DeskContext, problem?: string): Promise<Response> => {
    const [{ cards }, decided] = await Promise.all([pageOf(db, null, null, NEWEST), decisions(db, SHOWN)]);
    const stories = new Map<string, Card>();
    for (const card of cards)
      if (card.storyId !== null && card.storySize > 1 && !stories.has(card.storyId)) stories.set(card.storyId, card);
    const page = { section: 'stories', title: 'Stories' } as const;
    return room.frame(c, problem === undefined ? page : { ...page, problem }, (token) => (
      <StoriesDesk chrome={chrome} stories={[...stories.values()].slice(0, SHOWN)} decided={decided} token={token} />
    ));
  };
  app.get('/stories', (c) => list(c));

  const membersOf = async (card: Card): Promise<Card[]> =>
    card.storyId === null ? [card] : (await pageOf(db, { kind: 'story', key: card.storyId }, null, MEMBERS)).cards;

  const story = async (c: DeskContext, problem?: string): Promise<Response> => {
    const card = await cardById(db, idOf(c));
    if (card === null) return press.notFound(c);
    const query = (c.req.query('q') ?? '').slice(0, 200).trim();
    const [members, found] = await Promise.all([
      membersOf(card),
      query === '' ? [] : search.find(query, { size: FOUND, number: 1 }).then((f) => f.cards),
    ]);
    const inside = new Set(members.map((m) => m.id));
    const page = { section: 'stories', title: `Story: ${card.title}` } as const;
    return room.frame(c, problem === undefined ? page : { ...page, problem }, (token) => (
      <StoryDesk
        chrome={chrome}
        card={card}
        members={members}
        query={query}
        found={found.filter((f) => !inside.has(f.id))}
        token={token}
      />
    ));
  };
  app.get(`${ARTICLE}/story`, (c) => story(c));

  /** Carries out a decision, keeps it and updates open pages. @returns the pipeline's objection, or null */
  const decide = async (
    c: DeskContext,
    what: Pick<StoryDecision, 'kind' | 'fromStory' | 'title'> & { articles: Card[]; beside: Card[] },
    ask: () => Promise<string>,
  ): Promise<string | null> => {
    let toStory: string;
    try {
      toStory = await ask();
    } catch (error) {
      return problemOf(error);
    }
    const [by, at] = [c.get('session').editor, now()];
    const { kind, fromStory, title } = what;
    // The pipeline may return another story id than its last messages had; then all articles move there.
    const elsewhere = what.beside.filter((b) => b.storyId !== toStory);
    await putIntoStory(
      db,
      [...what.articles, ...elsewhere].map((a) => a.id),
      toStory,
      at,
    );
    const articles = what.articles.map((a) => a.id);
    await keepDecision(db, { id: randomUUID(), kind, fromStory, toStory, articles, title, by, at });
    await changes.note(null);
    return null;
  };

  room.post(`${ARTICLE}/story/add`, async (c, text) => {
    const [card, other] = [await cardById(db, idOf(c)), await cardById(db, text('other'))];
    if (card === null || other === null) return missing;
    const [members, others] = [await membersOf(card), await membersOf(other)];
    const back = `/desk/article/${card.id}/story`;
    if (members.some((m) => m.id === other.id)) return { to: back };
    const merges = others.length > 1 || other.storySize > 1;
    const refused = await decide(
      c,
      {
        kind: merges ? 'merged' : 'added',
        fromStory: other.storyId,
        title: other.title,
        articles: others,
        beside: members,
      },
      () => (merges ? actions.mergeStories(other.id, card.id) : actions.moveToStory(other.id, card.id)),
    );
    if (refused !== null) return { problem: refused, back: (problem) => story(c, problem) };
    await room.record(
      c,
      `${merges ? 'merged into the story of' : 'added to the story of'} “${card.title}”`,
      other.title,
    );
    return { to: back, said: merges ? 'merged' : 'added' };
  });

  room.post(`${ARTICLE}/story/apart`, async (c) => {
    const card = await cardById(db, idOf(c));
    if (card === null || card.storyId === null) return missing;
    const refused = await decide(
      c,
      { kind: 'apart', fromStory: card.storyId, title: card.title, articles: [card], beside: [] },
      () => actions.moveToStory(card.id, null),
    );
    if (refused !== null) return { problem: refused, back: (problem) => story(c, problem) };
    await room.record(c, 'removed from its story', card.title);
    return { to: `/desk/article/${card.id}/story`, said: 'apart' };
  });

  room.post(`/stories/${UUID}/undo`, async (c) => {
    const decision = await decisionById(db, idOf(c));
    if (decision === null) return missing;
    const refused = await undo(decision);
    if (refused !== null) return { problem: refused, back: (problem) => list(c, problem) };
    await markUndone(db, decision.id, { by: c.get('session').editor, at: now() });
    await changes.note(null);
    await room.record(c, `undone: ${decision.kind}`, decision.title);
    return { to: '/desk/stories', said: 'undone' };
  });

  /** Moves back the articles that are still where the decision put them. @returns why that is not possible, or null */
  async function undo(d: StoryDecision): Promise<string | null> {
    const known = (await Promise.all(d.articles.map((id) => cardById(db, id)))).filter((a) => a !== null);
    const there = known.filter((a) => a.storyId === d.toStory);
    if (there.length === 0) return 'These articles are no longer in that story, so there is nothing to undo.';
    const left =
      d.fromStory === null ? [] : (await pageOf(db, { kind: 'story', key: d.fromStory }, null, MEMBERS)).cards;
    let beside = left[0]?.id ?? null;
    if (d.kind === 'apart' && beside === null) return 'The story that it was removed from no longer has any articles.';
    for (const article of there) {
      try {
        const back = await actions.moveToStory(article.id, beside);
        const mates = left.filter((m) => m.storyId !== back).map((m) => m.id);
        await putIntoStory(db, [article.id, ...mates], back, now());
      } catch (error) {
        return problemOf(error);
      }
      beside ??= article.id;
    }
    return null;
  }
}
