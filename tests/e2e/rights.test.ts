import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourceEntry } from '../../config/sources.js';
import { ArticleMessage, type ContractArticle } from '../../contract/contract.js';
import { violations } from '../../ledger/invariant.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { prose } from '../setup/desk.js';
import { NAMED_LICENCES, RIGHTS_CASES, type RightsCase, TDMREP } from './rights-cases.js';

const TABLE = '../../docs/rights-cases.md';
const pathOf = (c: RightsCase, i: number) => `/${c.folder ?? 'news'}/report-${i}`;
const textOf = (i: number) =>
  prose(i + 1, 20)
    .split('\n')
    .map((p) => p.trim())
    .filter((p) => p !== '');

function pageOf(c: RightsCase, i: number): string {
  const ld = { '@context': 'https://schema.org', '@type': 'NewsArticle', headline: `Report number ${i}`, ...c.jsonLd };
  const paragraphs = textOf(i).map((p) => `<p>${p}</p>`);
  const picture = '<figure><img src="/inside.jpg" width="800" height="500"><figcaption>The quay</figcaption></figure>';
  return `<!doctype html><html lang="en"><head><title>Report number ${i}</title>${c.head ?? ''}
    <meta property="og:image" content="/lead.jpg"><meta property="og:image:width" content="1200">
    <script type="application/ld+json">${JSON.stringify(ld)}</script></head><body><main><article><h1>Report number ${i}</h1>
    ${paragraphs.slice(0, 2).join('')}${picture}${paragraphs.slice(2).join('')}</article>${c.foot ?? ''}</main></body></html>`;
}

/** An outlet on loopback with one page for each case and one feed for each operator level. */
async function startOutlet(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const { origin } = outletOf(server);
    const path = request.url ?? '/';
    const of = RIGHTS_CASES.findIndex((c, i) => pathOf(c, i) === path);
    const page = RIGHTS_CASES[of];
    if (page) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(pageOf(page, of));
    } else if (path === '/.well-known/tdmrep.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(TDMREP));
    } else if (/^\/(full|excerpt|link)\.xml$/.test(path)) {
      const items = RIGHTS_CASES.flatMap((c, i) =>
        `/${c.operator}.xml` === path
          ? [`<item><title>R ${i}</title><link>${origin}${pathOf(c, i)}</link></item>`]
          : [],
      );
      const feed = `<rss version="2.0"><channel><title>R</title>${items.join('')}</channel></rss>`;
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, ...outletOf(server) };
}

const outletOf = (server: Server) => ({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

describe('rights, from the page to the sinks', () => {
  let outlet: Awaited<ReturnType<typeof startOutlet>>;
  let backend: Backend;
  let pipeline: Pipeline;
  let sent: Map<string, ContractArticle>;

  beforeAll(async () => {
    outlet = await startOutlet();
    const { host } = new URL(outlet.origin);
    const sources = (['full', 'excerpt', 'link'] as const).map((republish) =>
      resolveSource(
        SourceEntry.parse({
          id: republish,
          name: `Outlet ${republish}`,
          url: `${outlet.origin}/`,
          feeds: [`${outlet.origin}/${republish}.xml`],
          republish,
          fullLicences: NAMED_LICENCES,
          delay: '0ms',
          render: 'never',
        }),
      ),
    );
    const opened = await BACKENDS[0]?.open();
    if (!opened) throw new Error('no backend');
    backend = opened;
    pipeline = await openPipeline({
      ...backend,
      sources,
      categories: [],
      browser: null,
      log: createLogger(process.env['SOURCELINK_LOG_LEVEL'] ?? 'silent'),
      settings: Settings.parse({ fetch: { allowHosts: [host] }, extract: { threads: 1, deadline: '60s' } }),
    });
    pipeline.work(QUEUE_NAMES);
    pipeline.watch(500);
    await runPass(pipeline.ctx, { sources: sources.map((s) => s.id), signal: AbortSignal.timeout(200_000) });
    const jobs = await pipeline.ctx.queues.articles.getJobs(['waiting', 'active', 'completed', 'delayed'], 0, 1000);
    const messages = jobs.map((j) => ArticleMessage.parse(j.data));
    sent = new Map(
      messages.flatMap((m) =>
        m.type === 'article.retracted' ? [] : [[new URL(m.article.canonicalUrl).pathname, m.article]],
      ),
    );
  }, 240_000);

  afterAll(async () => {
    await pipeline?.close();
    await backend?.drop();
    outlet?.server.close();
  });

  it.each(RIGHTS_CASES.map((c, i) => ({ ...c, i })))('$says, operator allows $operator: $level', ({ i, ...c }) => {
    const a = sent.get(pathOf(c, i));
    if (!a) throw new Error('it was not sent');
    expect(a.rights.level).toBe(c.level);
    expect(a.rights.reason).toMatch(c.reason);
    const pictures = c.level !== 'link' && !c.noImage;
    expect(a.image !== null).toBe(pictures);
    expect(a.html.includes('<img ')).toBe(c.level === 'full' && pictures);
    expect(a.html.includes('The quay')).toBe(c.level === 'full' && pictures);
    expect(a.noindex).toBe(c.level === 'full' || (c.noindex ?? false));
    expect(a.html).toMatch(/>Source link<\/a><\/p>$/);
    const last = textOf(i).at(-1) ?? '';
    expect([a.text?.includes(last) ?? false, a.html.includes(last)]).toEqual([c.level === 'full', c.level === 'full']);
    expect(a.excerpt === '').toBe(c.level === 'link');
    if (c.level === 'excerpt') expect(a.excerpt).toMatch(/[.!?]["”’]?$| …$/);
    if (c.level === 'link') expect(a.html.match(/<p>/g)).toHaveLength(1);
    if (c.atMost !== undefined) expect(a.excerpt.length).toBeLessThanOrEqual(c.atMost);
  });

  it('leave nothing behind', async () => {
    expect(await violations(pipeline.ctx.db, [...pipeline.ctx.sinks.keys()])).toEqual([]);
  });

  it('are those of the documented table', async () => {
    const rows = RIGHTS_CASES.map((c, i) => {
      const a = sent.get(pathOf(c, i));
      const carries = [
        { full: 'text', excerpt: `${a?.excerpt.length} characters`, link: 'title' }[a?.rights.level ?? 'link'],
        a?.image ? 'image' : null,
        a?.noindex ? 'noindex' : null,
      ];
      const reason = a?.rights.reason.replaceAll('|', '\\|');
      return `| ${i + 1} | ${c.says} | ${c.operator} | **${a?.rights.level}** | ${carries.filter(Boolean).join(', ')} | ${reason} |`;
    });
    const table = [
      '| | The page says | Operator | Published | Carries | Reason |',
      '|---|---|---|---|---|---|',
      ...rows,
    ].join('\n');
    process.stdout.write(`\n${table}\n\n`);
    await expect(`${INTRODUCTION}${table}\n`).toMatchFileSnapshot(TABLE);
  });
});

const INTRODUCTION = `# Rights, case by case

This table shows how much of a page is published, by what the page says and what the operator allows (\`republish:\`). In every case,
\`fullLicences\` names ${NAMED_LICENCES.join(', ')}. For each row, \`tests/e2e/rights.test.ts\` serves a page over HTTP, sends it
through the whole pipeline, and compares the result with this table. \`npx vitest run tests/e2e/rights.test.ts\` prints the table.

`;
