import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../../config/logger.js';
import { Settings } from '../../../../config/settings.js';
import { type Alert, claimNotices, listAlerts } from '../../../../ledger/alerts.js';
import { type Observed, observe } from '../../../../ledger/conditions.js';
import { registerSinks, sinkAnswered, sinkFailed } from '../../../../ledger/sinks.js';
import { finishVisit, registerSources } from '../../../../ledger/sources.js';
import type { Channel } from '../../../../workers/alert-channel.js';
import { createEmailChannel } from '../../../../workers/monitoring/alerts/email.js';
import { openChannels } from '../../../../workers/monitoring/alerts/open.js';
import type { Mail } from '../../../../workers/monitoring/alerts/smtp.js';
import { wordingOf } from '../../../../workers/monitoring/alerts/wording.js';
import { notify } from '../../../../workers/monitoring/notify.js';
import { watchSources } from '../../../../workers/monitoring/watch-sources.js';
import { BACKENDS, type Backend } from '../../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../../setup/desk.js';
import { empty } from '../../../setup/empty.js';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
const seen = (state: string): Observed => ({
  kind: 'source',
  name: 'herald',
  topic: 'visits',
  state,
  ...(state === 'ok'
    ? { code: null, reason: null }
    : { code: 'FETCH_HTTP_5XX', reason: 'https://herald.example/feed answered 503' }),
  hint: null,
});

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`alerts on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    const heard: Alert[] = [];
    let works = true;
    const channel: Channel = {
      name: 'test',
      async send(alerts) {
        if (works) heard.push(...alerts);
        return alerts.map(() => (works ? null : new Error('nobody answers')));
      },
      close: async () => undefined,
    };
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald', { every: '30m' })]);
      desk.ctx.channels.set('test', channel);
      await registerSources(desk.db, [...desk.ctx.sources.values()]);
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      heard.length = 0;
      works = true;
      await empty(desk.db, 'condition', 'alert', 'notice', 'article');
    });

    const look = async (...states: string[]): Promise<string[]> => {
      for (const state of states) await observe(desk.db, seen(state), { channels: ['test'], times: 2, seconds: 0 });
      await notify(desk.ctx);
      return heard.splice(0).map((a) => `${a.was} > ${a.state}`);
    };

    it('tells a state once it has lasted, once, and once that it is over', async () => {
      expect(await look('ok', 'ok')).toEqual([]);
      expect(await look('failing')).toEqual([]);
      expect(await look('failing')).toEqual(['ok > failing']);
      expect(await look('failing', 'failing')).toEqual([]);
      expect(await look('blocked', 'blocked')).toEqual(['failing > blocked']);
      expect(await look('ok', 'ok', 'ok')).toEqual(['blocked > ok']);
    });

    it('says nothing of what comes and goes', async () => {
      expect(await look('failing', 'ok', 'failing', 'ok', 'empty', 'failing', 'ok')).toEqual([]);
      expect(await look('failing', 'failing', 'ok', 'failing', 'ok', 'failing')).toEqual(['ok > failing']);
    });

    it('says what happened, since when, and the hint', async () => {
      await look('failing', 'failing');
      const [alert] = await listAlerts(desk.db, 10);
      if (!alert) throw new Error('no alert');
      const { headline, lines } = wordingOf(alert);
      expect(headline).toBe('herald (The Herald) is failing');
      expect(lines[0]).toMatch(/^Since \d{4}-\d\d-\d\d \d\d:\d\dZ\.$/);
      expect(lines.slice(1)).toEqual([
        'https://herald.example/feed answered 503',
        '→ The server of the publisher has an error. Sourcelink tries again later.',
      ]);
      await look('ok', 'ok');
      const [over] = await listAlerts(desk.db, 1);
      expect(over && wordingOf(over)).toMatchObject({
        headline: 'herald (The Herald) is ok again',
        lines: [expect.stringMatching(/^Since .*Z, after failing since .*Z\.$/)],
      });
    });

    it('tries a channel again, and keeps what waits for it to itself', async () => {
      works = false;
      expect(await look('failing', 'failing')).toEqual([]);
      expect(await listAlerts(desk.db, 1)).toMatchObject([
        { sent: [], waiting: [{ channel: 'test', reason: 'nobody answers', gaveUp: false }] },
      ]);
      works = true;
      expect(await look()).toEqual([]);
      await sql`UPDATE sourcelink.notice SET next_try_at = now()`.execute(desk.db);
      expect(await look()).toEqual(['ok > failing']);
      expect(await listAlerts(desk.db, 1)).toMatchObject([{ sent: ['test'], waiting: [] }]);
    });

    it('gives a notice to one process at a time, and again when that one died', async () => {
      for (let i = 0; i < 2; i++) await observe(desk.db, seen('failing'), { channels: ['test'], times: 2, seconds: 0 });
      expect(await claimNotices(desk.db, randomUUID(), ['test'], 10)).toHaveLength(1);
      expect(await look()).toEqual([]);
      await sql`UPDATE sourcelink.notice SET lease_until = now() - interval '1 second'`.execute(desk.db);
      expect(await look()).toEqual(['ok > failing']);
    });

    it('is written with the visit that made it true', async () => {
      const counts = { requests: 1, notModified: 0, discovered: 0, fetched: 0, failed: 0, rendered: 0 };
      const failing = {
        state: 'failing',
        code: 'FETCH_TIMEOUT',
        reason: 'too slow',
        how: null,
        answered: false,
      } as const;
      const visit = async (discovering: boolean): Promise<number> => {
        const run = { id: randomUUID(), sourceId: 'herald', startedAt: new Date(), discovering, ...counts };
        await finishVisit(desk.db, run, failing, null, { channels: ['test'], times: 2, seconds: 0 });
        return (await listAlerts(desk.db, 10)).length;
      };
      expect(await visit(true)).toBe(0);
      // What is fetched between two visits is no second visit.
      expect(await visit(false)).toBe(0);
      expect(await visit(true)).toBe(1);
    });

    it('tells of a sink that takes nothing for minutes, and at once when it does again', async () => {
      await registerSinks(desk.db, ['articles']);
      const round = async (error: Error | null): Promise<string[]> => {
        const fault = { code: 'SINK_FAILED', reason: error?.message ?? '', hint: null, waitSeconds: 1 };
        if (error) await sinkFailed(desk.db, 'articles', fault, { now: desk.ctx.now(), channels: ['test'] });
        else await sinkAnswered(desk.db, 'articles', ['test']);
        await notify(desk.ctx);
        return heard.splice(0).map((a) => `${a.kind} ${a.name} ${a.state}: ${a.reason}`);
      };
      const down = new Error('connection refused');
      for (let i = 0; i < 4; i++) expect(await round(down)).toEqual([]);
      await sql`UPDATE sourcelink.condition SET since = since - interval '3 minutes'`.execute(desk.db);
      expect(await round(down)).toEqual(['sink articles failing: connection refused']);
      expect(await round(null)).toEqual(['sink articles ok: null']);
    });

    it('tells of a source that is late, and of articles that have lost a field', async () => {
      const now = desk.ctx.now();
      await desk.db
        .updateTable('sourcelink.source_state')
        .set({ state: 'ok', code: null, reason: null, lastVisitAt: new Date(now.getTime() - 6 * 3_600_000) })
        .set({ nextVisitAt: new Date(now.getTime() - 5 * 3_600_000) })
        .execute();
      for (let i = 0; i < 40; i++) await desk.put({ source: 'herald', text: `Report ${i}.` });
      await sql`UPDATE sourcelink.article SET authors = '["Ada Byline"]', first_seen_at = first_seen_at - interval '1 day'
        WHERE candidate_id IN (SELECT id FROM sourcelink.candidate ORDER BY id LIMIT 20)`.execute(desk.db);
      await watchSources(desk.ctx);
      expect(await listAlerts(desk.db, 10)).toEqual([]);
      await sql`UPDATE sourcelink.condition SET since = since - interval '20 minutes'`.execute(desk.db);
      await watchSources(desk.ctx);
      await watchSources(desk.ctx);
      const alerts = await listAlerts(desk.db, 10);
      expect(alerts.map((a) => [a.topic, a.state]).sort()).toEqual([
        ['layout', 'changed'],
        ['pace', 'late'],
      ]);
      expect(alerts.find((a) => a.topic === 'layout')).toMatchObject({
        reason: 'layout changed? Of its last 20 articles 0 % name an author, it was 100 %',
        hint: expect.stringContaining('sourcelink sources check herald'),
      });
    });
  });
}

const ALERT: Alert = {
  id: '0f6c1c5e-0000-4000-8000-000000000001',
  kind: 'sink',
  name: 'wordpress',
  title: null,
  topic: 'deliveries',
  was: 'ok',
  wasSince: null,
  state: 'failing',
  since: new Date('2026-03-02T10:00:00Z'),
  code: 'SINK_FAILED',
  reason: 'connection refused',
  hint: null,
  at: new Date('2026-03-02T10:03:00Z'),
};

describe('the webhook of alerts', () => {
  const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
  let status = 204;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push({ headers: request.headers, body });
        response.writeHead(status).end(status === 204 ? undefined : 'no such hook');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
  });
  afterAll(async () => {
    await new Promise((done) => server.close(done));
  });

  it('is signed after Standard Webhooks, and says everything', async () => {
    const settings = Settings.parse({ alerts: { webhook: { url, secrets: [SECRET], allowPrivateAddress: true } } });
    const channels = openChannels(settings, createLogger('silent'));
    expect([...channels.keys()]).toEqual(['log', 'webhook']);
    const webhook = channels.get('webhook');
    expect(await webhook?.send([ALERT])).toEqual([null]);
    const { headers, body } = asked[0] ?? { headers: {}, body: '' };
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(headers['webhook-id']).toBe(ALERT.id);
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert.state',
      subject: { kind: 'sink', id: 'wordpress' },
      state: 'failing',
      was: 'ok',
      text: 'sink wordpress does not accept articles\nSince 2026-03-02 10:00Z.\nconnection refused\n→ Check that the sink is reachable. Deliveries wait and are sent again automatically.',
    });
    status = 404;
    expect(await webhook?.send([ALERT])).toMatchObject([{ message: `${url} answered 404: no such hook` }]);
    await webhook?.close();
  });
});

describe('the mail of alerts', () => {
  it('is one for all that are due together, and says which server did not take it', async () => {
    const mails: Mail[] = [];
    let down = false;
    const settings = {
      smtp: 'smtp://user:secret@mail.example:587',
      from: 'Desk <desk@news.example>',
      to: ['ada@news.example'],
    };
    const email = createEmailChannel(settings, {
      async send(mail) {
        if (down) throw new Error('connect ECONNREFUSED');
        mails.push(mail);
      },
      close: async () => undefined,
    });
    expect(await email.send([ALERT, { ...ALERT, name: 'feed' }])).toEqual([null, null]);
    expect(mails).toMatchObject([
      { to: ['ada@news.example'], subject: 'Sourcelink: sink wordpress does not accept articles and 1 more' },
    ]);
    expect(mails[0]?.text.split('\n\n')).toHaveLength(2);
    down = true;
    const [error] = await email.send([ALERT]);
    expect(error?.message).toBe('the mail server mail.example:587 did not accept the alert');
  });

  it('is not sent where no server is named', () => {
    expect([...openChannels(Settings.parse({}), createLogger('silent')).keys()]).toEqual(['log']);
    expect(Settings.safeParse({ alerts: { email: { from: 'a@b.example', to: ['a@b.example'] } } }).success).toBe(false);
  });
});
