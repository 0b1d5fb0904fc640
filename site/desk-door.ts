import { hashOf, passwordHolds } from './password.js';
import type { Signer } from './signature.js';
import type { Session } from './store/sessions.js';

/** An editor, with the hash of the password. */
export type Editor = { name: string; password: string };

/** Checks who may log in to the desk: named editors with their own passwords, and anyone who knows the shared one. */
export type Door = {
  /** Whether every editor needs their own password, because there is no shared one. */
  namedOnly: boolean;
  /** Null for a wrong name or password. The session keeps the key and ends when the password changes. */
  enter(name: string, password: string): Promise<{ editor: string; key: string } | null>;
  /** Whether the password that began a session is still valid. */
  holds(session: Pick<Session, 'editor' | 'key'>): boolean;
};

export function openDoor(o: { shared: string | null; editors: readonly Editor[]; signer: Signer }): Door {
  const { shared, signer } = o;
  const editors = new Map(o.editors.map((e) => [folded(e.name), e]));
  const keyOf = (editor: Editor): string => signer.sign('desk editor', `${editor.name}\n${editor.password}`);
  const sharedKey = shared === null ? null : signer.sign('desk password', shared);
  // For an unknown name it compares with this hash, so that the time to answer does not reveal which names exist.
  let nobody: Promise<string> | null = null;
  return {
    namedOnly: shared === null,
    async enter(name, password) {
      const editor = editors.get(folded(name));
      if (editor) {
        const right = await passwordHolds(password, editor.password);
        return right ? { editor: editor.name, key: keyOf(editor) } : null;
      }
      if (sharedKey !== null && signer.holds('desk password', password, sharedKey))
        return { editor: name, key: sharedKey };
      if (editors.size > 0) {
        nobody ??= hashOf('nobody');
        await passwordHolds(password, await nobody);
      }
      return null;
    },
    holds({ editor, key }) {
      const named = editors.get(folded(editor));
      return key === (named ? keyOf(named) : sharedKey);
    },
  };
}

/** The form in which names are compared: without case, and with letters composed. */
export const folded = (name: string): string => name.normalize('NFC').trim().toLowerCase();
