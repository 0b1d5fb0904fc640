import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tokenOf } from './form.js';
import { article, idOf, published, retracted, updated } from './messages.js';
import { DESK_PASSWORD, deskForTest, type Opened, openForTest } from './open.js';

const { desk, asked, refusals } = deskForTest();
let now = new Date('2026-03-02T00:00:00Z');
let o: Opened;
let cookie = '';

beforeAll(async () => {
  o = await openForTest({ now: () => now, desk });
  const form = { token: await tokenOf(o, '/desk/login'), name: 'Ada Editor', password: DESK_PASSWORD, back: '/desk' };
  cookie = (await o.post('/desk/login', form)).headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(() => o.close());
beforeEach(() => {
  now = new Date(now.getTime() + 60_000);
  asked.length = 0;
});

/** Reports of one event, each of which names the others and a copy elsewhere. */
async function tell(story: string, names: string[]): Promise<void> {
  for (const name of names) {
    const others = names.filter((n) => n !== name).map((n) => article(n));
    const coverage = [
      ...others.map((a) => ({ source: a.source.name, url: a.canonicalUrl, title: a.title })),
      { source: 'The Copyist', url: `https://copy.example/${story}`, title: `A copy of ${story}` },
    ];
    await o.site.receive(published(name, { story: { id: story, size: names.length + 1, coverage } }));
  }
}
const see = async (path: string) => parseHTML(await (await o.get(path, { cookie })).text()).document;
const storyDesk = (name: string) => `/desk/article/${idOf(name)}/story`;
const act = async (from: string, path: string, form: Record<string, string> = {}) =>
  o.post(path, { token: await tokenOf(o, from, { cookie }), ...form }, { cookie });
const reports = async (story: string) =>
  [...(await see(`/story/${story}`)).querySelectorAll('.timeline .title')].map((t) => t.textContent?.split(': ')[1]);
/** The story that an article's own page leads to. */
const storyOf = async (name: string) =>
  (await see(`/article/${article(name).slug}`))
    .querySelector('.coverage .more a')
    ?.getAttribute('href')
    ?.split('/')
    .at(-1);
const elsewhere = async (story: string) => (await see(`/story/${story}`)).querySelector('.coverage')?.textContent ?? '';
const undo = async () => {
  const form = (await see('/desk/stories')).querySelector('[aria-labelledby="decided"] form');
  return act('/desk/stories', form?.getAttribute('action') ?? '');
};

describe('stories at the desk', () => {
  it('are listed, newest first, each once', async () => {
    await tell('list', ['l1', 'l2', 'l3']);
    await o.site.receive(published('lone'));
    const titles = [...(await see('/desk/stories')).querySelectorAll('[aria-labelledby="newest"] .title')];
    expect(titles).toHaveLength(1);
    const page = await see(storyDesk('l1'));
    expect([...page.querySelectorAll('[aria-labelledby="inside"] .title')]).toHaveLength(3);
  });

  it('lose an article that is taken out: no page tells of it there, and its own tells of nobody', async () => {
    await tell('apart', ['a1', 'a2', 'a3']);
    const answer = await act(storyDesk('a1'), `${storyDesk('a2')}/apart`);
    expect(answer.headers.get('location')).toBe(`${storyDesk('a2')}?said=apart`);
    expect(asked).toEqual([['move', idOf('a2'), null]]);
    expect((await reports('apart')).sort()).toEqual(['a1', 'a3']);
    expect(await elsewhere('apart')).toContain('A copy of apart');
    expect(await elsewhere('apart')).not.toContain('reopens: a2');
    expect((await see(`/article/${article('a1').slug}`)).querySelector('.coverage')?.textContent).not.toContain(': a2');
    expect((await see(`/article/${article('a2').slug}`)).querySelector('.coverage')).toBeNull();
    expect((await see('/latest')).querySelector('main')?.textContent).toContain('3 reports');
  });

  it('take it back when that is undone', async () => {
    const answer = await undo();
    expect(answer.headers.get('location')).toBe('/desk/stories?said=undone');
    const [[did, moved, beside] = []] = asked;
    expect([did, moved]).toEqual(['move', idOf('a2')]);
    expect([idOf('a1'), idOf('a3')]).toContain(beside);
    expect(await storyOf('a2')).toBe(await storyOf('a1'));
    expect((await reports(decodeURIComponent((await storyOf('a2')) ?? ''))).sort()).toEqual(['a1', 'a2', 'a3']);
  });

  it('are merged, and the old address leads to what became of it', async () => {
    await tell('wire-b', ['b1', 'b2']);
    await tell('wire-c', ['c1', 'c2']);
    const found = await see(`${storyDesk('c1')}?q=reopens+b1`);
    const form = [...found.querySelectorAll('form')].find((f) => f.textContent?.includes('Merge its story'));
    await act(storyDesk('c1'), form?.getAttribute('action') ?? '', { other: idOf('b1') });
    expect(asked).toEqual([['merge', idOf('b1'), idOf('c1')]]);
    const merged = decodeURIComponent((await storyOf('b2')) ?? '');
    expect(await reports(merged)).toHaveLength(4);
    expect((await o.get('/story/wire-b')).headers.get('location')).toBe(`/story/${encodeURIComponent(merged)}`);
    expect((await see('/desk/journal')).querySelector('tbody tr')?.textContent).toMatch(
      /Ada Editor.*merged into the story of/s,
    );
  });

  it('come apart again when a merger is undone, wherever the wire puts them', async () => {
    await undo();
    const [b, c] = [await storyOf('b1'), await storyOf('c1')];
    expect(await storyOf('b2')).toBe(b);
    expect(c).not.toBe(b);
    expect((await reports(decodeURIComponent(b ?? ''))).sort()).toEqual(['b1', 'b2']);
    expect((await o.get('/story/wire-b')).status).toBe(404);
  });

  it('take an article that stood alone', async () => {
    await tell('wire-d', ['d1', 'd2']);
    await o.site.receive(published('d3'));
    await act(storyDesk('d1'), `${storyDesk('d1')}/add`, { other: idOf('d3') });
    expect(asked).toEqual([['move', idOf('d3'), idOf('d1')]]);
    expect(await storyOf('d3')).toBe(await storyOf('d1'));
  });

  it('keep a decision against what was sent before it, and follow what is sent after it', async () => {
    await tell('wire-e', ['e1', 'e2', 'e3']);
    await act(storyDesk('e1'), `${storyDesk('e1')}/apart`);
    const story = { id: 'wire-e', size: 3, coverage: [] };
    // On its way when the editor decided.
    await o.site.receive({ ...updated('e1', 2, { story }), sentAt: new Date(now.getTime() - 1000).toISOString() });
    expect(await reports('wire-e')).toEqual(['e2', 'e3']);
    await o.site.receive({ ...updated('e1', 3, { story }), sentAt: new Date(now.getTime() + 1000).toISOString() });
    expect((await reports('wire-e')).sort()).toEqual(['e1', 'e2', 'e3']);
  });

  it('keep a decision over hiding and showing, and forget it with the article', async () => {
    await tell('wire-f', ['f1', 'f2']);
    await act(storyDesk('f1'), `${storyDesk('f1')}/apart`);
    await act(`/desk/article/${idOf('f1')}`, `/desk/article/${idOf('f1')}/hide`, { reason: 'to be checked' });
    await act(`/desk/article/${idOf('f1')}`, `/desk/article/${idOf('f1')}/show`);
    expect(await reports('wire-f')).toEqual(['f2']);
    await o.site.receive(retracted('f1', 2));
    const { rows } = await o.db.query('SELECT FROM site.story_ruling WHERE article_id = $1::uuid', [idOf('f1')]);
    expect(rows).toEqual([]);
    expect(await (await undo()).text()).toContain('nothing to undo');
  });

  it('stay as they are when the wire refuses, and the editor reads why', async () => {
    await tell('wire-g', ['g1', 'g2']);
    refusals.push(new Error('the ledger was away'));
    const refused = await act(storyDesk('g1'), `${storyDesk('g1')}/apart`);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('the ledger was away')]);
    expect(await reports('wire-g')).toHaveLength(2);
  });

  it('are changed by nobody who is not logged in, and by no made-up article', async () => {
    for (const deed of ['apart', 'add']) expect((await o.post(`${storyDesk('g1')}/${deed}`, {})).status).toBe(303);
    expect(await reports('wire-g')).toHaveLength(2);
    await act(storyDesk('g1'), `${storyDesk('g1')}/add`, { other: 'x' });
    await act(storyDesk('g1'), `${storyDesk('g1')}/add`, { other: idOf('nobody') });
    await act(storyDesk('g1'), `/desk/stories/${idOf('nobody')}/undo`);
    expect(asked).toEqual([]);
  });
});
