import { decideComment, waitingComments } from '../store/comments.js';
import { entries } from '../store/journal.js';
import { openNotices, settleNotice } from '../store/notices.js';
import { newsletterFacts } from '../store/subscribers.js';
import { decideTakedown, openTakedowns } from '../store/takedowns.js';
import { CommentList, Journal, MessageList, NewsletterDesk, RemovalList } from '../view/desk-inbox.js';
import { retract } from './desk-articles.js';
import type { DeskApp, DeskContext, Room } from './desk-room.js';

const SHOWN = 100;
const UUID = ':id{[0-9a-f-]{36}}';

/** What readers sent (comments, removal requests, messages), the state of the newsletter, and the journal. */
export function deskInboxRoutes(app: DeskApp, room: Room): void {
  const { press, options } = room;
  const { db, chrome } = press;
  const { now } = options;
  const idOf = (c: DeskContext): string => c.req.param('id') ?? '';
  const decided = (c: DeskContext) => ({ by: c.get('session').editor, at: now() });

  if (chrome.config.comments) {
    app.get('/comments', async (c) => {
      const comments = await waitingComments(db, SHOWN);
      return room.frame(c, { section: 'comments', title: 'Comments to review' }, (token) => (
        <CommentList chrome={chrome} comments={comments} token={token} />
      ));
    });
    room.post(`/comments/${UUID}`, async (c, text) => {
      const state = text('decision') === 'approved' ? 'approved' : 'rejected';
      const comment = await decideComment(db, idOf(c), { state, ...decided(c) });
      if (comment === null) return { to: '/desk/comments' };
      await options.changes.note(null);
      await room.record(c, `comment by ${comment.name} ${state}`, comment.title);
      return { to: '/desk/comments', said: state };
    });
  }

  const removals = async (c: DeskContext, problem?: string): Promise<Response> => {
    const open = await openTakedowns(db, SHOWN);
    const page = { section: 'removals', title: 'Removal requests' } as const;
    return room.frame(c, problem === undefined ? page : { ...page, problem }, (token) => (
      <RemovalList chrome={chrome} open={open} token={token} />
    ));
  };
  app.get('/removals', (c) => removals(c));
  room.post(`/removals/${UUID}`, async (c, text) => {
    const request = (await openTakedowns(db)).find((t) => t.id === idOf(c));
    if (!request) return { to: '/desk/removals' };
    const reason = text('reason').trim().slice(0, 500);
    if (reason.length < 5) return { problem: 'Write a reason.', back: (problem) => removals(c, problem) };
    const grant = text('decision') === 'grant';
    if (grant && request.article !== null && request.articleId !== null) {
      const refused = await retract(room, c, request.articleId, reason);
      if (refused !== null) return { problem: refused, back: (problem) => removals(c, problem) };
    }
    await decideTakedown(db, request.id, { state: grant ? 'granted' : 'refused', reason, ...decided(c) });
    await room.record(c, `removal ${grant ? 'granted' : 'refused'}: ${reason}`, request.article?.title ?? request.url);
    return { to: '/desk/removals', said: grant ? 'withdrawn' : 'refused' };
  });

  app.get('/messages', async (c) => {
    const open = await openNotices(db, SHOWN);
    return room.frame(c, { section: 'messages', title: 'Messages' }, (token) => (
      <MessageList chrome={chrome} open={open} token={token} />
    ));
  });
  room.post(`/messages/${UUID}`, async (c) => {
    const sender = await settleNotice(db, idOf(c), decided(c));
    if (sender === null) return { to: '/desk/messages' };
    await room.record(c, 'message marked as done', sender);
    return { to: '/desk/messages', said: 'settled' };
  });

  if (chrome.config.newsletter)
    app.get('/newsletter', async (c) => {
      const facts = await newsletterFacts(db);
      return room.frame(c, { section: 'newsletter', title: 'Newsletter' }, () => (
        <NewsletterDesk chrome={chrome} facts={facts} />
      ));
    });

  app.get('/journal', async (c) => {
    const lines = await entries(db, 200);
    return room.frame(c, { section: 'journal', title: 'Journal' }, () => <Journal chrome={chrome} lines={lines} />);
  });
}
