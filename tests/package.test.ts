import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkout } from '../supply/checkout.js';
import { readLockfile } from '../supply/lockfile.js';

const { root, read } = checkout();
const Packed = z.tuple([
  z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }),
]);

type Ended = { code: number; out: string; err: string };

/**
 * The package as `npm install` lays it out in an empty folder: unpacked, beside the packages that it depends on and no others. They
 * are linked from the checkout, so that no network is needed; those that only build or test are not there.
 */
describe('the npm package', () => {
  let folder = '';
  let packed: z.infer<typeof Packed>[0];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sourcelink-package-'));
    const how = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    [packed] = Packed.parse(JSON.parse(execFileSync('npm', how, { cwd: root, encoding: 'utf8' })));
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', modules]);
    execFileSync('mv', [join(modules, 'package'), join(modules, 'sourcelink')]);
    symlinkSync('../sourcelink/dist/cli/main.js', join(modules, '.bin/sourcelink'));
    for (const { name } of readLockfile(read('package-lock.json')).filter((p) => p.production)) {
      const [from, to] = [join(root, 'node_modules', name), join(modules, name)];
      if (!existsSync(from) || existsSync(to)) continue;
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(from, to);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const installed = (...argv: string[]): Promise<Ended> =>
    new Promise((done) => {
      // No PATH: what it needs is in the package, and there is no browser.
      const env = { PATH: '', HOME: folder };
      const bin = join(folder, 'node_modules/.bin/sourcelink');
      const child = execFile(
        process.execPath,
        [bin, ...argv],
        { cwd: folder, env, maxBuffer: 2 ** 26 },
        (_e, out, err) => done({ code: child.exitCode ?? -1, out, err }),
      );
    });

  it('holds what runs and what explains it, and nothing that only builds or tests', () => {
    const paths = packed.files.map((f) => f.path);
    for (const path of [
      'dist/cli/main.js',
      'dist/contract/contract.d.ts',
      'config/sources.yaml',
      'docs/contract.schema.json',
    ])
      expect(paths).toContain(path);
    for (const path of [
      'README.md',
      'CHANGELOG.md',
      'SECURITY.md',
      'LICENSE',
      'docs/quick-start.md',
      'docs/licences.md',
    ])
      expect(paths).toContain(path);
    const wrong =
      /^(?:tests|bench|supply|dist-tools|node_modules)\/|\.tsbuildinfo$|\.map$|\.test\.|(?:^|\/)\.env|^(?!examples\/).*(?<!\.d)\.tsx?$/;
    expect(paths.filter((p) => wrong.test(p))).toEqual([]);
    expect(packed.size).toBeLessThan(4 * 1024 ** 2);
  });

  it('says its version', async () => {
    expect(await installed('--version')).toEqual({
      code: 0,
      out: `${JSON.parse(read('package.json')).version}\n`,
      err: '',
    });
  });

  it('writes a configuration that it then reads', async () => {
    expect((await installed('init')).code).toBe(0);
    expect(existsSync(join(folder, 'config/sources.yaml'))).toBe(true);
    const { code, out } = await installed('sources', 'list', '--json');
    expect([code, JSON.parse(out).sources?.length > 0 || out]).toEqual([0, true]);
  });

  it('gives consumers the contract: schema, checks and types', () => {
    const schema = JSON.parse(readFileSync(join(folder, 'node_modules/sourcelink/docs/contract.schema.json'), 'utf8'));
    expect(schema).toEqual(JSON.parse(read('docs/contract.schema.json')));
    writeFileSync(
      join(folder, 'consumer.mts'),
      `import { ArticleMessage, CONTRACT_VERSION } from 'sourcelink/contract';
const version: 1 = CONTRACT_VERSION;
const message: ArticleMessage = ArticleMessage.parse(JSON.parse(process.argv[2] ?? '{}'));
if (message.type !== 'article.retracted') console.log(version, message.article.html satisfies string);
`,
    );
    const how = [
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--strict',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules/@types'),
    ];
    execFileSync(join(root, 'node_modules/.bin/tsc'), [...how, 'consumer.mts'], { cwd: folder, encoding: 'utf8' });
    expect(() =>
      execFileSync(process.execPath, ['consumer.mjs', '{"type":"x"}'], { cwd: folder, stdio: 'pipe' }),
    ).toThrow(/invalid_union|ZodError/);
  });

  it('shows the demo with no checkout and no network: every outlet, copies folded, the correction, no rule broken', async () => {
    const { code, out } = await installed('demo', '--once', '--json');
    expect(code).toBe(0);
    const { first, second, sample, feed, trespasses, violations, articles } = JSON.parse(out);
    expect({ trespasses, violations }).toEqual({ trespasses: [], violations: [] });
    // Without a browser the outlet that scripts write stays out.
    for (const [id, s] of Object.entries<{ published: number }>(first.bySource))
      if (id !== 'signalworks') expect([id, s.published > 0]).toEqual([id, true]);
    expect(first.duplicates).toBeGreaterThan(0);
    expect(first.waiting).toBe(0);
    expect(second).toMatchObject({ published: 0, updated: 1 });
    expect(sample).toMatchObject({ type: 'article.updated', revision: 2 });
    expect(articles.every((a: { standing: string }) => a.standing !== 'waiting')).toBe(true);
    expect(existsSync(feed)).toBe(false);
  }, 240_000);
});
