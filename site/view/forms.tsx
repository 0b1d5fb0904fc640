import { Check, Field, Flaws, Guard, TextArea } from './fields.js';

type Flawed = { token: string; flaws: Record<string, string> };
type Values<Key extends string> = Partial<Record<Key, string>>;

/** The confirmation that a form was received. */
export function Taken({ text }: { text: string }) {
  return (
    <p class="done" role="status">
      {text}
    </p>
  );
}

/** A message to the operator. */
export function ContactForm({
  token,
  flaws,
  values,
}: Flawed & { values: Values<'name' | 'email' | 'url' | 'message'> }) {
  return (
    <form class="notice" method="post" action="/contact" novalidate={Object.keys(flaws).length > 0}>
      <Flaws flaws={flaws} />
      <Guard token={token} />
      <Sender flaws={flaws} values={values} />
      <Field
        name="url"
        label="Address of the page you are writing about (optional)"
        type="url"
        value={values.url}
        flaw={flaws['url']}
        autocomplete="off"
        optional
      />
      <TextArea name="message" label="Message" value={values.message} flaw={flaws['message']} rows={7} most={10_000} />
      <Send />
    </form>
  );
}

/** A notice under 17 U.S.C. § 512(c)(3), with the statements that it must contain. */
export function TakedownForm({
  token,
  flaws,
  values,
}: Flawed & { values: Values<'name' | 'email' | 'url' | 'message' | 'goodFaith' | 'accurate'> }) {
  return (
    <form class="notice" method="post" action="/dmca" novalidate={Object.keys(flaws).length > 0}>
      <Flaws flaws={flaws} />
      <Guard token={token} />
      <Sender flaws={flaws} values={values} />
      <Field
        name="url"
        label="Address of the page to remove"
        type="url"
        value={values.url}
        flaw={flaws['url']}
        autocomplete="off"
      />
      <TextArea
        name="message"
        label="Your work, and where it was published"
        value={values.message}
        flaw={flaws['message']}
        rows={7}
        most={10_000}
      />
      <Check
        name="goodFaith"
        label="I believe in good faith that this use of my work is not authorised by its owner, the owner's agent or the law."
        value={values.goodFaith}
        flaw={flaws['goodFaith']}
      />
      <Check
        name="accurate"
        label="This notice is accurate and, under penalty of perjury, I own the work or am authorised to act for its owner."
        value={values.accurate}
        flaw={flaws['accurate']}
      />
      <Send />
    </form>
  );
}

function Sender({ flaws, values }: { flaws: Record<string, string>; values: Values<'name' | 'email'> }) {
  return (
    <>
      <Field name="name" label="Your name" value={values.name} flaw={flaws['name']} autocomplete="name" />
      <Field
        name="email"
        label="Your e-mail address"
        type="email"
        value={values.email}
        flaw={flaws['email']}
        autocomplete="email"
      />
    </>
  );
}

function Send() {
  return (
    <p>
      <button type="submit">Send</button>
    </p>
  );
}
