import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const files = readdirSync(join(root, '.github/workflows')).map((f) => join('.github/workflows', f));

const Permissions = z.record(z.string(), z.enum(['read', 'write']));
const Job = z.looseObject({
  'timeout-minutes': z.int(),
  permissions: Permissions.optional(),
  strategy: z.looseObject({ matrix: z.record(z.string(), z.unknown()) }).optional(),
  steps: z.array(z.looseObject({ uses: z.string().optional(), run: z.string().optional() })),
});
const Workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: Permissions,
  jobs: z.record(z.string(), Job),
});
const workflow = (file: string) => Workflow.parse(parse(read(file)));
const runs = (file: string) => Object.values(workflow(file).jobs).flatMap((j) => j.steps.flatMap((s) => s.run ?? []));

describe.each(files)('%s', (file) => {
  it('takes each action by its commit, with the version beside it', () => {
    const used = read(file).match(/^.*\buses: .*$/gm) ?? [];
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((l) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(l))).toEqual([]);
  });

  it('may only read, but where a job says what it writes; no job runs for ever', () => {
    const { permissions, jobs } = workflow(file);
    expect(permissions).toEqual({ contents: 'read' });
    expect(Object.values(jobs).filter((j) => j['timeout-minutes'] > 90)).toEqual([]);
  });

  it('runs scripts that package.json has, and puts nothing that a stranger wrote into a shell', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const called = runs(file).flatMap((r) => [...r.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map((m) => m[1] ?? ''));
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
    expect(runs(file).filter((r) => /\$\{\{/.test(r))).toEqual([]);
  });
});

describe('.github/workflows/ci.yml', () => {
  it('tests on the oldest Node that this package allows, and on newer lines', () => {
    const node = workflow('.github/workflows/ci.yml').jobs['test']?.strategy?.matrix['node'];
    const oldest = JSON.parse(read('package.json')).engines.node.replace('>=', '');
    expect(node).toEqual([oldest, '22', '24']);
  });

  it('runs each part of .ci/run, and leaves none out', () => {
    const { jobs } = workflow('.github/workflows/ci.yml');
    const parts = /usage: \.ci\/run \[([^\]]+)\]/.exec(read('.ci/run'))?.[1]?.split('|');
    expect(['check', ...((jobs['test']?.strategy?.matrix['part'] as string[] | undefined) ?? [])]).toEqual(parts);
    expect(jobs['check']?.steps.map((s) => s.run)).toContain('.ci/run check');
    expect(jobs['test']?.steps.map((s) => s.run)).toContain('.ci/run "$PART"');
  });

  it('has every test file in a part', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const config = read('vitest.config.ts');
    for (const part of ['unit', 'ledger', 'browser', 'e2e', 'long'])
      expect(scripts[`test:${part}`]).toBe(`vitest run --project ${part}`);
    // `unit` takes what no other project names.
    expect(config).toContain("name: 'unit', include: ['tests/**/*.test.ts'], exclude: Object.values(NEEDS).flat()");
  });
});

describe('.github/workflows/release.yml', () => {
  const { on, jobs } = workflow('.github/workflows/release.yml');

  it('begins with a tag alone, and publishes nothing before everything was checked', () => {
    expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+*'] } });
    expect(jobs['check']?.steps.map((s) => s.run)).toContain('.ci/run');
    const publishing = Object.entries(jobs).filter(([name]) => name !== 'check');
    expect(publishing.map(([name, j]) => [name, j['needs']])).toEqual([
      ['package', 'check'],
      ['image', 'check'],
    ]);
  });

  it('publishes with provenance, from a place that is named as the origin', () => {
    expect(jobs['package']?.permissions?.['id-token']).toBe('write');
    const lines = runs('.github/workflows/release.yml');
    expect(lines.findIndex((l) => l.startsWith('npm pkg set repository'))).toBeGreaterThan(-1);
    expect(lines.findIndex((l) => l.startsWith('npm pkg set repository'))).toBeLessThan(lines.indexOf('npm pack'));
    expect(lines.find((l) => l.startsWith('npm publish'))).toContain('--provenance');
    expect(JSON.parse(read('package.json'))).not.toHaveProperty('private');
  });

  it('builds images for two kinds of machines, with provenance and a bill of materials', () => {
    const built = jobs['image']?.steps.find((s) => s.uses?.startsWith('docker/build-push-action@'));
    expect(built?.['with']).toMatchObject({ platforms: 'linux/amd64,linux/arm64', provenance: 'mode=max', sbom: true });
  });
});
