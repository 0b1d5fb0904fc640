import type { NoticeKind } from '../store/notices.js';

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
  const has = Object.keys(flaws).length > 0;
  return (
    <form class="notice" method="post" action={`/${kind}`} novalidate={has}>
      {has && (
        <p class="flaw" role="alert">
          {flaws['form'] ?? 'It was not sent: correct the fields marked below.'}
        </p>
      )}
      <input type="hidden" name="token" value={token} />
      <p class="unseen" aria-hidden="true">
        <label for="website">Leave this empty</label>
        <input id="website" name="website" tabindex={-1} autocomplete="off" />
      </p>
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
        label={kind === 'dmca' ? 'Address of the page to remove' : 'Address of the page, if it is about one'}
        type="url"
        value={values.url}
        flaw={flaws['url']}
        autocomplete="off"
        optional
      />
      <p>
        <label for="message">
          {kind === 'dmca' ? 'Why you may ask for it: what is yours, and where it stands' : 'Message'}
        </label>
        <textarea
          id="message"
          name="message"
          rows={7}
          maxlength={10000}
          required
          aria-invalid={flaws['message'] ? 'true' : undefined}
          aria-describedby={flaws['message'] ? 'message-flaw' : undefined}
        >
          {values.message ?? ''}
        </textarea>
        {flaws['message'] && (
          <span class="flaw" id="message-flaw">
            {flaws['message']}
          </span>
        )}
      </p>
      <p>
        <button type="submit">Send</button>
      </p>
    </form>
  );
}

function Field(p: {
  name: string;
  label: string;
  type?: string;
  value: string | undefined;
  flaw: string | undefined;
  autocomplete: string;
  optional?: boolean;
}) {
  return (
    <p>
      <label for={p.name}>{p.label}</label>
      <input
        id={p.name}
        name={p.name}
        type={p.type ?? 'text'}
        value={p.value ?? ''}
        maxlength={p.type === 'url' ? 2000 : 200}
        required={!p.optional}
        autocomplete={p.autocomplete}
        aria-invalid={p.flaw ? 'true' : undefined}
        aria-describedby={p.flaw ? `${p.name}-flaw` : undefined}
      />
      {p.flaw && (
        <span class="flaw" id={`${p.name}-flaw`}>
          {p.flaw}
        </span>
      )}
    </p>
  );
}
