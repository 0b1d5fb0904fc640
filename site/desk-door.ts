import { hashOf, passwordHolds } from './password.js';
import type { Signer } from './signature.js';
import type { Session } from './store/sessions.js';

/** Somebody who may work at the desk, and the hash of the password. */
export type Editor = { name: string; password: string };

/** Who may enter the desk: editors by name with a password each, and whoever knows the shared one. */
export type Door = {
  /** Whether every editor needs a password of their own. */
  namedOnly: boolean;
  /** Null for a wrong name or password. The key is kept with the session, which ends when the password changes. */
  enter(name: string, password: string): Promise<{ editor: string; key: string } | null>;
  /** Whether a session was begun with a password that still holds. */
  holds(session: Pick<Session, 'editor' | 'key'>): boolean;
};

export function openDoor(o: { shared: string | null; editors: readonly Editor[]; signer: Signer }): Door {
  const { shared, signer } = o;
  const editors = new Map(o.editors.map((e) => [folded(e.name), e]));
  const keyOf = (editor: Editor): string => signer.sign('desk editor', `${editor.name}\n${editor.password}`);
  const sharedKey = shared === null ? null : signer.sign('desk password', shared);
  // Compared with when nobody has the name, so that the time of the answer tells nothing.
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

/** Names are compared without regard to case and the way their letters are composed. */
export const folded = (name: string): string => name.normalize('NFC').trim().toLowerCase();
