import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stories } from '../../../analysis/stories/clusters.js';
import { type Headline, HeadlineWords } from '../../../analysis/stories/headlines.js';
import { bCubed } from '../../../evaluate/stories.js';

const HOUR = 3_600_000;
const headline = (id: string, title: string, hours = 0): Headline => ({
  id,
  title,
  url: '',
  lede: null,
  at: hours * HOUR,
});

const FLOOD = [
  'Flood drives hundreds from Port Verity',
  'Port Verity flood: hundreds flee',
  'Army helps after Port Verity flood',
];
const STRIKE = [
  'Teachers strike over pay',
  'Schools closed as teachers strike',
  'Teachers and ministry talk to end strike',
];
const headlines = FLOOD.flatMap((t, i) => [headline(`f${i}`, t, i), headline(`s${i}`, STRIKE[i] ?? '', i)]);

function place(list: Headline[], stories = new Stories()): Map<string, string> {
  const found = new Map<string, string>();
  for (const h of list) {
    const { story, merged } = stories.place(h);
    found.set(h.id, story);
    for (const [id, s] of found) if (merged.includes(s)) found.set(id, story);
  }
  return found;
}

describe('stories', () => {
  it('gather what is about one event and keep apart what is not', () => {
    const found = place(headlines);
    expect(new Set(['f0', 'f1', 'f2'].map((id) => found.get(id)))).toEqual(new Set(['f0']));
    expect(new Set(['s0', 's1', 's2'].map((id) => found.get(id)))).toEqual(new Set(['s0']));
  });

  it('are the same for the same headlines in the same order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(headlines), (list) => {
        expect([...place(list)]).toEqual([...place(list)]);
      }),
    );
  });

  it('close when nothing came for the time set', () => {
    const found = place([
      headline('a', FLOOD[0] ?? '', 0),
      headline('b', FLOOD[0] ?? '', 71),
      headline('c', FLOOD[0] ?? '', 144),
    ]);
    expect(found.get('b')).toBe('a');
    expect(found.get('c')).toBe('c');
  });

  it('do not take an old report that is found late into a new story', () => {
    const found = place([headline('new', FLOOD[0] ?? '', 500), headline('old', FLOOD[0] ?? '', 100)]);
    expect(found.get('old')).toBe('old');
  });

  it('become one when a headline shows that they are, and the earlier one stays', () => {
    const stories = new Stories({ join: 0.3, merge: 0.25 });
    stories.place(headline('a', 'Flood in Port Verity'));
    stories.place(headline('b', 'Hundreds flee homes in valley'));
    const placed = stories.place(headline('c', 'Hundreds flee homes in valley as flood hits Port Verity'));
    expect(placed).toMatchObject({ story: 'a', merged: ['b'] });
  });

  it('are divided when they turn out to be two, and the half with the first headline stays', () => {
    const stories = new Stories({ join: 0.1, merge: 0.1, apart: 0.3 });
    const found = new Map<string, string>();
    const put = (h: Headline): void => {
      const { story, merged, divided } = stories.place(h);
      found.set(h.id, story);
      for (const [id, s] of found) if (merged.includes(s)) found.set(id, divided?.from ?? story);
      for (const id of divided?.ids ?? []) found.set(id, divided?.into ?? story);
    };
    put(headline('bridge', 'Flood in Port Verity; teachers strike'));
    for (let i = 0; i < 6; i++) {
      put(headline(`f${i}`, `${FLOOD[i % 3]} ${'water river army'.split(' ')[i % 3]}`, i));
      put(headline(`s${i}`, `${STRIKE[i % 3]} ${'salary union'.split(' ')[i % 2]}`, i));
    }
    const [floods, strikes] = ['f', 's'].map((k) => new Set([0, 1, 2, 3, 4, 5].map((i) => found.get(`${k}${i}`))));
    expect(floods?.size).toBe(1);
    expect(strikes?.size).toBe(1);
    expect(floods).not.toEqual(strikes);
    expect([...(floods ?? []), ...(strikes ?? [])]).toContain('bridge');
  });

  it('are left as a person made them', () => {
    const stories = new Stories({ join: 0.3, merge: 0.25 });
    stories.place(headline('a', 'Flood in Port Verity'));
    stories.place(headline('b', 'Hundreds flee homes in valley'));
    stories.pin('b');
    const placed = stories.place(headline('c', 'Hundreds flee homes in valley as flood hits Port Verity'));
    expect(placed.merged).toEqual([]);
  });

  it('let a headline go where a person puts it, and leave the others', () => {
    const stories = new Stories();
    for (const h of headlines) stories.place(h);
    stories.put(headline('f1', FLOOD[1] ?? '', 1), 's0');
    expect(stories.place(headline('f3', 'Flood in Port Verity', 3)).story).toBe('f0');
    expect(stories.place(headline('s3', 'Teachers end strike', 3)).story).toBe('s0');
  });

  it('can be rebuilt from what was decided', () => {
    const live = new Stories();
    const copy = new Stories();
    for (const h of headlines.slice(0, 4)) {
      const { story, merged } = live.place(h);
      copy.put(h, story);
      for (const gone of merged) copy.unite(story, gone);
    }
    for (const h of headlines.slice(4)) expect(copy.place(h)).toEqual(live.place(h));
  });
});

describe('what stories hold', () => {
  it('does not grow with the articles that have been: closed stories go, and rare words are forgotten', () => {
    const stories = new Stories({ openMs: 72 * 3_600_000 }, new HeadlineWords(3000));
    const after = (n: number) => {
      const letters = (k: number) => [...String(k)].map((d) => 'bcdfghklmn'[Number(d)]).join('a');
      const title = `Mayor of Quz${letters(n)} opens the xup${letters(n)} bridge`;
      stories.place({ id: `a${n}`, title, url: `https://o.example/${n}`, lede: null, at: n * 3_600_000 });
      return stories.held();
    };
    const held = Array.from({ length: 5000 }, (_, n) => after(n));
    expect(Math.max(...held.map((h) => h.stories))).toBeLessThanOrEqual(73);
    expect(Math.max(...held.map((h) => h.words))).toBeLessThanOrEqual(3010);
    // What every headline has stays known, or all would be one story by now.
    expect(held.at(-1)?.stories).toBeGreaterThan(60);
  });
});

describe('bCubed', () => {
  it('is one for the true grouping, whatever its names', () => {
    expect(bCubed(['a', 'a', 'b'], ['x', 'x', 'y'])).toEqual({ precision: 1, recall: 1, f1: 1 });
  });

  it('counts for each item what its group has right', () => {
    const { precision, recall } = bCubed(['a', 'a', 'b', 'b'], ['x', 'x', 'x', 'y']);
    expect(precision).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4);
    expect(recall).toBeCloseTo((1 + 1 + 0.5 + 0.5) / 4);
  });
});
