import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../config/logger.js';
import { type Ledger, openLedger } from '../ledger/db/connect.js';
import { checkout } from '../supply/checkout.js';
import { createQueueSink } from '../workers/publish/sinks/queue.js';
import { openQueues, type Queues } from '../workers/queues.js';
import { BACKENDS, type Backend } from './setup/backends.js';
import { outgoing, retraction } from './setup/outgoing.js';

const { root } = checkout();
const log = createLogger('silent');
const ID = '0b4f1de2-6a1c-4e0e-9d3b-0c9f8f6f2a11';

/** As somebody runs it who has read the first lines of the file. */
function consume(env: NodeJS.ProcessEnv): Promise<{ code: number | null; out: string; err: string }> {
  const how = ['run', '--silent', 'example:consume', '--', '--exit-when-idle', '2'];
  return new Promise((done) => {
    const child = execFile(
      'npm',
      how,
      { cwd: root, env: { PATH: process.env['PATH'], HOME: root, ...env } },
      (_e, out, err) => done({ code: child.exitCode, out, err }),
    );
  });
}

// PGlite has one process alone; a consumer beside it reads the feed or a webhook.
for (const { name, available, open } of BACKENDS.filter((b) => b.name !== 'PGlite')) {
  describe.skipIf(!available)(`examples/consume-queue.ts on ${name}`, () => {
    let backend: Backend;
    let ledger: Ledger;
    let queues: Queues;
    beforeAll(async () => {
      backend = await open();
      ledger = await openLedger({ ...backend, log });
      queues = await openQueues({ queueUrl: backend.queueUrl, ledger, log });
    });
    afterAll(async () => {
      await queues.close();
      await ledger.close();
      await backend.drop();
    });

    it('takes each message once, says what it is, and ends when none comes', async () => {
      const first = outgoing({ id: ID, title: 'Harbour reopens' });
      await createQueueSink('articles', queues.articles).deliver([first, first, retraction(ID, 2)]);
      const { code, out, err } = await consume({
        SOURCELINK_QUEUE_URL: backend.queueUrl ?? backend.databaseUrl ?? '',
      });
      expect([code, err]).toEqual([0, '2 messages\n']);
      expect(out.split('\n').sort()).toEqual([
        '',
        expect.stringMatching(`^article.published ${ID} r1 Harbour reopens <https?:`),
        expect.stringMatching(`^article.retracted ${ID} r2 +<https?:`),
      ]);
      expect(await queues.articles.getJobCounts('waiting', 'active', 'failed')).toEqual({
        waiting: 0,
        active: 0,
        failed: 0,
      });
    });
  });
}

describe('examples/consume-queue.ts', () => {
  it('says what is missing when no queue is named', async () => {
    const { code, err } = await consume({});
    expect([code, err]).toEqual([2, expect.stringContaining('SOURCELINK_QUEUE_URL')]);
  });
});
