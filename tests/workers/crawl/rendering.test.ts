import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FetchedPage } from '../../../crawlers/fetch/page.js';
import { extract as readPage } from '../../../extractors/extract.js';
import { violations } from '../../../ledger/invariant.js';
import { type Rendering, readRenderings, unlearned } from '../../../ledger/renderings.js';
import { compareBothWays } from '../../../workers/crawl/rendered-page.js';
import {
  type Lesson,
  learn,
  learnRendering,
  planRendering,
  whyRendered,
  worthATry,
} from '../../../workers/crawl/rendering.js';
import { NO_HINTS } from '../../../workers/crawl/source-of-url.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../setup/desk.js';
import { outletPage } from '../../setup/outlet-pages.js';

const NOON = new Date('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const later = (hours: number): Date => new Date(NOON.getTime() + hours * HOUR);

const enough: Lesson = { sample: 'static', compared: false };
const empty: Lesson = { sample: 'empty', compared: false };
const same: Lesson = { sample: 'static', compared: true };
const part: Lesson = { sample: 'partial', compared: true };
const stillEmpty: Lesson = { sample: 'empty', compared: true };
const fruitless: Lesson = { sample: 'fruitless' };

const taught = (lessons: Lesson[], from: Rendering = unlearned(NOON), now = NOON): Rendering =>
  lessons.reduce((known, lesson) => learn(known, lesson, now), from);

describe('learn', () => {
  it('uses the browser at once after two pages that needed it, and not at all after three that did not', () => {
    expect(taught([empty]).way).toBe('each page');
    expect(taught([empty, empty])).toMatchObject({ way: 'browser', since: NOON, checkAt: later(1) });
    expect(taught([enough, enough]).way).toBe('each page');
    expect(taught([enough, enough, enough])).toMatchObject({ way: 'static', since: NOON, checkAt: later(1) });
  });

  it('decides page by page where some need it and some do not, until one kind has not been seen for long', () => {
    const mixed = taught([empty, enough, enough, enough, empty]);
    expect(mixed).toMatchObject({ way: 'each page', checkAt: null });
    expect(taught(Array(8).fill(enough), mixed).way).toBe('static');
    expect(taught(Array(8).fill(empty), mixed).way).toBe('browser');
  });

  it('checks less and less often what is confirmed, but at least monthly', () => {
    let known = taught([enough, enough, enough]);
    const pauses: number[] = [];
    for (let i = 0; i < 7; i++) {
      known = learn(known, same, NOON);
      pauses.push(((known.checkAt?.getTime() ?? 0) - NOON.getTime()) / HOUR);
    }
    expect(pauses).toEqual([4, 16, 64, 256, 720, 720, 720]);
    expect(known).toMatchObject({ way: 'static', since: NOON });
  });

  it('notices a static source that changes to scripts, by a page without an article or by a comparison', () => {
    const known = taught([enough, enough, enough]);
    expect(taught([empty], known)).toMatchObject({ way: 'each page', samples: ['empty'] });
    expect(taught([empty, empty], known, later(5))).toMatchObject({ way: 'browser', since: later(5) });
    const doubted = taught([part], known, later(5));
    expect(doubted).toMatchObject({ way: 'each page', checkAt: later(5) });
    expect(taught([part], doubted, later(5)).way).toBe('browser');
  });

  it('does not take an article for enough where comparisons showed a part of it', () => {
    const doubted = taught([part], taught([enough, enough, enough]));
    expect(taught([enough, enough, enough, enough], doubted)).toEqual(doubted);
    expect(taught([same, enough, enough], doubted).way).toBe('each page');
  });

  it('notices a scripted source that changes back', () => {
    const known = taught([empty, empty, stillEmpty]);
    expect(known).toMatchObject({ way: 'browser', checks: 1, checkAt: later(4) });
    const back = taught([same], known, later(9));
    expect(back).toMatchObject({ way: 'each page', samples: ['static'] });
    expect(taught([enough, enough], back, later(9))).toMatchObject({ way: 'static', since: later(9) });
  });

  it('asks the browser only now and then after it has found nothing three times, until it finds something', () => {
    expect(taught([fruitless, fruitless]).tryAt).toBeNull();
    expect(taught([fruitless, fruitless, fruitless]).tryAt).toEqual(later(1));
    expect(taught(Array(9).fill(fruitless)).tryAt).toEqual(later(24));
    expect(taught([fruitless, fruitless, fruitless, empty])).toMatchObject({ fruitless: 0, tryAt: null });
  });

  it('says in one line why', () => {
    expect(whyRendered(unlearned(NOON))).toBe(
      'opened in the browser where a page holds no article without it: none was read yet',
    );
    expect(whyRendered(taught([empty, empty]))).toBe(
      'opened in the browser at once: each of the last 2 pages held no article before its scripts ran',
    );
    expect(whyRendered(taught([enough, enough, enough]))).toBe(
      'read without the browser: each of the last 3 pages held its article',
    );
    expect(whyRendered(taught([enough, empty]))).toContain('1 of the last 2 needed it');
  });
});

describe('planRendering', () => {
  const page = (id: number, more: { render?: boolean; articleId?: string } = {}) => {
    return { id, render: false, articleId: null, lane: 'fresh' as const, ...more };
  };
  const browser = { render: async () => unused(), close: async () => {} };
  const unused = (): never => {
    throw new Error('nothing is rendered here');
  };
  const plan = (render: string, known: Rendering, now = NOON, here: typeof browser | null = browser) => {
    const pages = [page(1, { articleId: 'a' }), page(2, { render: true }), page(3), page(4)];
    const made = planRendering({ browser: here, now: () => now }, outlet('a', 'A', { render }), known, pages);
    return { compared: made.compared, ways: pages.map((p) => made.render(p)) };
  };
  const [statics, scripted] = [taught([enough, enough, enough]), taught([empty, empty])];
  const [h, b] = ['http', 'browser'];

  it('does as was learned, and sends to the browser what the static page did not show', () => {
    expect(plan('auto', unlearned(NOON))).toEqual({ compared: null, ways: [h, b, h, h] });
    expect(plan('auto', statics)).toEqual({ compared: null, ways: [h, b, h, h] });
    expect(plan('auto', scripted)).toEqual({ compared: null, ways: [b, b, b, b] });
  });

  it('looks at one new page both ways when a check is due', () => {
    expect(plan('auto', statics, later(2))).toEqual({ compared: 3, ways: [h, b, h, h] });
    expect(plan('auto', scripted, later(2))).toEqual({ compared: 3, ways: [b, b, h, b] });
  });

  it('obeys `always` and `never`, and does without a browser that is not there', () => {
    expect(plan('always', statics, later(2))).toEqual({ compared: null, ways: [b, b, b, b] });
    expect(plan('never', scripted, later(2))).toEqual({ compared: null, ways: [h, h, h, h] });
    expect(plan('auto', scripted, later(2), null)).toEqual({ compared: null, ways: [h, h, h, h] });
  });
});

describe.each(BACKENDS.filter((b) => b.available && !b.name.includes('Redis')))('rendering on $name', ({ open }) => {
  let backend: Backend;
  let desk: Desk;
  let clock: Date;
  const sources = [outlet('a', 'A'), outlet('b', 'B')];

  beforeAll(async () => {
    backend = await open();
  });
  beforeEach(async () => {
    clock = NOON;
    desk = await openDesk(backend, sources, { now: () => clock });
    desk.ctx.extractor = { extract: async (page) => readPage(page), close: async () => undefined };
    await desk.db.deleteFrom('sourcelink.rendering').execute();
  });
  afterEach(async () => {
    expect(await violations(desk.db, ['articles'])).toEqual([]);
    await desk.ledger.close();
  });
  afterAll(() => backend.drop());

  const knownOf = async (id: string) => (await readRenderings(desk.db, [id])).get(id);

  it('keeps what was learned of each source, from many at the same time', async () => {
    await Promise.all([1, 2, 3, 4].map(() => learnRendering(desk.ctx, 'a', [enough])));
    await learnRendering(desk.ctx, 'b', [empty, empty]);
    expect(await knownOf('a')).toMatchObject({ way: 'static', since: NOON, checkAt: later(1) });
    expect(await knownOf('b')).toMatchObject({ way: 'browser', samples: ['empty', 'empty'] });
  });

  it('lets one page try the browser when its pause is over', async () => {
    expect(await worthATry(desk.ctx, 'a')).toBe(true);
    await learnRendering(desk.ctx, 'a', [fruitless, fruitless, fruitless]);
    expect(await worthATry(desk.ctx, 'a')).toBe(false);
    clock = later(1);
    const tries = await Promise.all([1, 2, 3].map(() => worthATry(desk.ctx, 'a')));
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect((await knownOf('a'))?.tryAt).toEqual(later(2));
  });

  it('compares a page as it came with what the browser shows', async () => {
    const pageOf = (html: string, via: FetchedPage['via'] = 'http'): FetchedPage => {
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      return { url: 'https://a.example/report', via, headers, bytes: Buffer.from(html) };
    };
    const full = outletPage(3);
    const teaser = full.replace(/(<p>.*?<\/p>)[\s\S]*?<\/article>/, '$1</div></article>');
    const shell = '<!doctype html><title>x</title><div id="app"></div><script src="/app.js"></script>';
    const compare = (came: string, shown: string | Error) => {
      const render = async () => {
        if (shown instanceof Error) throw shown;
        return pageOf(shown, 'browser');
      };
      const deps = { ...desk.ctx, browser: { render, close: async () => {} } };
      return compareBothWays(deps, sources[0] ?? outlet('a', 'A'), pageOf(came), NO_HINTS);
    };
    expect(await compare(full, full)).toMatchObject({ page: { via: 'http' }, lesson: same });
    expect(await compare(teaser, full)).toMatchObject({ page: { via: 'browser' }, lesson: part });
    expect(await compare(shell, full)).toMatchObject({ page: { via: 'browser' }, lesson: stillEmpty });
    expect(await compare(shell, shell)).toMatchObject({ page: { via: 'http' }, lesson: fruitless });
    expect(await compare(full, shell)).toMatchObject({ page: { via: 'http' }, lesson: same });
    expect(await compare(full, new Error('crashed'))).toMatchObject({ page: { via: 'http' }, lesson: null });
    await expect(compare(shell, new Error('crashed'))).rejects.toThrow('crashed');
  });
});
