import type { Chrome } from '../chrome.js';
import { Field, Flaws, Guard } from './fields.js';
import { Taken } from './forms.js';

/** The way to the newsletter, beside articles; nothing where there is none. */
export function NewsletterBox({ chrome }: { chrome: Chrome }) {
  if (!chrome.config.newsletter) return null;
  return (
    <section class="box offer" aria-labelledby="newsletter">
      <h2 id="newsletter">Newsletter</h2>
      <p>What was reported, each article with its source, in one mail.</p>
      <p>
        <a class="button" href="/newsletter">
          Subscribe
        </a>
      </p>
    </section>
  );
}

type FormProps = { name: string; token: string; sent: boolean; flaws: Record<string, string>; email: string };

/** Where readers ask for the newsletter. */
export function SubscribePage({ name, token, sent, flaws, email }: FormProps) {
  return (
    <div class="reading text">
      <h1>Newsletter</h1>
      {sent ? (
        <Taken text="Thank you. If this address does not get the newsletter yet, a message is on its way to it: the subscription begins when you confirm it there." />
      ) : (
        <>
          <p>
            What was reported since the last issue of {name}, each article with its source. You confirm by mail, and end
            it with one click in any issue.
          </p>
          <form class="notice" method="post" action="/newsletter" novalidate={Object.keys(flaws).length > 0}>
            <Flaws flaws={flaws} />
            <Guard token={token} />
            <Field
              name="email"
              label="Your e-mail"
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
    text: 'One click, and the newsletter comes to your address.',
    button: 'Confirm the subscription',
    done: 'You are subscribed. The next issue comes to your address.',
  },
  leave: {
    title: 'End your subscription',
    text: 'Your address is then deleted here.',
    button: 'End the subscription',
    done: 'Your subscription has ended, and your address is deleted here.',
  },
} as const;

/** What a link in a mail leads to. Nothing is done before the button: programs that read mail follow links. */
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

/** A link of a mail that does not hold. */
export function StalePage() {
  return (
    <div class="reading text">
      <h1>This link does not hold any more</h1>
      <p>
        It was cut off on its way, or a week has passed. <a href="/newsletter">Ask for the newsletter again</a>, and a
        new link comes.
      </p>
    </div>
  );
}
