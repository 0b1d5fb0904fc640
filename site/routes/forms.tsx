import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { setCookie } from 'hono/cookie';
import type { Child } from 'hono/jsx';
import { z } from 'zod';
import type { TextPage as Page } from '../files.js';
import { type FormGuard, flawsOf, REFUSED } from '../form-guard.js';
import { addNotice } from '../store/notices.js';
import { addTakedown, articleAt } from '../store/takedowns.js';
import { safeBack } from '../theme.js';
import { ContactForm, TakedownForm, Taken } from '../view/forms.js';
import { TextPage } from '../view/plain.js';
import type { Press } from './press.js';

const YEAR_S = 365 * 86_400;

const sender = {
  name: z.string().trim().min(1, 'Enter your name.').max(200, 'Use at most 200 characters.'),
  email: z.email('Enter an e-mail address where we can reach you.').max(200, 'Use a shorter address.'),
};
const webAddress = z
  .string()
  .trim()
  .max(2000, 'Use a shorter address.')
  .refine((u) => u === '' || (/^https?:\/\/\S+$/.test(u) && URL.canParse(u)), 'Enter the full address, with https://.');
const message = z
  .string()
  .trim()
  .min(10, 'Write at least 10 characters.')
  .max(10_000, 'Use at most 10,000 characters.');
const agreed = z.literal('yes', 'A notice must contain this statement.');

const Contact = z.object({ ...sender, url: webAddress, message });
const Takedown = z.object({
  ...sender,
  url: webAddress.refine((u) => u !== '', 'Enter the address of the page to remove.'),
  message,
  goodFaith: agreed,
  accurate: agreed,
});

type Shown = { token: string; flaws: Record<string, string>; values: Record<string, string> };
/** A page with a form: what it must contain, how it looks, and where the message is stored. */
type Form<T> = {
  slug: string;
  read: z.ZodType<T> & { shape: Record<string, unknown> };
  view: (shown: Shown) => Child;
  thanks: string;
  keep: (sent: T, id: string) => Promise<void>;
};

/** The site's own pages with their forms, and the switch between the light and the dark theme. */
export function formRoutes(
  app: Hono,
  press: Press,
  options: { pages: Map<string, Page>; guard: FormGuard; now: () => Date; log: (line: object, text: string) => void },
): void {
  const { chrome, db } = press;
  const { guard, now } = options;
  const mayWrite = guard.limit(5, 3_600_000);

  app.post('/theme', bodyLimit({ maxSize: 4096 }), async (c) => {
    const form = await c.req.parseBody();
    const theme = form['theme'] === 'dark' ? 'dark' : 'light';
    const secure = chrome.publicUrl.startsWith('https:');
    setCookie(c, 'theme', theme, { path: '/', maxAge: YEAR_S, sameSite: 'Lax', httpOnly: true, secure });
    return c.redirect(safeBack(form['back']), 303);
  });

  const forms = new Set(['contact', 'dmca']);
  for (const page of options.pages.values())
    if (!forms.has(page.slug))
      app.get(`/${page.slug}`, (c) =>
        press.page(c, { title: page.title }, <TextPage html={page.html} form={null} />, {}),
      );

  serve({
    slug: 'contact',
    read: Contact,
    view: (shown) => <ContactForm {...shown} />,
    thanks: 'Thank you. Your message has arrived, and a person will read it.',
    keep: ({ url, ...sent }, id) => addNotice(db, { id, ...sent, url: url || null, receivedAt: now() }),
  });
  serve({
    slug: 'dmca',
    read: Takedown,
    view: (shown) => <TakedownForm {...shown} />,
    thanks: 'Thank you. Your notice has arrived. A person will read it and reply to your e-mail address.',
    keep: async ({ name, email, url, message }, id) => {
      const article = await articleAt(db, url);
      await addTakedown(db, { id, name, email, url, message, receivedAt: now(), articleId: article?.id ?? null });
    },
  });

  function serve<T>(form: Form<T>): void {
    const { slug } = form;
    const page = options.pages.get(slug);
    if (!page) return;
    const show = (c: Context, body: Child, status: 200 | 400 | 403 | 429 = 200) =>
      press.page(c, { title: page.title }, <TextPage html={page.html} form={body} />, { status, private: true });
    app.get(`/${slug}`, (c) => {
      if (c.req.query('sent') !== undefined) return show(c, <Taken text={form.thanks} />);
      return show(c, form.view({ token: guard.token(slug), flaws: {}, values: { url: c.req.query('url') ?? '' } }));
    });
    app.post(`/${slug}`, bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
      const sent = await guard.read(c, slug);
      const values = Object.fromEntries(Object.keys(form.read.shape).map((key) => [key, sent.text(key)]));
      const again = (flaws: Record<string, string>, status: 400 | 403 | 429) =>
        show(c, form.view({ token: guard.token(slug), flaws, values }), status);
      const done = `/${slug}?sent`;
      if (!sent.ok) return sent.why === 'program' ? c.redirect(done, 303) : again({ form: REFUSED.stale }, 403);
      const read = form.read.safeParse(values);
      if (!read.success) return again(flawsOf(read.error.issues), 400);
      if (!mayWrite(c)) return again({ form: REFUSED.often }, 429);
      const id = randomUUID();
      await form.keep(read.data, id);
      options.log({ notice: id, form: slug }, 'received a form');
      return c.redirect(done, 303);
    });
  }
}
