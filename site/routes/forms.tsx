import { randomUUID } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { TextPage as Page } from '../files.js';
import { RateLimit } from '../rate-limit.js';
import type { Signer } from '../signature.js';
import { addNotice, type NoticeKind } from '../store/notices.js';
import { safeBack } from '../theme.js';
import { NoticeForm } from '../view/forms.js';
import { TextPage } from '../view/plain.js';
import type { Desk } from './desk.js';

const FORM_VALID_MS = 24 * 3_600_000;
const YEAR_S = 365 * 86_400;

const Sent = z.object({
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
  desk: Desk,
  options: {
    pages: Map<string, Page>;
    signer: Signer;
    now: () => Date;
    log: (line: object, text: string) => void;
  },
): void {
  const { chrome } = desk;
  const limit = new RateLimit(5, 3_600_000, options.now);

  app.post('/theme', bodyLimit({ maxSize: 4096 }), async (c) => {
    const form = await c.req.parseBody();
    const theme = form['theme'] === 'dark' ? 'dark' : 'light';
    const secure = chrome.publicUrl.startsWith('https:');
    setCookie(c, 'theme', theme, { path: '/', maxAge: YEAR_S, sameSite: 'Lax', httpOnly: true, secure });
    return c.redirect(safeBack(form['back']), 303);
  });

  const token = (kind: string): string => {
    const at = `${options.now().getTime()}`;
    return `${at}.${options.signer.sign('form', `${kind} ${at}`)}`;
  };
  const holds = (kind: string, sent: string): boolean => {
    const [at = '', signature = ''] = sent.split('.');
    const age = options.now().getTime() - Number(at);
    return age >= 0 && age < FORM_VALID_MS && options.signer.holds('form', `${kind} ${at}`, signature);
  };

  for (const page of options.pages.values()) {
    const kind: NoticeKind | null = page.slug === 'contact' || page.slug === 'dmca' ? page.slug : null;
    const show = (c: Context, form: unknown, status: 200 | 400 | 403 | 429 = 200) =>
      desk.page(c, { title: page.title }, <TextPage html={page.html} form={form} />, {
        status,
        private: kind !== null,
      });

    app.get(`/${page.slug}`, (c) => {
      if (kind === null) return show(c, null);
      const sent = c.req.query('sent') !== undefined;
      return show(c, <NoticeForm kind={kind} token={token(kind)} sent={sent} flaws={{}} values={{}} />);
    });
    if (kind === null) continue;

    app.post(`/${page.slug}`, bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
      const form = await c.req.parseBody();
      const text = (key: string): string => (typeof form[key] === 'string' ? form[key].replaceAll('\0', '') : '');
      const values = { name: text('name'), email: text('email'), url: text('url'), message: text('message') };
      const again = (flaws: Record<string, string>, status: 400 | 403 | 429) =>
        show(c, <NoticeForm kind={kind} token={token(kind)} sent={false} flaws={flaws} values={values} />, status);
      // People do not see this field; programs fill it in.
      if (text('website') !== '') return c.redirect(`/${page.slug}?sent`, 303);
      if (!holds(kind, text('token'))) return again({ form: 'This form was open for too long. Send it again.' }, 403);
      const read = Sent.safeParse(values);
      if (!read.success) {
        const flaws = Object.fromEntries(read.error.issues.map((i) => [String(i.path[0]), i.message]));
        return again(flaws, 400);
      }
      if (!limit.allows(readerOf(c, chrome.config.proxies)))
        return again({ form: 'That was often. Try again in an hour.' }, 429);
      const { url, ...rest } = read.data;
      const id = randomUUID();
      await addNotice(desk.db, { id, kind, ...rest, url: url || null, receivedAt: options.now() });
      options.log({ notice: id, kind }, 'a reader wrote');
      return c.redirect(`/${page.slug}?sent`, 303);
    });
  }
}

/** Who asks: the connection's address, or the one that the last trusted proxy names. */
export function readerOf(c: Context, proxies: number): string {
  if (proxies > 0) {
    const named = (c.req.header('x-forwarded-for') ?? '').split(',').map((a) => a.trim());
    const reader = named.at(-proxies);
    if (reader) return reader;
  }
  return getConnInfo(c).remote.address ?? 'unknown';
}
