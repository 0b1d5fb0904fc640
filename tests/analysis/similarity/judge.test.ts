import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JudgeOptions, judge, type Known, type Text } from '../../../analysis/similarity/judge.js';
import { MemoryIndex } from '../../../analysis/similarity/memory-index.js';
import { sketchOf } from '../../../analysis/similarity/shingles.js';
import { prose } from '../../setup/desk.js';

const HOUR = 3_600_000;
const OPTIONS: JudgeOptions = { windowMs: 72 * HOUR, duplicate: 0.5, related: 0.35 };

function text(id: string, body: string, more: Partial<Text> = {}): Text {
  return { id, source: id, title: `About ${id}`, at: 0, ...sketchOf(body), ...more };
}

async function feed(texts: Text[]): Promise<{ index: MemoryIndex; of: Map<string, string | null> }> {
  const index = new MemoryIndex(OPTIONS.windowMs);
  const of = new Map<string, string | null>();
  for (const t of texts) {
    const { duplicate } = await judge(t, index, OPTIONS);
    const known: Known = { ...t, original: duplicate?.with.original ?? { id: t.id, source: t.source } };
    index.add(known, duplicate?.with);
    of.set(t.id, duplicate?.with.original.id ?? null);
  }
  return { index, of };
}

/** What is done to a text, and whether it is still the same report. */
const sentences = prose(1, 40).split(/(?<=\.)\s+/);
const noisy = (share: number): string =>
  sentences
    .join(' ')
    .split(' ')
    .map((w, i) => ((i * 2654435761) % 1000 < share * 1000 ? `${w}x` : w))
    .join(' ');
const COPIES: [string, string][] = [
  ['cut to its first third', sentences.slice(0, 13).join(' ')],
  ['cut to its middle fifth', sentences.slice(16, 24).join(' ')],
  ['with one word in twelve spoilt', noisy(1 / 12)],
  ['with paragraphs in another order', [...sentences.slice(20), ...sentences.slice(0, 20)].join('\n')],
  ['reversed sentence by sentence', sentences.toReversed().join(' ')],
  ['with as much again inserted', `${sentences.slice(0, 9).join(' ')} ${prose(2, 40)} ${sentences.slice(9).join(' ')}`],
  ['with new beginning and end', `${prose(3, 6)} ${sentences.slice(5, 35).join(' ')} ${prose(4, 6)}`],
  ['in capitals, without punctuation', sentences.join(' ').toUpperCase().replaceAll('.', '')],
];

describe('judge', () => {
  for (const [what, copy] of COPIES) {
    it(`recognises a report ${what}`, async () => {
      const { of } = await feed([text('a', prose(1, 40)), text('b', prose(7, 40)), text('copy', copy)]);
      expect(of.get('copy')).toBe('a');
      expect(of.get('b')).toBeNull();
    });
  }

  it('calls two reports merged a copy of the one that makes up more of it, and the other related', async () => {
    const { index } = await feed([text('a', prose(1, 30)), text('b', prose(2, 20))]);
    const verdict = await judge(text('both', `${prose(2, 20)}\n${prose(1, 30)}`), index, OPTIONS);
    expect(verdict.duplicate?.with.id).toBe('a');
    expect(verdict.related.map((r) => r.id)).toEqual(['b']);
  });

  it('does not call two reports of one speech copies', async () => {
    const speech = prose(5, 14).replaceAll('\n', '');
    const a = `${prose(1, 6)} “${speech}” ${prose(2, 6)}`;
    const b = `${prose(3, 6)} “${speech}” ${prose(4, 6)}`;
    const { index, of } = await feed([text('a', a), text('b', b)]);
    expect(of.get('b')).toBeNull();
    const unquoted = await judge(text('c', `${prose(3, 6)} ${speech} ${prose(4, 6)}`), index, OPTIONS);
    expect(unquoted.duplicate?.with.id).toBe('b');
  });

  it('keeps a long report apart from the short notice that it contains', async () => {
    const { of } = await feed([text('notice', prose(1, 4)), text('report', `${prose(1, 4)} ${prose(2, 60)}`)]);
    expect(of.get('report')).toBeNull();
    const reversed = await feed([text('report', `${prose(1, 4)} ${prose(2, 60)}`), text('notice', prose(1, 4))]);
    expect(reversed.of.get('notice')).toBe('report');
  });

  it('ignores what an outlet repeats on all its pages', async () => {
    const boilerplate = prose(9, 8);
    const page = (n: number): Text =>
      text(`p${n}`, `${prose(20 + n, 10)}\n${boilerplate}`, { source: 'herald', at: n * HOUR });
    const { index, of } = await feed([page(1), page(2), page(3), page(4)]);
    expect([...of.values()]).toEqual([null, null, null, null]);
    const verdict = await judge(page(5), index, OPTIONS);
    expect(verdict).toEqual({ duplicate: null, related: [] });
  });

  it('does not take pages behind one paywall for one report', async () => {
    const wall = prose(9, 5);
    const page = (id: string, title: string): Text => text(id, wall, { source: 'herald', title });
    const { of } = await feed([
      page('a', 'Harbour reopens'),
      page('b', 'Teachers strike over pay'),
      page('c', 'Harbour reopens after storm'),
    ]);
    expect(of.get('b')).toBeNull();
    expect(of.get('c')).toBe('a');
  });

  it('looks no further than the window, in either direction', async () => {
    const { index } = await feed([text('a', prose(1), { at: 100 * HOUR })]);
    for (const [hours, found] of [
      [28, true],
      [27, false],
      [172, true],
      [173, false],
    ] as const) {
      const verdict = await judge(text('b', prose(1), { at: hours * HOUR }), index, OPTIONS);
      expect(verdict.duplicate !== null).toBe(found);
    }
  });

  it('says how much is shared, the same for both texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), async (n, m) => {
        const a = text('a', `${prose(1, 12)} ${prose(50 + n, n)}`);
        const b = text('b', `${prose(1, 12)} ${prose(90 + m, m)}`);
        const scores = await Promise.all(
          [
            [a, b],
            [b, a],
          ].map(async ([x, y]) => {
            const { index } = await feed([x as Text]);
            const v = await judge(y as Text, index, OPTIONS);
            return v.duplicate?.score ?? v.related[0]?.score ?? 0;
          }),
        );
        expect(scores[0]).toBe(scores[1]);
      }),
      { numRuns: 30 },
    );
  });

  it('puts all copies into one group, in whatever order they come', async () => {
    const texts = [
      text('a', prose(1, 40)),
      ...COPIES.slice(2, 5).map(([, body], i) => text(`c${i}`, body)),
      text('x', prose(6, 40)),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(texts, { minLength: texts.length }), async (order) => {
        const { of } = await feed(order);
        const roots = new Set(order.filter((t) => t.id !== 'x').map((t) => of.get(t.id) ?? t.id));
        expect(roots.size).toBe(1);
        expect(of.get('x')).toBeNull();
      }),
      { numRuns: 20 },
    );
  });
});
