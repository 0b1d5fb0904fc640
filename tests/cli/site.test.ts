import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { openLedger } from '../../ledger/db/connect.js';
import { passwordHolds } from '../../site/password.js';
import { openQueues } from '../../workers/queues.js';
import { BACKENDS } from '../setup/backends.js';
import { published } from '../site/messages.js';
import { operatorFolder, sourcelink } from './command-line.js';

const log = createLogger('silent');
const places: { drop(): void }[] = [];
afterEach(() => {
  for (const p of places.splice(0)) p.drop();
});

function folderWith(settings: string, site?: string) {
  const place = operatorFolder();
  places.push(place);
  writeFileSync(join(place.folder, 'sourcelink.yaml'), settings);
  if (site !== undefined) writeFileSync(join(place.folder, 'site.yaml'), site);
  return place;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Asks until the answer is as wanted. */
async function until(url: string, wanted: (text: string) => boolean): Promise<string> {
  for (let n = 0; n < 200; n++) {
    const text = await fetch(url).then(
      (r) => r.text(),
      () => '',
    );
    if (wanted(text)) return text;
    await delay(100);
  }
  throw new Error(`${url} did not come to say what was wanted`);
}

describe('site in a process of its own', () => {
  it.each(BACKENDS.filter((b) => b.available))(
    'takes the queue `articles` on $name, whatever `site.enabled` says',
    async ({ open }) => {
      const backend = await open();
      const { env: paths, folder } = folderWith('site: { name: The Ambria Wire }');
      const env = {
        ...paths,
        ...(backend.databaseUrl ? { SOURCELINK_DATABASE_URL: backend.databaseUrl } : {}),
        ...(backend.queueUrl ? { SOURCELINK_QUEUE_URL: backend.queueUrl } : {}),
      };
      try {
        const ledger = await openLedger({ databaseUrl: backend.databaseUrl, dataDir: join(folder, 'data'), log });
        const queues = await openQueues({ queueUrl: backend.queueUrl, ledger, log });
        await queues.articles.add('article.published', published('early', { title: 'Early bird of Port Verity' }));
        await queues.close();
        await ledger.close();

        const stop = new AbortController();
        const port = await freePort();
        const ending = sourcelink(['site', '--port', `${port}`, '--json'], { env, signal: stop.signal });
        await until(`http://127.0.0.1:${port}/`, (text) => text.includes('Early bird of Port Verity'));
        stop.abort();
        const ended = await ending;
        expect([ended.code, JSON.parse(ended.out)]).toMatchObject([
          0,
          { site: `http://127.0.0.1:${port}`, stages: [] },
        ]);
      } finally {
        await backend.drop();
      }
    },
    90_000,
  );

  it('refuses what is no port', async () => {
    const { code, err } = await sourcelink(['site', '--port', '70000']);
    expect([code, err]).toEqual([2, expect.stringContaining('0 to 65535')]);
  });
});

describe('site password', () => {
  const program = join(import.meta.dirname, '../../dist/cli/main.js');
  const ask =
    (...args: string[]) =>
    (input: string) =>
      spawnSync(process.execPath, [program, 'site', 'password', ...args], { input, encoding: 'utf8' });

  it('prints a hash that the password holds to, another one each time', async () => {
    const hashes = [ask()('correct horse battery\n'), ask()('correct horse battery')].map((r) => r.stdout.trim());
    expect(new Set(hashes).size).toBe(2);
    for (const hash of hashes) expect(await passwordHolds('correct horse battery', hash)).toBe(true);
    const { stdout } = ask('--json')('correct horse battery');
    expect(await passwordHolds('correct horse', JSON.parse(stdout).password)).toBe(false);
  });

  it('refuses a short one', () => {
    const { status, stderr, stdout } = ask()('short');
    expect([status, stderr, stdout]).toEqual([2, expect.stringContaining('at least 12'), '']);
  });
});

describe('start with the site switched on', () => {
  it.each(BACKENDS.filter((b) => b.available))(
    'takes the queue `articles` on $name',
    async ({ open }) => {
      const backend = await open();
      const port = await freePort();
      const { env: paths, folder } = folderWith(
        `site: { enabled: true, name: The Ambria Wire, port: ${port}, url: "http://127.0.0.1:${port}/" }`,
        'tagline: As the operator wrote it',
      );
      const env = {
        ...paths,
        ...(backend.databaseUrl ? { SOURCELINK_DATABASE_URL: backend.databaseUrl } : {}),
        ...(backend.queueUrl ? { SOURCELINK_QUEUE_URL: backend.queueUrl } : {}),
      };
      const dataDir = join(folder, 'data');
      try {
        // It was published before the site was opened for the first time.
        const ledger = await openLedger({ databaseUrl: backend.databaseUrl, dataDir, log });
        const queues = await openQueues({ queueUrl: backend.queueUrl, ledger, log });
        await queues.articles.add('article.published', published('early', { title: 'Early bird of Port Verity' }));
        await queues.close();
        await ledger.close();

        const stop = new AbortController();
        const ending = sourcelink(['start', '--json'], { env, signal: stop.signal });
        const front = await until(`http://127.0.0.1:${port}/`, (text) => text.includes('Early bird of Port Verity'));
        expect(front).toContain('As the operator wrote it');
        const secret = join(dataDir, 'site.secret');
        expect(statSync(secret).mode & 0o077).toBe(0);
        stop.abort();
        const ended = await ending;
        expect(ended.code).toBe(0);
        expect(JSON.parse(ended.out)).toMatchObject({ site: `http://127.0.0.1:${port}` });
        await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
      } finally {
        await backend.drop();
      }
    },
    90_000,
  );

  it('opens nothing unless it is switched on', async () => {
    const { env } = folderWith(`site: { port: ${await freePort()} }`);
    const stop = new AbortController();
    const ending = sourcelink(['start', '--json'], { env, signal: stop.signal });
    await delay(2000);
    stop.abort();
    const ended = await ending;
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.out)).toMatchObject({ site: null });
    expect(existsSync(join(env['SOURCELINK_DATA'] ?? '', 'site.secret'))).toBe(false);
  }, 60_000);

  it('refuses a wrong site.yaml and an address that is taken, and says what to fix', async () => {
    const wrong = folderWith('site: { enabled: true, port: 0 }', 'colours: { accent: "#ffee00" }');
    const refused = await sourcelink(['start'], { env: wrong.env });
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('site.yaml');
    expect(refused.err).toContain('colours.accent');
    const unread = folderWith('site: { enabled: true, port: 0 }', 'comments: true');
    const closed = await sourcelink(['start'], { env: unread.env });
    expect(closed.code).toBe(2);
    expect(closed.err).toContain('SOURCELINK_DESK_PASSWORD');
    const short = await sourcelink(['start'], { env: { ...unread.env, SOURCELINK_DESK_PASSWORD: 'short' } });
    expect([short.code, short.err]).toEqual([2, expect.stringContaining('SOURCELINK_DESK_PASSWORD is too short')]);

    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const taken = folderWith(`site: { enabled: true, port: ${port} }`);
    const ended = await sourcelink(['start'], { env: taken.env });
    await new Promise((done) => server.close(done));
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`127.0.0.1:${port}`);
    expect(ended.err).toContain('site.port');
  }, 60_000);
});
