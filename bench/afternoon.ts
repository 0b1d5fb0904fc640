/**
 * The script that one would write in an afternoon, for `npm run bench pipeline` to compare with: Crawlee fetches feeds and
 * pages into jsdom, Readability reads them, a BullMQ worker drops what it has seen and hands the rest on to a queue. It
 * keeps no ledger, asks no robots.txt, files nothing and sanitises nothing.
 */
import { createHash } from 'node:crypto';
import { Readability } from '@mozilla/readability';
import { Queue, Worker } from 'bullmq';
import { Configuration, JSDOMCrawler, LogLevel, log, ProxyConfiguration } from 'crawlee';
import { Redis } from 'ioredis';
import type { Job, Result } from './pipeline-job.js';

export async function afternoon({ feeds, proxy, queueUrl }: Job): Promise<Result> {
  if (queueUrl === null) throw new Error('the afternoon script needs Redis');
  log.setLevel(LogLevel.OFF);
  const connection = { url: queueUrl, maxRetriesPerRequest: null };
  const found = new Queue('found', { connection });
  const articles = new Queue('articles', { connection });
  const seen = new Redis(queueUrl);
  let published = 0;
  const worker = new Worker(
    'found',
    async ({ data }) => {
      const hash = createHash('sha256').update(data.text).digest('hex');
      if ((await seen.set(`seen:${hash}`, '1', 'NX')) === null) return;
      await articles.add('article', { ...data, source: `Source: ${data.url}` });
      published++;
    },
    { connection, concurrency: 10 },
  );
  const crawler = new JSDOMCrawler(
    {
      proxyConfiguration: new ProxyConfiguration({ proxyUrls: [proxy] }),
      additionalMimeTypes: ['application/rss+xml', 'application/xml', 'text/xml'],
      async requestHandler({ request, window, body }) {
        if (request.label === 'FEED') {
          const links = [...String(body).matchAll(/<item>.*?<link>([^<]+)<\/link>/gs)].map((m) => m[1] ?? '');
          await crawler.addRequests(links.map((url) => ({ url: url.replaceAll('&amp;', '&') })));
          return;
        }
        const article = new Readability(window.document).parse();
        if (article?.textContent)
          await found.add('article', {
            url: request.url,
            title: article.title,
            text: article.textContent,
            html: article.content,
            author: article.byline,
            date: article.publishedTime,
          });
      },
    },
    new Configuration({ persistStorage: false }),
  );
  await crawler.run(feeds.map((url) => ({ url, label: 'FEED' })));
  for (;;) {
    const left = await found.getJobCounts('waiting', 'active');
    if (Object.values(left).every((n) => n === 0)) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  await Promise.all([worker.close(), found.close(), articles.close()]);
  seen.disconnect();
  return { articles: published };
}
