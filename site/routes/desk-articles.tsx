import { pageOf } from '../store/cards.js';
import { hidden, hide, pin, pinned, show, standingOf } from '../store/editorial.js';
import { ArticleDesk, ArticleList, CardList } from '../view/desk-articles.js';
import { type DeskApp, type DeskContext, type Outcome, problemOf, type Room } from './desk-room.js';

const NEWEST = 30;
const UUID = '/article/:id{[0-9a-f-]{36}}';

/** Editors pin, refile, hide and retract articles. */
export function deskArticleRoutes(app: DeskApp, room: Room): void {
  const { press, options } = room;
  const { db, chrome } = press;
  const { changes, now } = options;
  const decided = (c: DeskContext) => ({ by: c.get('session').editor, at: now() });
  const idOf = (c: DeskContext): string => c.req.param('id') ?? '';
  const missing: Outcome = { to: '/desk' };

  app.get('/', async (c) => {
    const query = (c.req.query('q') ?? '').slice(0, 200).trim();
    const cards =
      query === ''
        ? (await pageOf(db, null, null, NEWEST)).cards
        : (await press.search.find(query, { size: NEWEST, number: 1 })).cards;
    const [picks, out] = await Promise.all([pinned(db), hidden(db, 100)]);
    return room.frame(c, { section: 'articles', title: 'Articles' }, () => (
      <>
        <CardList chrome={chrome} query={query} cards={cards} />
        <ArticleList id="pinned" title="Pinned to Editors Picks" articles={picks} />
        <ArticleList id="hidden" title="Hidden from readers" articles={out} />
      </>
    ));
  });

  const article = async (c: DeskContext, problem?: string): Promise<Response> => {
    const standing = await standingOf(db, idOf(c));
    if (standing === null) return press.notFound(c);
    const page = { section: 'articles', title: standing.title } as const;
    return room.frame(c, problem === undefined ? page : { ...page, problem }, (token) => (
      <ArticleDesk chrome={chrome} article={standing} token={token} />
    ));
  };
  app.get(UUID, (c) => article(c));

  for (const on of [true, false])
    room.post(`${UUID}/${on ? 'pin' : 'unpin'}`, async (c) => {
      const standing = await standingOf(db, idOf(c));
      if (standing === null || !(await pin(db, standing.id, on, decided(c)))) return missing;
      await changes.note(null);
      await room.record(c, on ? 'pinned' : 'unpinned', standing.title);
      return { to: `/desk/article/${standing.id}`, said: on ? 'pinned' : 'unpinned' };
    });

  room.post(`${UUID}/hide`, async (c, text) => {
    const standing = await standingOf(db, idOf(c));
    const reason = text('reason').trim().slice(0, 500) || 'no reason given';
    if (standing === null || !(await hide(db, standing.id, reason, decided(c)))) return missing;
    await changes.note({ id: standing.id, revision: standing.revision, did: 'retracted' });
    await room.record(c, `hidden: ${reason}`, standing.title);
    return { to: `/desk/article/${standing.id}`, said: 'hidden' };
  });

  room.post(`${UUID}/show`, async (c) => {
    const received = await show(db, idOf(c));
    if (received === null) return missing;
    await changes.note(received);
    await room.record(c, 'shown again', (await standingOf(db, idOf(c)))?.title ?? '');
    return { to: `/desk/article/${idOf(c)}`, said: 'shown' };
  });

  room.post(`${UUID}/category`, async (c, text) => {
    const standing = await standingOf(db, idOf(c));
    if (standing === null) return missing;
    const path = text('path');
    const label = chrome.labels.get(path);
    if (label === undefined) return { problem: 'Choose a category.', back: (problem) => article(c, problem) };
    try {
      await options.actions.refile(standing.id, path);
    } catch (error) {
      return { problem: problemOf(error), back: (problem) => article(c, problem) };
    }
    await room.record(c, `filed under ${label}`, standing.title);
    return { to: `/desk/article/${standing.id}`, said: 'filed' };
  });

  room.post(`${UUID}/withdraw`, async (c, text) => {
    const standing = await standingOf(db, idOf(c));
    if (standing === null) return missing;
    const reason = text('reason').trim().slice(0, 500);
    if (reason.length < 5)
      return { problem: 'Write a reason. Readers who open the article see it.', back: (p) => article(c, p) };
    const refused = await retract(room, c, standing.id, reason);
    if (refused !== null) return { problem: refused, back: (problem) => article(c, problem) };
    await room.record(c, `retracted: ${reason}`, standing.title);
    return { to: '/desk', said: 'withdrawn' };
  });
}

/** Hides an article at once, then retracts it everywhere. @returns why the retraction failed (the article stays hidden), or null */
export async function retract(room: Room, c: DeskContext, id: string, reason: string): Promise<string | null> {
  const { options, press } = room;
  const at = options.now();
  if (await hide(press.db, id, reason, { by: c.get('session').editor, at }))
    await options.changes.note({ id, revision: 0, did: 'retracted' });
  try {
    await options.actions.retract(id, reason);
    return null;
  } catch (error) {
    return `The article is hidden here, but was not retracted elsewhere: ${problemOf(error)}`;
  }
}
