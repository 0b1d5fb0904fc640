import { followLinks, identityOf, type KnownEntry, knownEntries, setIdentity } from '../../ledger/identity.js';
import type { NewCandidate } from '../../ledger/revisits.js';
import type { Db, Identity } from '../../ledger/schema.js';

/** Entries of one look that must speak against a policy before it is changed. */
const EVIDENCE = 3;

/** How the entries of one look agree with what is known of them. */
export type Agreement = {
  /** Same link, same GUID. */
  kept: number;
  /** Another link under the same GUID and title. */
  relinked: number;
  /** Another GUID under the same link. */
  renewed: number;
  /** The GUID of one article given to another. */
  reused: number;
};

type Judged = { identity: Identity; changed: boolean; reason: string | null };

/**
 * Entries that are known by another link keep the key under which they are known, when the source is one whose links
 * change and whose GUIDs do not. Which of the two it is, the source's own entries tell: the policy switches when three of
 * one look speak against it and fewer for it.
 * @returns the candidates with the keys that identify them, and the switch of policy when there was one
 */
export async function identify(
  db: Db,
  sourceId: string,
  found: NewCandidate[],
): Promise<{ candidates: NewCandidate[]; switched: Judged | null }> {
  const told = withOwnGuid(found);
  if (told.length === 0) return { candidates: found, switched: null };
  const known = await knownEntries(db, sourceId, told);
  const judged = judge(await identityOf(db, sourceId), agreementOf(told, known));
  if (judged.changed) await setIdentity(db, sourceId, judged.identity, judged.reason);
  const switched = judged.changed ? judged : null;
  if (judged.identity === 'link') return { candidates: found, switched };
  const { byGuid, byKey } = indexed(known);
  const guids = new Map(told.map((t) => [t.urlKey, t.guid]));
  const moved: { urlKey: string; url: string }[] = [];
  const candidates = found.map((c) => {
    const had = byGuid.get(guids.get(c.urlKey) ?? '');
    if (had === undefined || byKey.has(c.urlKey)) return c;
    moved.push({ urlKey: had.urlKey, url: c.url });
    return { ...c, urlKey: had.urlKey };
  });
  if (moved.length > 0) await followLinks(db, sourceId, moved);
  return { candidates, switched };
}

type Told = { urlKey: string; guid: string; title: string | null };

/** A GUID that two entries of one look share names neither. */
function withOwnGuid(found: NewCandidate[]): Told[] {
  const times = new Map<string, number>();
  for (const { hints } of found) if (hints.guid) times.set(hints.guid, (times.get(hints.guid) ?? 0) + 1);
  return found.flatMap(({ urlKey, hints: { guid, title } }) =>
    guid && times.get(guid) === 1 ? [{ urlKey, guid, title }] : [],
  );
}

/** Of several under one GUID the oldest counts. */
function indexed(known: KnownEntry[]): { byGuid: Map<string, KnownEntry>; byKey: Map<string, KnownEntry> } {
  return {
    byGuid: new Map(known.toReversed().map((k) => [k.guid, k])),
    byKey: new Map(known.map((k) => [k.urlKey, k])),
  };
}

export function agreementOf(told: Told[], known: KnownEntry[]): Agreement {
  const { byGuid, byKey } = indexed(known);
  const agreement: Agreement = { kept: 0, relinked: 0, renewed: 0, reused: 0 };
  for (const { urlKey, guid, title } of told) {
    const [sameLink, sameGuid] = [byKey.get(urlKey), byGuid.get(guid)];
    if (sameLink) agreement[sameLink.guid === guid ? 'kept' : 'renewed']++;
    else if (sameGuid) agreement[sameGuid.title === title ? 'relinked' : 'reused']++;
  }
  return agreement;
}

/** Whether a source's policy stands. By link is the rule: GUIDs are trusted only where they have shown to be better. */
export function judge(identity: Identity, { kept, relinked, renewed, reused }: Agreement): Judged {
  const against = renewed + reused;
  if (identity === 'link' && relinked >= EVIDENCE && relinked > against) {
    const reason = `known by GUID: ${relinked} entries of one look had new links under their old GUIDs`;
    return { identity: 'guid', changed: true, reason };
  }
  if (identity === 'guid' && against >= EVIDENCE && against > kept + relinked)
    return { identity: 'link', changed: true, reason: null };
  return { identity, changed: false, reason: null };
}
