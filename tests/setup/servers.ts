/** Redis and PostgreSQL as throw-away servers on loopback, for tests and fault runs; null when they are not installed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type Server = {
  url: string;
  pid: number;
  /** False when it ended by itself, as for want of disk. */
  alive: boolean;
  /** Ends it at once, as a crash would; its data stays. */
  kill(): Promise<void>;
  /** Ends it with this signal and waits until it has gone; its data stays. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it in order and deletes its data. */
  stop(): Promise<void>;
};

export function which(name: string, ...more: string[]): string | null {
  const places = [...(process.env['PATH'] ?? '').split(delimiter).map((d) => join(d, name)), ...more];
  return places.find((p) => existsSync(p)) ?? null;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function startRedis(): Promise<Server | null> {
  const bin = which('redis-server');
  if (bin === null) return null;
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-redis-'));
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir, appendonly: 'yes', save: '', 'maxmemory-policy': 'noeviction' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return serve(`redis://127.0.0.1:${port}`, port, dir, 'SIGTERM', () => spawn(bin, args, { stdio: 'ignore' }));
}

/** `more`: settings of postgresql.conf, `name=value`; `parent`: the folder that its data folder is made in. */
export async function startPostgres(more: readonly string[] = [], parent = tmpdir()): Promise<Server | null> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const bins = versions.map((v) => join(debian, v, 'bin'));
  const initdb = which('initdb', ...bins.map((b) => join(b, 'initdb')));
  const postgres = which('postgres', ...bins.map((b) => join(b, 'postgres')));
  if (initdb === null || postgres === null) return null;
  const dir = mkdtempSync(join(parent, 'sourcelink-postgres-'));
  // PostgreSQL refuses to run as root; Debian's package brings the user for it.
  const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  if ('uid' in user) execFileSync('chown', [`${user.uid}:${user.gid}`, dir]);
  const how = { ...user, cwd: dir, stdio: 'ignore' } as const;
  const cluster = ['-U', 'sourcelink', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(initdb, ['-D', dir, ...cluster], how);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`, 'fsync=off', 'max_connections=200'];
  const args = ['-D', dir, '-p', String(port), ...[...settings, ...more].flatMap((s) => ['-c', s])];
  const url = `postgres://sourcelink@127.0.0.1:${port}/postgres`;
  return serve(url, port, dir, 'SIGINT', () => spawn(postgres, args, how));
}

async function serve(
  url: string,
  port: number,
  dir: string,
  endSignal: NodeJS.Signals,
  start: () => ChildProcess,
): Promise<Server> {
  let child = start();
  await waitFor(port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    const late = new AbortController();
    const giveUp = delay(5000, undefined, { signal: late.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
    await Promise.race([gone, giveUp]);
    late.abort();
    await gone;
  };
  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: () => end('SIGKILL'),
    end,
    async restart() {
      child = start();
      await waitFor(port);
    },
    async stop() {
      await end(endSignal);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function id(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

/** Waits until something accepts connections there. */
export async function waitFor(port: number): Promise<void> {
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
