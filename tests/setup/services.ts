/**
 * Finds Redis, PostgreSQL and Chromium, starts the servers on loopback for this test run, and says plainly what was
 * not there. With SOURCELINK_REQUIRE_ALL=1 a missing one fails the run instead of skipping tests.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgres://…` of a throw-away server, or null when PostgreSQL is not installed. */
    postgresUrl: string | null;
    /** `redis://…` of a throw-away server, or null when Redis is not installed. */
    redisUrl: string | null;
    /** Path of a Chromium, or null. */
    browser: string | null;
  }
}

const stops: (() => Promise<void> | void)[] = [];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing: string[] = [];
  const redisUrl = await startRedis();
  if (redisUrl === null) missing.push('Redis (redis-server)');
  const postgresUrl = await startPostgres();
  if (postgresUrl === null) missing.push('PostgreSQL (initdb, postgres)');
  const browser = findBrowser();
  if (browser === null) missing.push('Chromium');
  project.provide('redisUrl', redisUrl);
  project.provide('postgresUrl', postgresUrl);
  project.provide('browser', browser);
  const stop = async () => {
    for (const s of stops.splice(0).reverse()) await s();
  };
  if (missing.length > 0) {
    const text = `not found: ${missing.join(', ')}`;
    if (process.env['SOURCELINK_REQUIRE_ALL'] === '1') {
      await stop();
      throw new Error(`${text}; SOURCELINK_REQUIRE_ALL=1 allows no skipping`);
    }
    console.log(`services: ${text}. Tests that need them are skipped.`);
  }
  return stop;
}

function which(name: string, ...more: string[]): string | null {
  const places = [...(process.env['PATH'] ?? '').split(delimiter).map((d) => join(d, name)), ...more];
  return places.find((p) => existsSync(p)) ?? null;
}

function findBrowser(): string | null {
  const named = process.env['SOURCELINK_BROWSER'];
  if (named) return existsSync(named) ? named : null;
  return which('chromium') ?? which('chromium-browser') ?? which('google-chrome-stable') ?? which('google-chrome');
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function startRedis(): Promise<string | null> {
  const bin = which('redis-server');
  if (bin === null) return null;
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-redis-'));
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  const child = spawn(bin, args, { stdio: 'ignore' });
  stops.push(() => end(child, dir));
  await waitFor(port);
  return `redis://127.0.0.1:${port}`;
}

async function startPostgres(): Promise<string | null> {
  const debian = '/usr/lib/postgresql';
  const installed = existsSync(debian)
    ? readdirSync(debian)
        .sort()
        .reverse()
        .map((v) => join(debian, v, 'bin', 'initdb'))
    : [];
  const initdb = which('initdb', ...installed);
  const postgres = which('postgres', ...installed.map((p) => p.replace(/initdb$/, 'postgres')));
  if (initdb === null || postgres === null) return null;
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-postgres-'));
  // PostgreSQL refuses to run as root; Debian's package brings the user for it.
  const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  if ('uid' in user) execFileSync('chown', [`${user.uid}:${user.gid}`, dir]);
  execFileSync(initdb, ['-D', dir, '-U', 'sourcelink', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`, 'fsync=off', 'max_connections=200'];
  const child = spawn(postgres, ['-D', dir, '-p', String(port), ...settings.flatMap((s) => ['-c', s])], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  });
  stops.push(() => end(child, dir, 'SIGINT'));
  await waitFor(port);
  return `postgres://sourcelink@127.0.0.1:${port}/postgres`;
}

function id(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function end(child: ChildProcess, dir: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await Promise.race([gone, delay(5000).then(() => child.kill('SIGKILL'))]);
  rmSync(dir, { recursive: true, force: true });
}

async function waitFor(port: number): Promise<void> {
  const { connect } = await import('node:net');
  for (let i = 0; i < 200; i++) {
    const ok = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => done(true)).once('error', () => done(false));
      socket.once('close', () => done(false));
      setTimeout(() => socket.destroy(), 500).unref();
    });
    if (ok) return void (await delay(150));
    await delay(50);
  }
  throw new Error(`nothing listens on 127.0.0.1:${port}`);
}
