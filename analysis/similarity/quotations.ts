/** A stretch of a text, and whether somebody is quoted in it. */
export type Stretch = { text: string; quoted: boolean };

const OPENING = '“„«「『';
const CLOSING = '”»」』';
const MARK = /["“”„«»「」『』]/gu;
/** How an embedded post ends: `— Name (@handle) 1 June 2018`. */
const POST = /\(@\w{2,}\)/;

/**
 * Divides a text into what its author says and what is quoted: between quotation marks, or an embedded post. A quotation
 * that is not closed ends with its paragraph.
 */
export function stretchesOf(text: string): Stretch[] {
  return text.split('\n').flatMap((paragraph) => {
    if (POST.test(paragraph) && paragraph.length < 600) return [{ text: `${paragraph}\n`, quoted: true }];
    return inParagraph(`${paragraph}\n`);
  });
}

function inParagraph(text: string): Stretch[] {
  const parts: Stretch[] = [];
  let from = 0;
  let quoted = false;
  for (const { 0: mark, index } of text.matchAll(MARK)) {
    const opens: boolean = mark === '"' ? opensHere(text, index, quoted) : OPENING.includes(mark);
    const closes = mark === '"' ? !opens : CLOSING.includes(mark);
    if (opens ? quoted : !(closes && quoted)) continue;
    parts.push({ text: text.slice(from, index), quoted });
    from = index + 1;
    quoted = opens;
  }
  parts.push({ text: text.slice(from), quoted });
  return parts;
}

/** A straight mark opens after a space or bracket, before a letter; where that does not tell, it changes sides. */
function opensHere(text: string, at: number, quoted: boolean): boolean {
  const before = at === 0 || /[\s([{—–-]/u.test(text[at - 1] ?? '');
  const after = /\s/u.test(text[at + 1] ?? ' ');
  return before === after ? !quoted : before;
}
