import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { type Ledger, openLedger } from '../../ledger/db/connect.js';
import { openQueues, type Queues } from '../../workers/queues.js';
import { BACKENDS, type Backend } from '../setup/backends.js';

const log = createLogger('silent');

for (const { name, available, open } of BACKENDS) {
  describe.skipIf(!available)(`queues on ${name}`, () => {
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

    it('brings each job to a worker once', async () => {
      const seen: number[] = [];
      queues.worker('extract', 4, async (data) => void seen.push(...(data as { ids: number[] }).ids));
      for (let i = 1; i <= 50; i++) await queues.add('extract', { ids: [i] });
      for (let i = 0; i < 100 && seen.length < 50; i++) await delay(50);
      expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    it('keeps one waiting job for each deduplication id', async () => {
      for (let i = 0; i < 5; i++) await queues.add('crawl', { source: 'a', discover: true }, { deduplicate: 'a' });
      await queues.add('crawl', { source: 'b', discover: true }, { deduplicate: 'b' });
      expect(await queues.stage('crawl').getWaitingCount()).toBe(2);
    });

    it('takes a job again under the same deduplication id once it was wiped', async () => {
      await queues.stage('crawl').obliterate({ force: true });
      await queues.add('crawl', { source: 'a', discover: true }, { deduplicate: 'a' });
      expect(await queues.stage('crawl').getWaitingCount()).toBe(1);
    });

    it('tries a failed job again', async () => {
      let tries = 0;
      queues.worker('dedupe', 1, async () => {
        if (++tries < 3) throw new Error('not yet');
      });
      await queues.add('dedupe', { ids: [1] });
      for (let i = 0; i < 100 && tries < 3; i++) await delay(50);
      expect(tries).toBe(3);
    });

    it('refuses the second of two articles with one id', async () => {
      await queues.articles.add('article.published', { n: 1 }, { jobId: 'a-1' });
      await queues.articles.add('article.published', { n: 2 }, { jobId: 'a-1' });
      expect((await queues.articles.getJobs(['waiting'])).map((j) => j.data)).toEqual([{ n: 1 }]);
    });
  });
}
