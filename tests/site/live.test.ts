import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite } from '../../site/open.js';
import { receiveMessage } from '../../site/store/receive.js';
import { idOf, published, retracted } from './messages.js';
import { type Opened, openForTest, SETTINGS } from './open.js';

let o: Opened;
beforeAll(async () => {
  o = await openForTest();
  await o.site.receive(published('first'));
});
afterAll(() => o.close());

/** Reads events until one satisfies. */
async function eventsUntil(enough: (text: string) => boolean, act: () => Promise<void>): Promise<string> {
  const gone = new AbortController();
  const answer = await fetch(`${o.site.url}/live`, { signal: gone.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let acted = false;
  const late = setTimeout(() => gone.abort(), 10_000);
  while (reader) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    if (!acted) {
      acted = true;
      await act();
    }
    if (enough(text)) break;
  }
  clearTimeout(late);
  gone.abort();
  return text;
}

describe('live updates', () => {
  it('tell at once what arrived and what was retracted here', async () => {
    const text = await eventsUntil(
      (t) => t.includes('"retracted"'),
      async () => {
        await o.site.receive(published('second'));
        await o.site.receive(published('second'));
        await o.site.receive(retracted('second', 2));
      },
    );
    const data = [...text.matchAll(/^data: (\{.*count.*\})$/gm)].map((m) => JSON.parse(m[1] ?? ''));
    expect(data.map((d) => [d.did, d.article])).toEqual([
      ['published', idOf('second')],
      ['retracted', idOf('second')],
    ]);
  });

  it('tell within seconds what another process of the site received, and show it', async () => {
    const text = await eventsUntil(
      (t) => t.includes('"did":null'),
      async () => void (await receiveMessage(o.db, published('elsewhere', { title: 'From another process' }))),
    );
    expect(text).toContain('event: change');
    expect(await o.text('/latest')).toContain('From another process');
  });

  it('end with the site', async () => {
    const other = await openSite({ ...SETTINGS, db: o.db });
    const answer = await fetch(`${other.url}/live`);
    const started = performance.now();
    await Promise.all([answer.text().catch(() => ''), other.close()]);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
