import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { to } from '../chrome.js';
import { type FormGuard, flawsOf, REFUSED } from '../form-guard.js';
import { articleBySlug, type FullArticle } from '../store/article.js';
import { addComment } from '../store/comments.js';
import { CommentPage } from '../view/comments.js';
import type { Press } from './press.js';

const Written = z.object({
  name: z.string().trim().min(1, 'Enter the name to show.').max(80, 'Use at most 80 characters.'),
  email: z.email('Enter an e-mail address, in case an editor has a question.').max(200, 'Use a shorter address.'),
  message: z.string().trim().min(2, 'Write your comment.').max(5000, 'Use at most 5,000 characters.'),
});

/** The form for comments. It has its own page, so that the page of an article can be cached for everybody. */
export function commentRoutes(
  app: Hono,
  press: Press,
  options: { guard: FormGuard; now: () => Date; log: (line: object, text: string) => void },
): void {
  if (!press.chrome.config.comments) return;
  const { guard } = options;
  const mayWrite = guard.limit(5, 3_600_000);

  type Shown = Pick<Parameters<typeof CommentPage>[0], 'sent' | 'flaws' | 'values'>;
  const show = (c: Context, article: FullArticle, shown: Shown, status: 200 | 400 | 403 | 429 = 200) =>
    press.page(
      c,
      { title: `Comment: ${article.title}`, noindex: true },
      <CommentPage article={article} token={guard.token(`comment ${article.id}`)} {...shown} />,
      { status, private: true },
    );

  app.get('/article/:slug/comment', async (c) => {
    const article = await articleBySlug(press.db, c.req.param('slug'));
    if (article === null) return press.notFound(c);
    return show(c, article, { sent: c.req.query('sent') !== undefined, flaws: {}, values: {} });
  });

  app.post('/article/:slug/comment', bodyLimit({ maxSize: 32 * 1024 }), async (c) => {
    const article = await articleBySlug(press.db, c.req.param('slug'));
    if (article === null) return press.notFound(c);
    const sent = await guard.read(c, `comment ${article.id}`);
    const { text } = sent;
    const values = { name: text('name'), email: text('email'), message: text('message').replace(/\r\n?/g, '\n') };
    const again = (flaws: Record<string, string>, status: 400 | 403 | 429) =>
      show(c, article, { sent: false, flaws, values }, status);
    const done = `${to.comment(article.slug)}?sent`;
    if (!sent.ok) return sent.why === 'program' ? c.redirect(done, 303) : again({ form: REFUSED.stale }, 403);
    const read = Written.safeParse(values);
    if (!read.success) return again(flawsOf(read.error.issues), 400);
    if (!mayWrite(c)) return again({ form: REFUSED.often }, 429);
    const id = randomUUID();
    const kept = await addComment(press.db, { id, articleId: article.id, ...read.data, receivedAt: options.now() });
    if (!kept) return press.notFound(c);
    options.log({ comment: id, article: article.id }, 'received a comment');
    return c.redirect(done, 303);
  });
}
