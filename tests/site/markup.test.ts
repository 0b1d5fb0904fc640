import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillMessages } from './fill.js';
import { tokenOf } from './form.js';
import { article, published, updated } from './messages.js';
import { DESK_PASSWORD, deskForTest, type Opened, openForTest } from './open.js';

let o: Opened;
let cookie = '';
beforeAll(async () => {
  o = await openForTest({ desk: deskForTest().desk });
  for (const message of fillMessages('https://pictures.example')) await o.site.receive(message);
  await o.site.receive(published('a', { title: 'A <b>bold</b> "claim" & more', tags: ['a/b', 'é & è'] }));
  await o.site.receive(updated('a', 2, { title: 'A bolder claim' }));
  const token = await tokenOf(o, '/desk/login');
  const answer = await o.post('/desk/login', { token, name: 'Ada', password: DESK_PASSWORD });
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(() => o.close());

const { slug } = article('a');
const checker = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

it.each([
  '/',
  '/category/world',
  '/category/world?page=2',
  `/article/${slug}`,
  `/article/${slug}/changes`,
  '/story/story-0',
  '/search?q=harbuor',
  '/source',
  '/source/herald',
  '/contact',
  '/dmca',
  '/newsletter',
  '/about',
  '/nowhere',
  '/desk',
  '/desk/comments',
  '/desk/removals',
  '/desk/journal',
])('%s is valid HTML', async (path) => {
  const html = await (await o.get(path, { cookie })).text();
  const { results } = await checker.validateString(html);
  const flaws = results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
  expect(flaws).toEqual([]);
});
