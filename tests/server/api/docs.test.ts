import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApiServer, TOKEN } from '../../setup/api.js';
import { publishArticle } from '../../setup/published.js';
import { which } from '../../setup/servers.js';

const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^curl .*$/gm)].map(([line]) => line);
const run = promisify(execFile);

describe.skipIf(which('curl') === null)('docs/api.md', () => {
  let api: OpenApi;
  let article = '';
  beforeAll(async () => {
    api = await openApiServer();
    const row = await publishArticle(api.desk.db, {
      publishedAt: new Date('2026-02-01T08:00:00Z'),
      categories: [{ path: 'world', label: 'World', confidence: 1, by: 'pin' }],
    });
    article = row.slug;
  }, 180_000);
  afterAll(async () => {
    await api?.close();
  });

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples)('%s does what the page says', async (line) => {
    const env = { PATH: process.env['PATH'], API: api.at, ARTICLE: article, TOKEN };
    const { stdout } = await run('sh', ['-c', `${line} -w '\n%{http_code}'`], { env });
    const [body = '', status] = stdout.trimEnd().split(/\n(?=\d+$)/);
    expect([status, body.slice(0, 200)]).toEqual(['200', expect.stringMatching(/^\{/)]);
    expect(JSON.parse(body)).not.toMatchObject({ articles: [] });
  });
});
