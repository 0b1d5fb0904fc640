import type { Chrome } from '../chrome.js';
import { Field, Flaws, Guard } from './fields.js';
import { Taken } from './forms.js';

/** A box that offers the newsletter; nothing when the site has none. */
export function NewsletterBox({ chrome }: { chrome: Chrome }) {
  if (!chrome.config.newsletter) return null;
  return (
    <section class="box offer" aria-labelledby="newsletter">
      <h2 id="newsletter">Newsletter</h2>
      <p>The latest reports in one e-mail, each with a link to its source.</p>
      <p>
        <a class="button" href="/newsletter">
          Subscribe
        </a>
      </p>
    </section>
  );
}

type FormProps = { name: string; token: string; sent: boolean; flaws: Record<string, string>; email: string };

/** The page where readers subscribe to the newsletter. */
export function SubscribePage({ name, token, sent, flaws, email }: FormProps) {
  return (
    <div class="reading text">
      <h1>Newsletter</h1>
      {sent ? (
        <Taken text="Thank you. If this address is not subscribed yet, we have sent it a message with a link. Open that link to confirm your subscription." />
      ) : (
        <>
          <p>
            The main reports since the last issue of {name}, each with a link to its source. We send you an e-mail to
            confirm your subscription, and you can unsubscribe with one click in any issue.
          </p>
          <form class="notice" method="post" action="/newsletter" novalidate={Object.keys(flaws).length > 0}>
            <Flaws flaws={flaws} />
            <Guard token={token} />
            <Field
              name="email"
              label="Your e-mail address"
              type="email"
              value={email}
              flaw={flaws['email']}
              autocomplete="email"
            />
            <p>
              <button type="submit">Subscribe</button>
            </p>
          </form>
        </>
      )}
    </div>
  );
}

const STEPS = {
  confirm: {
    title: 'Confirm your subscription',
    text: 'Click the button to receive the newsletter at your address.',
    button: 'Confirm subscription',
    done: 'You are subscribed. You will receive the next issue.',
  },
  leave: {
    title: 'Unsubscribe',
    text: 'Click the button to unsubscribe. We will then delete your address.',
    button: 'Unsubscribe',
    done: 'You are unsubscribed, and we have deleted your address.',
  },
} as const;

/** The page behind a link in a mail. Only its button acts, because programs that scan mail follow links. */
export function StepPage({
  step,
  id,
  signature,
  done,
}: {
  step: 'confirm' | 'leave';
  id: string;
  signature: string;
  done: boolean;
}) {
  const { title, text, button, done: said } = STEPS[step];
  return (
    <div class="reading text">
      <h1>{title}</h1>
      {done ? (
        <Taken text={said} />
      ) : (
        <>
          <p>{text}</p>
          <form class="notice" method="post" action={`/newsletter/${step}?id=${id}&sig=${signature}`}>
            <p>
              <button type="submit">{button}</button>
            </p>
          </form>
        </>
      )}
    </div>
  );
}

/** The page behind a link that has expired or is damaged. */
export function StalePage() {
  return (
    <div class="reading text">
      <h1>This link has expired</h1>
      <p>
        Links are valid for a week, or your e-mail program may have cut this one off.{' '}
        <a href="/newsletter">Subscribe again</a> to receive a new link.
      </p>
    </div>
  );
}
