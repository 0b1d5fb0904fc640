import { diffArrays } from 'diff';

export type Change = { kind: 'same' | 'added' | 'removed'; text: string };

/** Texts that differ in more steps than this have so little in common that they are shown as replaced. */
const MAX_EDITS = 400;

/** The changes between two texts, word by word, with neighbours of one kind joined. */
export function changesBetween(before: string, after: string): Change[] {
  const runs = diffArrays(piecesOf(before), piecesOf(after), { maxEditLength: MAX_EDITS });
  const changes: Change[] = runs
    ? runs.map((r) => ({ kind: r.added ? 'added' : r.removed ? 'removed' : 'same', text: r.value.join('') }))
    : [
        { kind: 'removed', text: before },
        { kind: 'added', text: after },
      ];
  return changes.filter((c) => c.text !== '');
}

/** Words with the space that follows them, so that joining the pieces restores the text. */
const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];
