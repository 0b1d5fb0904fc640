import { type DeskOptions, openSite, type Site, type SiteOptions } from '../../site/open.js';
import type { SiteDb } from '../../site/store/database.js';
import { freshDatabase } from './database.js';
import { MENU } from './fill.js';

export const DESK_PASSWORD = 'the password of this test';

/** A desk whose decisions are written down. */
export function deskForTest() {
  const asked: (string | null)[][] = [];
  const refusals: Error[] = [];
  const act = async (...what: (string | null)[]) => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    asked.push(what);
  };
  // As the wire keeps them, under names of its own.
  const stories = new Map<string, string>();
  const storyOf = (id: string): string => stories.get(id) ?? `wire ${id}`;
  let own = 0;
  const desk: DeskOptions = {
    password: DESK_PASSWORD,
    actions: {
      retract: (id, reason) => act('retract', id, reason),
      refile: (id, path) => act('refile', id, path),
      async mergeStories(id, into) {
        await act('merge', id, into);
        const [gone, kept] = [storyOf(id), storyOf(into)];
        for (const [article, story] of stories) if (story === gone) stories.set(article, kept);
        stories.set(id, kept);
        return kept;
      },
      async moveToStory(id, beside) {
        await act('move', id, beside);
        const story = beside === null ? `own ${++own}` : storyOf(beside);
        stories.set(id, story);
        return story;
      },
    },
  };
  return { desk, asked, refusals };
}

export type Opened = {
  site: Site;
  db: SiteDb;
  lines: { line: object; text: string }[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  text(path: string): Promise<string>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

/** What a site for tests is opened with, but for its database. */
export const SETTINGS: Omit<SiteOptions, 'db'> = {
  host: '127.0.0.1',
  port: 0,
  publicUrl: null,
  name: 'The Ambria Wire',
  menu: MENU,
  configFile: null,
  log: () => undefined,
  secret: 'a secret of this test',
};

/** The site on a free port of loopback with tables of its own. */
export async function openForTest(more: Partial<SiteOptions> = {}): Promise<Opened> {
  const { db, close } = await freshDatabase();
  const lines: Opened['lines'] = [];
  const site = await openSite({ ...SETTINGS, db, log: (line, text) => lines.push({ line, text }), ...more });
  const get: Opened['get'] = (path, headers = {}) => fetch(site.url + path, { headers, redirect: 'manual' });
  return {
    site,
    db,
    lines,
    get,
    text: async (path) => (await get(path)).text(),
    post: (path, form, headers = {}) =>
      fetch(site.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: site.url, ...headers },
        body: new URLSearchParams(form),
      }),
    async close() {
      await site.close();
      await close();
    },
  };
}
