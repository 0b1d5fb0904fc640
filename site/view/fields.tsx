type Common = {
  name: string;
  label: string;
  value: string | undefined;
  flaw: string | undefined;
  optional?: boolean;
};

/** The token, and a field hidden from people: only programs fill it in. */
export function Guard({ token }: { token: string }) {
  return (
    <>
      <input type="hidden" name="token" value={token} />
      <p class="unseen" aria-hidden="true">
        <label for="website">Leave this empty</label>
        <input id="website" name="website" tabindex={-1} autocomplete="off" />
      </p>
    </>
  );
}

/** Says why a form was not sent; nothing when it has no problem. */
export function Flaws({ flaws }: { flaws: Record<string, string> }) {
  if (Object.keys(flaws).length === 0) return null;
  return (
    <p class="flaw" role="alert">
      {flaws['form'] ?? 'Not sent. Please correct the fields marked below.'}
    </p>
  );
}

/** One line of text. */
export function Field(p: Common & { type?: string; autocomplete: string }) {
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
      <Flaw name={p.name} flaw={p.flaw} />
    </p>
  );
}

/** Many lines of text. */
export function TextArea(p: Common & { rows: number; most: number }) {
  return (
    <p>
      <label for={p.name}>{p.label}</label>
      <textarea
        id={p.name}
        name={p.name}
        rows={p.rows}
        maxlength={p.most}
        required={!p.optional}
        aria-invalid={p.flaw ? 'true' : undefined}
        aria-describedby={p.flaw ? `${p.name}-flaw` : undefined}
      >
        {p.value ?? ''}
      </textarea>
      <Flaw name={p.name} flaw={p.flaw} />
    </p>
  );
}

/** A statement to agree to. */
export function Check(p: Common) {
  return (
    <p class="check">
      <input
        id={p.name}
        name={p.name}
        type="checkbox"
        value="yes"
        checked={p.value === 'yes'}
        required={!p.optional}
        aria-invalid={p.flaw ? 'true' : undefined}
        aria-describedby={p.flaw ? `${p.name}-flaw` : undefined}
      />
      <label for={p.name}>{p.label}</label>
      <Flaw name={p.name} flaw={p.flaw} />
    </p>
  );
}

function Flaw({ name, flaw }: { name: string; flaw: string | undefined }) {
  if (!flaw) return null;
  return (
    <span class="flaw" id={`${name}-flaw`}>
      {flaw}
    </span>
  );
}
