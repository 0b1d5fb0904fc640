import type { NoticeKind } from '../store/notices.js';
import { Field, Flaws, Guard, TextArea } from './fields.js';

type Values = Partial<Record<'name' | 'email' | 'url' | 'message', string>>;
type Props = { kind: NoticeKind; token: string; sent: boolean; flaws: Record<string, string>; values: Values };

/** A message to the operator; for removals it asks for the address of the page. */
export function NoticeForm({ kind, token, sent, flaws, values }: Props) {
  if (sent)
    return (
      <p class="done" role="status">
        Thank you. Your message has arrived and a person will read it.
      </p>
    );
  const dmca = kind === 'dmca';
  return (
    <form class="notice" method="post" action={`/${kind}`} novalidate={Object.keys(flaws).length > 0}>
      <Flaws flaws={flaws} />
      <Guard token={token} />
      <Field name="name" label="Your name" value={values.name} flaw={flaws['name']} autocomplete="name" />
      <Field
        name="email"
        label="Your e-mail"
        type="email"
        value={values.email}
        flaw={flaws['email']}
        autocomplete="email"
      />
      <Field
        name="url"
        label={dmca ? 'Address of the page to remove' : 'Address of the page, if it is about one'}
        type="url"
        value={values.url}
        flaw={flaws['url']}
        autocomplete="off"
        optional
      />
      <TextArea
        name="message"
        label={dmca ? 'Why you may ask for it: what is yours, and where it stands' : 'Message'}
        value={values.message}
        flaw={flaws['message']}
        rows={7}
        most={10_000}
      />
      <p>
        <button type="submit">Send</button>
      </p>
    </form>
  );
}
