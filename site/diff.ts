import { diffArrays } from 'diff';

export type Change = { kind: 'same' | 'added' | 'removed'; text: string };

/** Beyond this many steps the texts have so little in common that they are shown as replaced. */
const MAX_EDITS = 400;

/** What changed between two texts, word by word; runs of one kind are joined. */
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

/** Words with the space after them, so that joined pieces give the text again. */
const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];
