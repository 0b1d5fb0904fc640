import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { REFUSED } from '../form-guard.js';
import { closeSession, openSession, SESSION_MS, sessionOf } from '../store/sessions.js';
import { LoginPage } from '../view/desk.js';
import { deskArticleRoutes } from './desk-articles.js';
import { deskInboxRoutes } from './desk-inbox.js';
import { type DeskApp, openRoom, type RoomOptions } from './desk-room.js';
import { deskStoryRoutes } from './desk-stories.js';
import type { Press } from './press.js';

const COOKIE = 'desk';
const KIND = 'desk login';

/** The editor's desk below `/desk`. All of it needs a login. */
export function deskRoutes(app: Hono, press: Press, options: RoomOptions): void {
  const { guard, door, now } = options;
  const mayTry = guard.limit(10, 15 * 60_000);
  const cookie = () =>
    ({
      path: '/desk',
      httpOnly: true,
      sameSite: 'Strict',
      secure: press.chrome.publicUrl.startsWith('https:'),
    }) as const;

  const login = (
    c: Context,
    shown: { back: string; name?: string; flaws?: Record<string, string> },
    status: 200 | 400 | 403 | 429 = 200,
  ) =>
    press.page(
      c,
      { title: "Editor's desk", noindex: true },
      <LoginPage token={guard.token(KIND)} back={shown.back} name={shown.name ?? ''} flaws={shown.flaws ?? {}} />,
      { private: true, status },
    );

  const room: DeskApp = new Hono();
  room.get('/login', (c) => login(c, { back: backOf(c.req.query('back')) }));
  room.post('/login', bodyLimit({ maxSize: 4096 }), async (c) => {
    const sent = await guard.read(c, KIND);
    const [name, back] = [sent.text('name').trim().slice(0, 80), backOf(sent.text('back'))];
    if (!sent.ok) return login(c, { back, name, flaws: { form: REFUSED.stale } }, 403);
    if (!mayTry(c))
      return login(c, { back, name, flaws: { form: 'Too many attempts. Try again in 15 minutes.' } }, 429);
    if (name === '') return login(c, { back, flaws: { name: 'Enter your name.' } }, 400);
    const entered = await door.enter(name, sent.text('password').slice(0, 500));
    if (entered === null) {
      options.log({ editor: name }, "wrong password at the editor's desk");
      const flaw = door.namedOnly ? 'This name or password is wrong.' : 'This password is wrong.';
      return login(c, { back, name, flaws: { password: flaw } }, 403);
    }
    const token = await openSession(press.db, { ...entered, now: now() });
    setCookie(c, COOKIE, token, { ...cookie(), maxAge: SESSION_MS / 1000 });
    return c.redirect(back, 303);
  });

  room.use(async (c, next) => {
    const session = await sessionOf(press.db, getCookie(c, COOKIE), now());
    if (session === null || !door.holds(session)) {
      const here = c.req.method === 'GET' ? new URL(c.req.url).pathname : '/desk';
      return c.redirect(`/desk/login?back=${encodeURIComponent(here)}`, 303);
    }
    c.set('session', session);
    c.header('cache-control', 'no-store');
    return next();
  });

  const shared = openRoom(room, press, options);
  shared.post('/logout', async (c) => {
    await closeSession(press.db, c.get('session').id);
    deleteCookie(c, COOKIE, cookie());
    return { to: '/' };
  });
  deskArticleRoutes(room, shared);
  deskStoryRoutes(room, shared);
  deskInboxRoutes(room, shared);
  app.route('/desk', room);
}

/** `back` if it is a page of the desk, else its first page. */
const backOf = (back: string | undefined): string =>
  back !== undefined && /^\/desk(\/[\w/-]*)?$/.test(back) && !back.startsWith('/desk/log') ? back : '/desk';
