import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mail, Mailer } from '../../site/mail/message.js';
import { openSite } from '../../site/open.js';
import { MAIL_TRIES } from '../../site/store/outbox.js';
import { newsletterFacts } from '../../site/store/subscribers.js';
import { tokenOf } from './form.js';
import { article, published } from './messages.js';
import { type Opened, openForTest, SETTINGS } from './open.js';

const folder = mkdtempSync(join(tmpdir(), 'sourcelink-site-'));
const configFile = join(folder, 'site.yaml');
const sent: Mail[] = [];
let broken = false;
const mailer: Mailer = {
  async send(mail) {
    if (broken) throw new Error('the mail server is away');
    sent.push(mail);
  },
  close: async () => undefined,
};
let now = new Date('2026-03-02T06:00:00Z');
let o: Opened;
const HOUR = 3_600_000;

beforeAll(async () => {
  writeFileSync(
    configFile,
    'newsletter: { from: "The Ambria Wire <wire@wire.example>", cron: "0 7 * * *", articles: 3 }',
  );
  o = await openForTest({ configFile, now: () => now, mailer });
});
afterAll(async () => {
  await o.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await o.db.query('TRUNCATE site.subscriber, site.issue, site.mail');
  sent.length = 0;
  broken = false;
  // The next morning at six; an hour before an issue.
  now = new Date(Math.ceil(now.getTime() / (24 * HOUR)) * 24 * HOUR + 6 * HOUR);
});

const tick = () => o.site.newsletter?.tick();
const ask = async (email: string) => o.post('/newsletter', { token: await tokenOf(o, '/newsletter'), email });
const linkIn = (mail: Mail | undefined): string =>
  /http:\S+\/newsletter\/(?:confirm|leave)\S+/.exec(mail?.text ?? '')?.[0].replace(o.site.url, '') ?? '';
/** As a mail provider does it: no browser, so neither origin nor cookies. */
const press = (path: string) =>
  fetch(o.site.url + path, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
async function subscribe(email: string): Promise<void> {
  await ask(email);
  await tick();
  expect((await o.post(linkIn(sent.pop()), {})).status).toBe(200);
}
const arrive = (name: string, at: Date, more = {}) =>
  o.site.receive(published(name, { publishedAt: at.toISOString(), fetchedAt: at.toISOString(), ...more }));

describe('the newsletter', () => {
  it('begins when the owner of the address confirms, and not by following the link alone', async () => {
    expect((await ask('Ada@Reader.example')).headers.get('location')).toBe('/newsletter?sent');
    await tick();
    expect(sent).toMatchObject([
      { to: 'ada@reader.example', from: 'The Ambria Wire <wire@wire.example>', leaveUrl: null },
    ]);
    expect((await o.get(linkIn(sent[0]))).status).toBe(200);
    expect(await newsletterFacts(o.db)).toMatchObject({ subscribers: 0, unconfirmed: 1, waiting: 0 });
    expect(await (await o.post(linkIn(sent[0]), {})).text()).toContain('You are subscribed');
    expect(await newsletterFacts(o.db)).toMatchObject({ subscribers: 1, unconfirmed: 0 });
  });

  it('asks an address once, answers the same whether it is known or not, and forgets who did not confirm', async () => {
    await subscribe('known@reader.example');
    const answers = [
      await ask('known@reader.example'),
      await ask('new@reader.example'),
      await ask('new@reader.example'),
    ];
    expect(new Set(answers.map((a) => `${a.status} ${a.headers.get('location')}`)).size).toBe(1);
    await tick();
    expect(sent.map((m) => m.to)).toEqual(['new@reader.example']);
    now = new Date(now.getTime() + 8 * 24 * HOUR);
    const late = await o.post(linkIn(sent[0]), {});
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('This link has expired')]);
    await ask('other@reader.example');
    const { rows } = await o.db.query('SELECT email FROM site.subscriber ORDER BY email');
    expect(rows).toEqual([{ email: 'known@reader.example' }, { email: 'other@reader.example' }]);
  });

  it('brings what came since the last issue, once, with a Source link each; nothing when nothing came', async () => {
    await tick();
    await subscribe('ada@reader.example');
    await arrive('before', new Date(now.getTime() - 2 * HOUR), { title: 'Before the newsletter' });
    for (const n of [1, 2, 3, 4])
      await arrive(`d${n}`, new Date(now.getTime() + n * 60_000), { title: `News ${n} & <more>` });
    const story = { id: 's', size: 5, coverage: [] };
    await arrive('s1', new Date(now.getTime() + 10 * 60_000), { title: 'Story first', story });
    await arrive('s2', new Date(now.getTime() + 11 * 60_000), { title: 'Story second', story });
    // Published before the last issue, but it came after; and an archive.
    const fetchedAt = new Date(now.getTime() + 12 * 60_000).toISOString();
    for (const [name, hours] of [
      ['late', 3],
      ['archive', 100],
    ] as const) {
      const publishedAt = new Date(now.getTime() - hours * HOUR).toISOString();
      await o.site.receive(
        published(name, { title: name, publishedAt, fetchedAt, story: { ...story, id: name, size: 9 } }),
      );
    }
    await tick();
    expect(sent).toEqual([]);
    now = new Date(now.getTime() + 1.1 * HOUR);
    await Promise.all([tick(), tick()]);
    await tick();
    expect(sent).toHaveLength(1);
    const [mail] = sent;
    const { document: d } = parseHTML(mail?.html ?? '');
    expect([...d.querySelectorAll('h2')].map((e) => e.textContent?.trim())).toEqual([
      'late',
      'Story second',
      'News 4 & <more>',
    ]);
    expect(mail?.subject).toBe('The Ambria Wire: late');
    const sources = [...d.querySelectorAll('a')].filter((a) => a.textContent === 'Source link');
    expect(sources.map((a) => a.getAttribute('href'))).toEqual(
      ['late', 's2', 'd4'].map((n) => article(n).canonicalUrl),
    );
    expect(mail?.text.match(/Source link: /g)).toHaveLength(3);
    expect(d.querySelectorAll('script, img, link')).toHaveLength(0);
    now = new Date(now.getTime() + 24 * HOUR);
    await tick();
    expect(sent).toHaveLength(1);
  });

  it('ends with one click, from a reader or a mail program, and forgets the address with all that waits for it', async () => {
    await tick();
    await subscribe('ada@reader.example');
    await subscribe('bo@reader.example');
    await arrive('leave', new Date(now.getTime() + 60_000));
    now = new Date(now.getTime() + 1.1 * HOUR);
    await tick();
    expect(sent.map((m) => m.to).sort()).toEqual(['ada@reader.example', 'bo@reader.example']);
    const leave = (sent.find((m) => m.to.startsWith('ada'))?.leaveUrl ?? '').replace(o.site.url, '');
    expect(linkIn(sent.find((m) => m.to.startsWith('ada')))).toBe(leave);
    expect((await o.get(leave)).status).toBe(200);
    expect(await newsletterFacts(o.db)).toMatchObject({ subscribers: 2 });
    for (const wrong of [leave.replace('sig=', 'sig=x'), '/newsletter/leave', '/newsletter/leave?id=x&sig=y'])
      expect((await press(wrong)).status, wrong).toBe(403);
    expect(await (await press(leave)).text()).toContain('You are unsubscribed');
    expect((await o.db.query('SELECT email FROM site.subscriber')).rows).toEqual([{ email: 'bo@reader.example' }]);
    expect((await press(leave)).status).toBe(200);
  });

  it('tries again while mail does not go out, gives up at last and says so, and writes no late issue', async () => {
    await tick();
    await subscribe('ada@reader.example');
    await arrive('broken', new Date(now.getTime() + 60_000));
    broken = true;
    now = new Date(now.getTime() + 1.1 * HOUR);
    await tick();
    await tick();
    expect(await newsletterFacts(o.db)).toMatchObject({ waiting: 1, lastFault: 'the mail server is away' });
    broken = false;
    now = new Date(now.getTime() + 2 * 60_000);
    await tick();
    expect(sent).toHaveLength(1);
    broken = true;
    await ask('new@reader.example');
    for (let n = 0; n < MAIL_TRIES; n++) {
      await tick();
      now = new Date(now.getTime() + 6 * HOUR);
    }
    expect(await newsletterFacts(o.db)).toMatchObject({ waiting: 0, dead: 1 });
    await arrive('asleep', now);
    // The process was down from before the time of the issue until 13 hours after it.
    now = new Date(Math.ceil(now.getTime() / (24 * HOUR)) * 24 * HOUR + 20 * HOUR);
    sent.length = 0;
    broken = false;
    await tick();
    expect(sent).toEqual([]);
  });

  it('takes an address from its own form alone, five an hour, and refuses what is none', async () => {
    now = new Date(now.getTime() + 2 * HOUR);
    const token = await tokenOf(o, '/newsletter');
    expect((await o.post('/newsletter', { token: 'x.y', email: 'a@b.example' })).status).toBe(403);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await o.post('/newsletter', { token, email: 'a@b.example' }, foreign)).status).toBe(403);
    const wrong = await o.post('/newsletter', { token, email: 'a@b.example\r\nBcc: all@b.example' });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('Enter your e-mail address')]);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await o.post('/newsletter', { token, email: `a${i}@b.example` })).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
  });

  it('is not there unless the operator switches it on, and not without a way to send', async () => {
    const off = await openSite({ ...SETTINGS, db: o.db });
    try {
      for (const path of ['/newsletter', '/newsletter/leave']) expect((await fetch(off.url + path)).status).toBe(404);
      expect(await (await fetch(off.url)).text()).not.toContain('href="/newsletter"');
    } finally {
      await off.close();
    }
    expect(await o.text('/')).toContain('href="/newsletter"');
    await expect(openSite({ ...SETTINGS, db: o.db, configFile })).rejects.toThrow(/way to send mail/);
  });
});
