import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { sourcelink } from './cli/command-line.js';
import { which } from './setup/servers.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const units = readdirSync(join(root, 'examples/systemd')).filter((f) => f.endsWith('.service'));

/** The values of a unit file; a key may stand more than once. */
function settings(unit: string): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const line of read(`examples/systemd/${unit}`).split('\n')) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined) all.set(key, [...(all.get(key) ?? []), value ?? '']);
  }
  return all;
}

/** Every `sourcelink …` of a text has a command and options that exist. */
async function expectCommands(text: string): Promise<void> {
  const lines = [...text.matchAll(/(?<=^|[\s`])sourcelink ((?:[a-z]+|--?[\w-]+)(?: [^\n|>`;&]*)?)/gm)].map(
    (m) => m[1] ?? '',
  );
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    const { code, out } = await sourcelink([words[0] ?? '', '--help']);
    expect([line, code, words.filter((w) => w.startsWith('--') && !out.includes(w))]).toEqual([line, 0, []]);
  }
}

describe('examples/systemd', () => {
  it('has a unit for everything at once, one for the scheduler and a template for workers', () => {
    expect(units.sort()).toEqual(['sourcelink-scheduler.service', 'sourcelink-worker@.service', 'sourcelink.service']);
  });

  it.each(units)('%s has no root, no rights to gain, and no disk but its own folder', (unit) => {
    const set = settings(unit);
    expect(set.get('User')).toEqual(['sourcelink']);
    for (const key of [
      'NoNewPrivileges',
      'PrivateTmp',
      'PrivateDevices',
      'ProtectHome',
      'ProtectKernelTunables',
      'RestrictSUIDSGID',
    ])
      expect([key, set.get(key)]).toEqual([key, ['yes']]);
    expect(set.get('ProtectSystem')).toEqual(['strict']);
    expect(set.get('StateDirectory')).toEqual(['sourcelink']);
    expect(set.get('CapabilityBoundingSet')).toEqual(['']);
    expect(set.has('MemoryDenyWriteExecute')).toBe(false);
    expect(set.has('IPAddressDeny')).toBe(false);
  });

  it.each(units)(
    '%s gives work under way the time that compose.yaml gives, and does not start again what is configured wrongly',
    (unit) => {
      const grace = z.object({ 'x-sourcelink': z.looseObject({ stop_grace_period: z.string() }) });
      const compose = grace.parse(parse(read('compose.yaml'), { merge: true }))['x-sourcelink'].stop_grace_period;
      expect(`${settings(unit).get('TimeoutStopSec')}s`).toBe(compose);
      expect(settings(unit).get('RestartPreventExitStatus')).toEqual(['2']);
    },
  );

  it.each(units)('%s starts a command that exists', async (unit) => {
    await expectCommands(
      (settings(unit).get('ExecStart') ?? []).join('\n').replaceAll(/\$WORKER_OPTIONS/g, '--metrics-port 1'),
    );
  });

  it.skipIf(which('systemd-analyze') === null).each(units)(
    '%s is understood by systemd, which calls its exposure OK',
    (unit) => {
      const file = join(root, 'examples/systemd', unit);
      const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
      expect([verified.status, verified.stderr]).toEqual([0, '']);
      const looked = spawnSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
      expect(Number(/Overall exposure level for .*: ([\d.]+)/.exec(looked.stdout)?.[1])).toBeLessThan(5);
    },
  );
});

describe('examples/cron/sourcelink', () => {
  const table = read('examples/cron/sourcelink');
  const jobs = table.split('\n').filter((l) => /^[*\d]/.test(l));

  it('runs commands that exist', () => expectCommands(table.replaceAll(/^#.*$/gm, '')));

  it('has five times, a user and a command on each line, and escapes each %', () => {
    expect(jobs.length).toBe(4);
    for (const job of jobs) {
      expect(job).toMatch(/^(?:[\d*/,-]+\s+){5}sourcelink\s+\S/);
      expect(job).not.toMatch(/(?<!\\)%/);
    }
  });

  it('keeps everything that opens the ledger behind one lock', () => {
    const opening = jobs.filter((j) => /sourcelink (?:run|backup|doctor)/.test(j));
    expect(opening.length).toBe(3);
    expect(opening.filter((j) => !/flock .*\/var\/lib\/sourcelink\/run\.lock/.test(j))).toEqual([]);
  });

  it.skipIf(which('flock') === null)('leaves a run out, without an error, while another goes on', () => {
    const skipped = jobs.find((j) => j.includes('sourcelink run')) ?? '';
    const flags = /flock (.*?) \S*run\.lock/.exec(skipped)?.[1]?.split(' ') ?? [];
    const inner = ['flock', ...flags, '/dev/shm/sourcelink-cron-test.lock', 'echo', 'ran'].join(' ');
    const outer = ['/dev/shm/sourcelink-cron-test.lock', 'sh', '-c', `${inner}; echo "status $?"`];
    expect(execFileSync('flock', outer, { encoding: 'utf8' })).toBe('status 0\n');
  });
});
