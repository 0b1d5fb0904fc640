import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { type FormGuard, REFUSED } from '../form-guard.js';
import type { Newsletter } from '../newsletter.js';
import { askSubscriber, confirmSubscriber, removeSubscriber } from '../store/subscribers.js';
import { StalePage, StepPage, SubscribePage } from '../view/newsletter.js';
import type { Press } from './press.js';

const Email = z.email('Enter your e-mail address.').max(200, 'Use a shorter address.');
const KIND = 'newsletter';

/** Subscribing (the owner of the address must confirm) and unsubscribing. */
export function newsletterRoutes(
  app: Hono,
  press: Press,
  options: { newsletter: Newsletter; guard: FormGuard; now: () => Date; log: (line: object, text: string) => void },
): void {
  const { newsletter, guard, now } = options;
  const mayAsk = guard.limit(5, 3_600_000);
  const title = 'Newsletter';

  const show = (
    c: Context,
    shown: { sent?: boolean; email?: string; flaws?: Record<string, string> },
    status: 200 | 400 | 403 | 429 = 200,
  ) =>
    press.page(
      c,
      { title, description: `The newsletter of ${press.chrome.name}` },
      <SubscribePage
        name={press.chrome.name}
        token={guard.token(KIND)}
        sent={shown.sent ?? false}
        flaws={shown.flaws ?? {}}
        email={shown.email ?? ''}
      />,
      { private: true, status },
    );

  app.get('/newsletter', (c) => show(c, { sent: c.req.query('sent') !== undefined }));
  app.post('/newsletter', bodyLimit({ maxSize: 4096 }), async (c) => {
    const sent = await guard.read(c, KIND);
    const email = sent.text('email').trim();
    if (!sent.ok) {
      if (sent.why === 'program') return c.redirect('/newsletter?sent', 303);
      return show(c, { email, flaws: { form: REFUSED.stale } }, 403);
    }
    const read = Email.safeParse(email);
    if (!read.success) return show(c, { email, flaws: { email: read.error.issues[0]?.message ?? '' } }, 400);
    if (!mayAsk(c)) return show(c, { email, flaws: { form: REFUSED.often } }, 429);
    await askSubscriber(press.db, read.data, now());
    // The answer is the same for a known address, so it does not reveal who subscribes.
    return c.redirect('/newsletter?sent', 303);
  });

  for (const step of ['confirm', 'leave'] as const) {
    const linkOf = (c: Context) => ({ id: c.req.query('id') ?? '', signature: c.req.query('sig') ?? '' });
    const answer = (c: Context, done: boolean) =>
      press.page(c, { title, noindex: true }, <StepPage step={step} {...linkOf(c)} done={done} />, { private: true });
    const stale = (c: Context) =>
      press.page(c, { title, noindex: true }, <StalePage />, { private: true, status: 403 });
    const holds = (c: Context): boolean => {
      const { id, signature } = linkOf(c);
      return z.uuid().safeParse(id).success && newsletter.holds(step, id, signature);
    };
    app.get(`/newsletter/${step}`, (c) => (holds(c) ? answer(c, false) : stale(c)));
    // The signature is the only proof needed, because mail providers press this button too (RFC 8058).
    app.post(`/newsletter/${step}`, bodyLimit({ maxSize: 4096 }), async (c) => {
      if (!holds(c)) return stale(c);
      const { id } = linkOf(c);
      if (step === 'leave') await removeSubscriber(press.db, id);
      else if (!(await confirmSubscriber(press.db, id, now()))) return stale(c);
      options.log(
        { subscriber: id },
        step === 'leave' ? 'a reader unsubscribed from the newsletter' : 'a reader subscribed to the newsletter',
      );
      return answer(c, true);
    });
  }
}
