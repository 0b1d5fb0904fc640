import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { QUEUE_NAMES } from '../workers/queues.js';
import { sourcelink } from './cli/command-line.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const Service = z.looseObject({
  image: z.string(),
  build: z.object({ context: z.string(), target: z.string() }).optional(),
  user: z.string(),
  command: z.array(z.string()),
  init: z.boolean(),
  read_only: z.boolean(),
  restart: z.string(),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  pids_limit: z.int().positive(),
  cpus: z.number().positive(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  privileged: z.boolean().optional(),
  ports: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()),
  tmpfs: z.array(z.string()),
  networks: z.array(z.string()),
  healthcheck: z.looseObject({ test: z.array(z.string()) }),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
});
const compose = Compose.parse(parse(read('compose.yaml'), { merge: true }));
const services = Object.entries(compose.services);
const databases = services.filter(([, s]) => !s.build);
const own = services.filter(([, s]) => s.build);

/** A tag with three parts, or two for servers that number so: `latest` and `17` move under one's feet. */
const PINNED = /:\d+\.\d+(?:\.\d+)?(?:-[a-z]+)*$/;

const instructions = read('Dockerfile')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((l) => l !== '' && !l.startsWith('#'))
  .map((l) => ({ name: l.split(' ', 1)[0] ?? '', rest: l.slice(l.indexOf(' ') + 1).trim() }));

/** What a FROM stands on: the name behind its options. */
const below = (rest: string): string => rest.split(' ').find((w) => !w.startsWith('--')) ?? '';

/** The instructions of a stage and of all stages that it stands on. */
function stage(name: string): typeof instructions {
  const at = instructions.findIndex((i) => i.name === 'FROM' && i.rest.endsWith(` AS ${name}`));
  if (at < 0) return [];
  const next = instructions.findIndex((i, n) => n > at && i.name === 'FROM');
  return [...stage(below(instructions[at]?.rest ?? '')), ...instructions.slice(at, next < 0 ? undefined : next)];
}
const last = (name: string, of: string) => stage(of).findLast((i) => i.name === name)?.rest;

describe('compose.yaml', () => {
  it('runs PostgreSQL, Redis, the scheduler and a worker for every stage, each stage once', () => {
    expect(databases.map(([name]) => name).sort()).toEqual(['postgres', 'redis']);
    expect(compose.services['scheduler']?.command[0]).toBe('scheduler');
    const stages = own.flatMap(([, { command }]) =>
      command[0] === 'worker' && command[1] === '--stages' ? (command[2] ?? '').split(',') : [],
    );
    expect(stages.sort()).toEqual([...QUEUE_NAMES].sort());
  });

  it.each(services)('%s is pinned, has no root, no rights to gain and no disk but its volumes', (_name, s) => {
    expect(s.image).toMatch(PINNED);
    expect(s.user).not.toMatch(/^(root|0)\b/);
    expect(s.cap_drop).toEqual(['ALL']);
    expect(s.security_opt).toContain('no-new-privileges:true');
    expect(s.read_only).toBe(true);
    expect(s.tmpfs.some((t) => t === '/tmp' || t.startsWith('/tmp:'))).toBe(true);
    expect(s.privileged ?? false).toBe(false);
    expect(s.init).toBe(true);
    expect(s.restart).toBe('unless-stopped');
    for (const v of s.volumes.filter((v) => !v.startsWith('./')))
      expect(Object.keys(compose.volumes)).toContain(v.split(':')[0]);
  });

  it.each(databases)('%s says when it is ready and is reached from inside alone', (_name, s) => {
    expect(s.healthcheck.test.length).toBeGreaterThan(1);
    expect(s.networks).toEqual(['ledger']);
    expect(compose.networks['ledger']?.internal).toBe(true);
    expect(s.ports ?? []).toEqual([]);
  });

  it.each(own)('%s waits for both databases, reads its configuration and cannot write it', (_name, s) => {
    expect(s.depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect(s.volumes).toContain('./config:/config:ro');
    expect(s.env_file).toBe('.env');
    expect(s.build?.context).toBe('.');
    expect(s.environment?.['SOURCELINK_DATABASE_URL']).toMatch(/^postgres:/);
    expect(s.environment?.['SOURCELINK_QUEUE_URL']).toMatch(/^redis:/);
  });

  it('lets only those out that have something to fetch or to send', () => {
    const out = own.filter(([, s]) => s.networks.includes('outside')).map(([name]) => name);
    expect(out.sort()).toEqual(['crawl', 'publish', 'scheduler', 'site']);
    expect(compose.networks['outside']?.internal ?? false).toBe(false);
    expect(services.filter(([, s]) => !s.networks.includes('ledger'))).toEqual([]);
  });

  it.each(own)('%s starts with a command that exists, and says whether it answers', async (name, s) => {
    const { code, out } = await sourcelink([s.command[0] ?? '', '--help']);
    expect([code, s.command.filter((w) => w.startsWith('--') && !out.includes(w))]).toEqual([0, []]);
    const port = s.command[s.command.indexOf(name === 'site' ? '--port' : '--metrics-port') + 1];
    const path = name === 'site' ? 'robots.txt' : 'healthz';
    expect(s.healthcheck.test.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(s.healthcheck.test[3]).toContain(`http://127.0.0.1:${port}/${path}'`);
  });

  it('has a health check that passes on an answer, and fails on none and on an error', async () => {
    const [, ...line] = compose.services['extract']?.healthcheck.test ?? [];
    let status = 200;
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const script = (line[2] ?? '').replace('9464', port);
    const check = () =>
      new Promise<number | null>((done) => execFile(process.execPath, ['-e', script]).once('exit', done));
    expect(await check()).toBe(0);
    status = 503;
    expect(await check()).toBe(1);
    await new Promise((done) => server.close(done));
    expect(await check()).toBe(1);
  });

  it('names the image of this version', () => {
    const { version } = JSON.parse(read('package.json'));
    expect([...new Set(own.map(([, s]) => s.image))]).toEqual([`sourcelink:${version}`]);
  });

  it('opens the site only when it is asked for, and to this machine alone', () => {
    const site = compose.services['site'];
    expect(site?.command.slice(0, 3)).toEqual(['site', '--host', '0.0.0.0']);
    expect(site?.profiles).toEqual(['site']);
    const port = site?.command[site.command.indexOf('--port') + 1];
    expect(site?.ports).toEqual([expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1:.*:${port}$`))]);
    const published = own.filter(([, s]) => s.ports).map(([name]) => name);
    expect(published).toEqual(['site']);
  });

  it('keeps every job on disk and deletes none for want of memory', () => {
    const line = compose.services['redis']?.command.join(' ') ?? '';
    expect(line).toContain('--appendonly yes');
    expect(line).toContain('--maxmemory-policy noeviction');
  });

  it('holds no secret: each is asked for, and .env.example names it without a value', () => {
    const example = read('.env.example');
    const asked = [...read('compose.yaml').matchAll(/(?<!\$)\$\{(\w*PASSWORD)(.*?)\}/g)];
    expect(asked.length).toBeGreaterThanOrEqual(4);
    for (const [, name, otherwise] of asked) {
      expect(otherwise).toMatch(/^:\?/);
      expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
    }
    expect(read('.gitignore').split('\n')).toContain('.env');
  });

  it('builds targets that the Dockerfile has', () => {
    expect(read('compose.yaml')).toMatch(/\$\{SOURCELINK_IMAGE_TARGET:-default\}/);
    for (const target of ['default', 'with-browser']) expect(stage(target).length).toBeGreaterThan(5);
  });
});

describe('Dockerfile', () => {
  it.each(['default', 'with-browser'])(
    '%s ends as the user node, with a health check and an orderly stop',
    (target) => {
      expect(last('USER', target)).toBe('node');
      expect(last('STOPSIGNAL', target)).toBe('SIGTERM');
      expect(last('ENTRYPOINT', target)).toBe('["node", "dist/cli/main.js"]');
      expect(last('HEALTHCHECK', target)).toContain('"doctor", "--json"');
      expect(last('VOLUME', target)).toBe('/data');
    },
  );

  it('makes the image without a browser the default, and installs Chromium in the other alone', () => {
    expect(instructions.findLast((i) => i.name === 'FROM')?.rest).toBe('base AS default');
    const installs = (target: string) => stage(target).some((i) => i.name === 'RUN' && /\bchromium\b/.test(i.rest));
    expect([installs('default'), installs('with-browser')]).toEqual([false, true]);
  });

  it('stands on a pinned Node that this package allows, in every stage', () => {
    const image = instructions.find((i) => i.name === 'ARG')?.rest.replace('NODE_IMAGE=', '') ?? '';
    expect(image).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(Number(/\d+/.exec(image)?.[0])).toBeGreaterThanOrEqual(20);
    const names = ['build', 'packages', 'base', 'with-browser', 'default'];
    const stands = instructions.filter((i) => i.name === 'FROM').map((i) => below(i.rest));
    expect(stands.filter((s) => !/^\$\{NODE_IMAGE\}$/.test(s) && !names.includes(s))).toEqual([]);
  });

  it('builds once for all kinds of machines, and names none', () => {
    const build = instructions.find((i) => i.name === 'FROM' && i.rest.endsWith(' AS build'))?.rest;
    expect(build).toMatch(/^--platform=\$BUILDPLATFORM /);
    expect(read('Dockerfile')).not.toMatch(/\b(?:amd64|arm64|x86_64|aarch64)\b(?!,| \.$)/m);
  });

  it('ships what runs without what builds', () => {
    expect(stage('packages').some((i) => i.rest.startsWith('npm ci --omit=dev'))).toBe(true);
    expect(stage('default').some((i) => i.rest === '--from=packages /app/node_modules ./node_modules')).toBe(true);
  });

  it('copies nothing that .dockerignore keeps out', () => {
    const named = read('.dockerignore')
      .split('\n')
      .filter((l) => l.startsWith('!'))
      .map((l) => l.slice(1));
    const letIn = (path: string) => named.some((n) => path === n || path.startsWith(`${n}/`));
    const copied = instructions
      .filter((i) => i.name === 'COPY' && !i.rest.startsWith('--from'))
      .flatMap((i) => i.rest.split(/\s+/).slice(0, -1))
      .filter((p) => p !== '.');
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((p) => !letIn(p))).toEqual([]);
    const built = z.object({ include: z.array(z.string()) }).parse(JSON.parse(read('tsconfig.build.json'))).include;
    expect(built.filter((f) => existsSync(join(root, f)) && !letIn(f))).toEqual([]);
    const projects = [...(JSON.parse(read('package.json')).scripts.build as string).matchAll(/-p (\S+)/g)];
    expect(projects.filter(([, file = '']) => !letIn(file))).toEqual([]);
  });
});
