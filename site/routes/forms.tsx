import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { TextPage as Page } from '../files.js';
import { type FormGuard, flawsOf, REFUSED } from '../form-guard.js';
import { addNotice, type NoticeKind } from '../store/notices.js';
import { safeBack } from '../theme.js';
import { NoticeForm } from '../view/forms.js';
import { TextPage } from '../view/plain.js';
import type { Press } from './press.js';

const YEAR_S = 365 * 86_400;

const Filled = z.object({
  name: z.string().trim().min(1, 'Write your name.').max(200),
  email: z.email('Write an e-mail address where an answer reaches you.').max(200),
  url: z
    .string()
    .trim()
    .max(2000)
    .refine((u) => u === '' || /^https?:\/\/\S+$/.test(u), 'Write the address of the page, with https://.')
    .default(''),
  message: z.string().trim().min(10, 'Write what it is about, in ten letters or more.').max(10_000),
});

/** The site's own pages with their forms, and the switch between light and dark. */
export function formRoutes(
  app: Hono,
  press: Press,
  options: { pages: Map<string, Page>; guard: FormGuard; now: () => Date; log: (line: object, text: string) => void },
): void {
  const { chrome } = press;
  const { guard } = options;
  const mayWrite = guard.limit(5, 3_600_000);

  app.post('/theme', bodyLimit({ maxSize: 4096 }), async (c) => {
    const form = await c.req.parseBody();
    const theme = form['theme'] === 'dark' ? 'dark' : 'light';
    const secure = chrome.publicUrl.startsWith('https:');
    setCookie(c, 'theme', theme, { path: '/', maxAge: YEAR_S, sameSite: 'Lax', httpOnly: true, secure });
    return c.redirect(safeBack(form['back']), 303);
  });

  for (const page of options.pages.values()) {
    const kind: NoticeKind | null = page.slug === 'contact' || page.slug === 'dmca' ? page.slug : null;
    const show = (c: Context, form: unknown, status: 200 | 400 | 403 | 429 = 200) =>
      press.page(c, { title: page.title }, <TextPage html={page.html} form={form} />, {
        status,
        private: kind !== null,
      });

    app.get(`/${page.slug}`, (c) => {
      if (kind === null) return show(c, null);
      const sent = c.req.query('sent') !== undefined;
      return show(c, <NoticeForm kind={kind} token={guard.token(kind)} sent={sent} flaws={{}} values={{}} />);
    });
    if (kind === null) continue;

    app.post(`/${page.slug}`, bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
      const sent = await guard.read(c, kind);
      const { text } = sent;
      const values = { name: text('name'), email: text('email'), url: text('url'), message: text('message') };
      const again = (flaws: Record<string, string>, status: 400 | 403 | 429) =>
        show(
          c,
          <NoticeForm kind={kind} token={guard.token(kind)} sent={false} flaws={flaws} values={values} />,
          status,
        );
      if (!sent.ok) {
        if (sent.why === 'program') return c.redirect(`/${page.slug}?sent`, 303);
        return again({ form: REFUSED.stale }, 403);
      }
      const read = Filled.safeParse(values);
      if (!read.success) return again(flawsOf(read.error.issues), 400);
      if (!mayWrite(c)) return again({ form: REFUSED.often }, 429);
      const { url, ...rest } = read.data;
      const id = randomUUID();
      await addNotice(press.db, { id, kind, ...rest, url: url || null, receivedAt: options.now() });
      options.log({ notice: id, kind }, 'a reader wrote');
      return c.redirect(`/${page.slug}?sent`, 303);
    });
  }
}
