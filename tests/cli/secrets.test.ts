import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { openLedger } from '../../ledger/db/connect.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { sourcelink } from './command-line.js';
import { article, feed, HEADLINES, type Outlet, openOutlet, pathOf } from './outlet.js';

/** What must be seen nowhere, by the variable that holds it. */
const SECRETS = {
  SOURCELINK_API_TOKEN: 'hush-api-token-0123456789abcdef',
  SOURCELINK_DESK_PASSWORD: 'hush-desk-password',
  DATABASE_PASSWORD: 'hush-database-password',
  OUTLET_KEY: 'hush-outlet-key',
  PROXY_PASSWORD: 'hush-proxy-password',
  HOOK_SECRET: `whsec_${Buffer.from('hush-webhook-secret-of-32-bytes!').toString('base64')}`,
  WORDPRESS_PASSWORD: 'hush wordpress password',
  SMTP_PASSWORD: 'hush-smtp-password',
};

for (const { name, open } of BACKENDS.filter((b) => b.available && !b.name.includes('Redis'))) {
  // Side by side: a pass waits for sinks that refuse it.
  describe.concurrent(`secrets of the environment, on ${name}`, () => {
    let outlet: Outlet;
    let backend: Backend;
    let env: NodeJS.ProcessEnv;
    /** That the outlet was sent its header is what makes the rest of this worth anything. */
    const sent = new Set<string>();
    const refusing = createServer((request, response) => {
      sent.add(String(request.headers.authorization ?? ''));
      response.writeHead(500).end(`no: ${JSON.stringify(request.headers)}`);
    });

    beforeAll(async () => {
      await new Promise<void>((done) => refusing.listen(0, '127.0.0.1', done));
      const address = refusing.address();
      const hook = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
      outlet = await openOutlet(
        (origin) => `sources:
  - { id: quay, name: Quay, url: "${origin}/", feeds: ["${origin}/feed"], republish: full, render: never, delay: 0ms, headers: { authorization: "Bearer \${OUTLET_KEY}" } }
  - { id: behind, name: Behind, url: "http://outlet.example/", feeds: ["http://outlet.example/feed"], proxy: "http://me:\${PROXY_PASSWORD}@${hook}", render: never }
  - { id: lost, name: Lost, url: "http://127.0.0.1:9/", feeds: ["http://127.0.0.1:9/feed"], render: never, headers: { authorization: "Bearer \${OUTLET_KEY}" } }
`,
      );
      const host = new URL(outlet.origin).host;
      outlet.pages.set('/feed', feed(outlet.origin));
      HEADLINES.forEach((_, i) => void outlet.pages.set(pathOf(i), article(i)));
      writeFileSync(
        join(outlet.place.folder, 'sourcelink.yaml'),
        `fetch: { allowHosts: ["${host}", "${hook}", "127.0.0.1:9"], attempts: 1, connectTimeout: 2s, timeout: 3s }
extract: { deadline: 60s, threads: 1 }
publish:
  sinks:
    hook: { type: webhook, url: "http://${hook}/hook", secrets: ["\${HOOK_SECRET}"], allowPrivateAddress: true }
    press: { type: wordpress, url: "http://${hook}/", user: me, applicationPassword: "\${WORDPRESS_PASSWORD}", allowPrivateAddress: true }
alerts: { email: { smtp: "\${SMTP}", from: a@news.example, to: [b@news.example] } }
`,
      );
      backend = await open();
      const url = backend.databaseUrl === null ? null : new URL(backend.databaseUrl);
      if (url) url.password = SECRETS.DATABASE_PASSWORD;
      env = {
        ...outlet.place.env,
        ...SECRETS,
        SMTP: `smtp://me:${SECRETS.SMTP_PASSWORD}@127.0.0.1:9`,
        SOURCELINK_DATA: backend.dataDir,
        SOURCELINK_LOG_LEVEL: 'trace',
        ...(url ? { SOURCELINK_DATABASE_URL: url.href } : {}),
      };
    }, 60_000);
    afterAll(async () => {
      await new Promise((done) => refusing.close(done));
      await outlet?.close();
      await backend?.drop();
    });

    const forms = Object.values(SECRETS).flatMap((s) => [
      s,
      encodeURIComponent(s),
      ...[s, `me:${s}`].map((t) => Buffer.from(t).toString('base64')),
    ]);
    const seenIn = (text: string) => [...new Set(forms)].filter((s) => text.includes(s));

    it('are in nothing that a pass says at the lowest level, in no table and in no job', async () => {
      const said: string[] = [];
      for (const argv of [
        ['run', '--json'],
        ['sources', 'list'],
        ['sinks', 'list', '--json'],
        ['dead', 'list', '--json'],
        ['alerts', 'test', '--json'],
        ['doctor', '--json'],
        ['sources', 'check', 'behind', '--json'],
        ['try', 'http://127.0.0.1:9/x', '--source', 'lost'],
      ]) {
        const { out, err } = await sourcelink(argv, { env });
        expect(out + err, argv.join(' ')).not.toBe('');
        said.push(out, err);
      }
      const all = said.join('\n');
      expect(all).toContain('"level":20');
      expect(all).toMatch(/SINK_FAILED/);
      expect(seenIn(all)).toEqual([]);
      expect(sent).toContain(`Basic ${Buffer.from(`me:${SECRETS.WORDPRESS_PASSWORD}`).toString('base64')}`);
      const ledger = await openLedger({ ...backend, log: createLogger('silent') });
      const { rows: tables } = await sql<{ at: string }>`
        SELECT format('%I.%I', table_schema, table_name) AS at FROM information_schema.tables
        WHERE table_schema IN ('sourcelink', 'bullmq') AND table_type = 'BASE TABLE'`.execute(ledger.db);
      expect(tables.filter((t) => t.at.startsWith('bullmq')).length).toBeGreaterThan(0);
      const found: string[] = [];
      for (const { at } of tables) {
        const { rows } = await sql<{ row: string }>`SELECT t::text AS row FROM ${sql.raw(at)} t`.execute(ledger.db);
        found.push(...seenIn(rows.map((r) => r.row).join('\n')).map((s) => `${at}: ${s}`));
      }
      await ledger.close();
      expect(found).toEqual([]);
    }, 240_000);

    it('are not repeated by what refuses them', async () => {
      for (const wrong of [
        { SOURCELINK_DATABASE_URL: `mysql://me:${SECRETS.DATABASE_PASSWORD}@db/x` },
        { SOURCELINK_DATABASE_URL: `postgres://me:${SECRETS.DATABASE_PASSWORD}@127.0.0.1:9/x` },
        { SOURCELINK_QUEUE_URL: `redis://:${SECRETS.DATABASE_PASSWORD}@127.0.0.1:9/0` },
        { SOURCELINK_API_TOKEN: 'hush short' },
        { HOOK_SECRET: 'hush-no-secret-of-that-form' },
        { SMTP: `imap://me:${SECRETS.SMTP_PASSWORD}@127.0.0.1:9` },
      ]) {
        const { code, out, err } = await sourcelink(['run'], { env: { ...env, ...wrong } });
        expect([code === 0, seenIn(out + err), /hush/.test(out + err)], Object.keys(wrong)[0]).toEqual([
          false,
          [],
          false,
        ]);
      }
    }, 120_000);
  });
}
