import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArticleMessage } from '../../../../contract/contract.js';
import { createFolderSink } from '../../../../workers/publish/sinks/folder.js';
import { outgoing, retraction } from '../../../setup/outgoing.js';

describe('folder sink', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sourcelink-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const sink = (format: 'message' | 'ninjs' = 'message') => createFolderSink('export', { folder, format });
  const lines = (file = '2026-03-01.jsonl') =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((l) => JSON.parse(l));

  it('appends each message as a line to the file of its day', async () => {
    const one = outgoing();
    expect(await sink().deliver([one, outgoing(), retraction(one.message.id, 2)])).toEqual([null, null, null]);
    expect(readdirSync(folder).sort()).toEqual(['2026-03-01.jsonl', '2026-03-02.jsonl']);
    expect(ArticleMessage.parse(lines()[0])).toEqual(one.message);
    expect(lines('2026-03-02.jsonl')).toMatchObject([{ type: 'article.retracted', id: one.message.id, revision: 2 }]);
  });

  it.each(['message', 'ninjs'] as const)('adds nothing when a delivery comes again, as %s', async (format) => {
    const one = outgoing();
    const kept = sink(format);
    await kept.deliver([one]);
    await kept.deliver([one, outgoing({ id: one.message.id, revision: 1 })]);
    await sink(format).deliver([one, outgoing({ id: one.message.id, revision: 1 })]);
    expect(lines()).toHaveLength(2);
  });

  it('takes away a line that a crash cut short, and writes it anew', async () => {
    const [one, two] = [outgoing(), outgoing()];
    await sink().deliver([one]);
    appendFileSync(join(folder, '2026-03-01.jsonl'), JSON.stringify(two.message).slice(0, 300));
    await sink().deliver([two]);
    expect(lines().map((l) => l.id)).toEqual([one.message.id, two.message.id]);
  });

  it('leaves lines of somebody else alone', async () => {
    appendFileSync(join(folder, '2026-03-01.jsonl'), 'no JSON\n{"a":1}\n');
    await sink().deliver([outgoing()]);
    expect(readFileSync(join(folder, '2026-03-01.jsonl'), 'utf8').split('\n')).toHaveLength(4);
  });

  it('holds each message once, whole, after ten kills in the middle of writing', async () => {
    const batch = Array.from({ length: 400 }, () => outgoing({ text: 'word '.repeat(2000) }));
    const script = `
      import { readFileSync } from 'node:fs';
      import { createFolderSink } from ${JSON.stringify(join(process.cwd(), 'dist/workers/publish/sinks/folder.js'))};
      const sink = createFolderSink('export', { folder: ${JSON.stringify(folder)}, format: 'message' });
      const batch = JSON.parse(readFileSync(0, 'utf8'));
      process.stdout.write('ready');
      for (const one of batch) await sink.deliver([one]);`;
    for (let i = 0; i < 10; i++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end(JSON.stringify(batch));
      await new Promise((done) => child.stdout.once('data', done));
      const gone = new Promise((done) => child.once('exit', done));
      setTimeout(() => child.kill('SIGKILL'), 3 * i);
      await gone;
    }
    await sink().deliver(batch);
    expect(
      lines()
        .map((l) => `${l.id}-${l.revision}`)
        .sort(),
    ).toEqual(batch.map((b) => b.key).sort());
  }, 120_000);
});
