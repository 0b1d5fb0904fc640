import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Child } from 'hono/jsx';
import type { SiteActions } from '../actions.js';
import type { Changes } from '../changes.js';
import type { Door } from '../desk-door.js';
import type { FormGuard } from '../form-guard.js';
import { writeEntry } from '../store/journal.js';
import type { Session } from '../store/sessions.js';
import { waitingCounts } from '../store/waiting.js';
import { DeskFrame, type Said, type Section } from '../view/desk.js';
import type { Press } from './press.js';

export type RoomOptions = {
  actions: SiteActions;
  door: Door;
  guard: FormGuard;
  changes: Changes;
  now: () => Date;
  log: (line: object, text: string) => void;
};

/** The routes of the desk behind the login. */
export type DeskApp = Hono<{ Variables: { session: Session } }>;
export type DeskContext = Context<{ Variables: { session: Session } }>;

/** The result of a form at the desk: the next page, or the problem to show. */
export type Outcome = { to: string; said?: Said } | { problem: string; back: (problem: string) => Promise<Response> };

/** What the pages of the desk share. */
export type Room = {
  press: Press;
  options: RoomOptions;
  frame(
    c: DeskContext,
    page: { section: Section; title: string; problem?: string },
    body: (token: string) => Child,
  ): Promise<Response>;
  /** Handles a form that only this editor's pages can send. */
  post(path: string, act: (c: DeskContext, text: (key: string) => string) => Promise<Outcome>): void;
  /** Adds an entry to the journal. */
  record(c: DeskContext, did: string, about: string): Promise<void>;
};

export function openRoom(app: DeskApp, press: Press, options: RoomOptions): Room {
  const { guard, now } = options;
  const { comments, newsletter } = press.chrome.config;
  const shut: Section[] = [
    ...(comments ? [] : (['comments'] as const)),
    ...(newsletter ? [] : (['newsletter'] as const)),
  ];
  const kindOf = (c: DeskContext): string => `desk ${c.get('session').id}`;
  return {
    press,
    options,
    async frame(c, { section, title, problem }, body) {
      const token = guard.token(kindOf(c));
      const counts = await waitingCounts(press.db);
      const said = c.req.query('said');
      return press.page(
        c,
        { title: `${title} – Editor's desk`, noindex: true },
        <DeskFrame
          section={section}
          title={title}
          editor={c.get('session').editor}
          counts={counts}
          shut={shut}
          token={token}
          said={said}
          problem={problem}
        >
          {body(token)}
        </DeskFrame>,
        { private: true, status: problem === undefined ? 200 : 409 },
      );
    },
    post(path, act) {
      app.post(path, bodyLimit({ maxSize: 16 * 1024 }), async (c) => {
        const sent = await guard.read(c, kindOf(c));
        if (!sent.ok) return c.text('This page was open for too long. Go back, reload the page and try again.', 403);
        const outcome = await act(c, sent.text);
        if ('problem' in outcome) return outcome.back(outcome.problem);
        return c.redirect(outcome.said ? `${outcome.to}?said=${outcome.said}` : outcome.to, 303);
      });
    },
    async record(c, did, about) {
      const { editor } = c.get('session');
      await writeEntry(press.db, { at: now(), editor, did, about });
      options.log({ editor, about }, did);
    },
  };
}

/** An error in words for an editor. */
export const problemOf = (error: unknown): string => {
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? ` ${error.hint}` : '';
  return `${error instanceof Error ? error.message : String(error)}.${hint}`.replace(/\.\./g, '.');
};
