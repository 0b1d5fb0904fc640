import { brotliCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createHostGate } from '../../../crawlers/net/politeness.js';
import { clientFor, serve } from './loopback.js';

type Answer = { status: number; headers?: Record<string, string>; body: string };

const prose = '<p>The council voted on Tuesday to close the bridge for repairs that will last until spring.</p>'.repeat(
  20,
);
const titled = (title: string, rest: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body>${rest}</body></html>`;

/** What walls answer with, in our own words around the signs that they cannot do without. */
const WALLS: [name: string, wall: string, answer: Answer][] = [
  ['by header alone', 'Cloudflare', { status: 403, headers: { 'cf-mitigated': 'challenge' }, body: titled('x', '') }],
  ['by header, called a success', 'AWS WAF', { status: 202, headers: { 'x-amzn-waf-action': 'challenge' }, body: '' }],
  [
    'by header, as too many requests',
    'Vercel',
    { status: 429, headers: { 'x-vercel-mitigated': 'challenge' }, body: titled('x', '') },
  ],
  [
    'with status 403',
    'Cloudflare',
    { status: 403, body: titled('Just a moment...', '<script>window._cf_chl_opt={cvId:"3"}</script>') },
  ],
  [
    'with status 503',
    'Cloudflare',
    {
      status: 503,
      body: titled('Just a moment...', '<script>a.src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"</script>'),
    },
  ],
  ['with status 200', 'Cloudflare', { status: 200, body: titled('Un instant…', '<form id="challenge-form"></form>') }],
  [
    'with status 403',
    'DataDome',
    { status: 403, body: titled('herald.example', '<script src="https://ct.captcha-delivery.com/c.js"></script>') },
  ],
  [
    'with status 200',
    'DataDome',
    {
      status: 200,
      body: titled('herald.example', '<iframe src="https://geo.captcha-delivery.com/captcha/?cid=1"></iframe>'),
    },
  ],
  [
    'with status 403',
    'PerimeterX',
    { status: 403, body: titled('Access to this page has been denied', '<div id="px-captcha"></div>') },
  ],
  ['with status 429', 'Akamai', { status: 429, body: titled('', '<div id="sec-if-cpt-container"></div>') }],
  [
    'with status 403',
    'Akamai',
    { status: 403, body: titled('Access Denied', 'Reference #18.1 https://errors.edgesuite.net/18.1') },
  ],
  [
    'with status 200',
    'Akamai',
    { status: 200, body: titled('', '<meta http-equiv="refresh" content="5; URL=\'/?bm-verify=AAQ\'">') },
  ],
  [
    'with status 200',
    'Imperva',
    {
      status: 200,
      body: titled(
        '',
        '<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31">Request unsuccessful. Incapsula incident ID: 1</iframe>',
      ),
    },
  ],
  ['with status 200', 'AWS WAF', { status: 200, body: titled('', '<script>window.gokuProps = {}</script>') }],
  [
    'with status 429',
    'Kasada',
    { status: 429, body: titled('', '<script>window.KPSDK={}</script><script src="/1/2/ips.js"></script>') },
  ],
  [
    'with status 200',
    'Anubis',
    {
      status: 200,
      body: titled(
        'Making sure you are no bot',
        '<script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>',
      ),
    },
  ],
  [
    'with hCaptcha and status 200',
    'a test for robots',
    {
      status: 200,
      body: titled(
        'Are you a robot?',
        '<script src="https://js.hcaptcha.com/1/api.js"></script><div class="h-captcha"></div>',
      ),
    },
  ],
  [
    'with reCAPTCHA and status 503',
    'a test for robots',
    { status: 503, body: titled('herald.example', '<script src="https://www.google.com/recaptcha/api.js"></script>') },
  ],
  [
    'without a puzzle and status 403',
    'a test for robots',
    {
      status: 403,
      body: titled('Pardon Our Interruption', '<p>Something about your browser made us think you were a bot.'),
    },
  ],
];

/** What has some of the signs, and is none. */
const PAGES: [name: string, answer: Answer][] = [
  [
    'an article about walls',
    { status: 200, body: titled('Are you a robot? How captchas came to rule the web', prose) },
  ],
  [
    'a short report with such a title',
    {
      status: 200,
      body: titled('Just a moment: minister asks for patience', '<p>The minister asked for patience.</p>'),
    },
  ],
  [
    'an article that quotes the code of one',
    { status: 200, body: titled('What window._cf_chl_opt does', `${prose}<pre>window._cf_chl_opt = {}</pre>`) },
  ],
  [
    'an article behind a wall that let us in',
    {
      status: 200,
      body: titled(
        'Bridge closed',
        `${prose}<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><script src="https://js.datadome.co/tags.js"></script><script src="/_Incapsula_Resource?SWJIYLWA=7"></script>`,
      ),
    },
  ],
  [
    'an article with a puzzle at its comments',
    { status: 200, body: titled('Bridge closed', `${prose}<script src="https://js.hcaptcha.com/1/api.js"></script>`) },
  ],
  [
    'a short notice with a puzzle at its comments',
    {
      status: 200,
      body: titled('Bridge closed', '<p>Closed.</p><script src="https://www.google.com/recaptcha/api.js"></script>'),
    },
  ],
  ['an empty shell', { status: 200, body: titled('Herald', '<div id="root"></div><script src="/app.js"></script>') }],
];

const REFUSALS: [name: string, code: string, answer: Answer][] = [
  ['a plain 403', 'FETCH_FORBIDDEN', { status: 403, body: titled('403 Forbidden', '<h1>Forbidden</h1>') }],
  [
    'a 403 in the dress of the outlet, with a puzzle',
    'FETCH_FORBIDDEN',
    {
      status: 403,
      body: titled('For subscribers', `${prose}<script src="https://js.hcaptcha.com/1/api.js"></script>`),
    },
  ],
  ['a plain 503', 'FETCH_HTTP_5XX', { status: 503, body: titled('Down for maintenance', '<p>Back soon.') }],
  [
    'a 429 that is no page',
    'FETCH_RATE_LIMITED',
    { status: 429, headers: { 'content-type': 'application/json' }, body: '{"title":"just a moment"}' },
  ],
  [
    'a 403 whose compression is broken',
    'FETCH_FORBIDDEN',
    { status: 403, headers: { 'content-encoding': 'br' }, body: 'no brotli' },
  ],
  [
    'a 404 with a puzzle',
    'FETCH_NOT_FOUND',
    { status: 404, body: titled('Robot or human?', '<script src="https://js.hcaptcha.com/1/api.js"></script>') },
  ],
];

let answer: Answer & { bytes?: Buffer } = { status: 200, body: '' };
const site = await serve((q, a) => {
  if (q.url !== '/robots.txt')
    a.writeHead(answer.status, { 'content-type': 'text/html', ...answer.headers }).end(answer.bytes ?? answer.body);
});
// A 429 would pause the host for the tests that follow.
const client = clientFor([site.host], { gate: { ...createHostGate(), pause: async () => {} } });
afterAll(async () => {
  await client.close();
  await site.close();
});
const ask = (accept: 'page' | 'feed' = 'page') => client.fetch({ url: `${site.origin}/a`, accept });

describe('a wall against robots', () => {
  it.each(WALLS)('is not taken for the page: %s (%s)', async (_name, wall, given) => {
    answer = given;
    for (const accept of ['page', 'feed'] as const) {
      const refused = await ask(accept).catch((e) => e);
      expect(refused).toMatchObject({ code: 'FETCH_BLOCKED', retryable: true, retryAfterMs: 3_600_000 });
      expect(refused.message).toBe(
        `${site.origin}/a answered ${given.status} with a wall against robots (${wall}) instead of the page`,
      );
      expect(refused.hint).toContain('permission');
    }
  });

  it('is seen through compression', async () => {
    const body = titled('Just a moment...', '<form id="challenge-form"></form>');
    answer = { status: 403, headers: { 'content-encoding': 'br' }, body, bytes: brotliCompressSync(body) };
    await expect(ask()).rejects.toMatchObject({ code: 'FETCH_BLOCKED' });
  });

  it.each(PAGES)('is not %s', async (_name, given) => {
    answer = given;
    expect(new TextDecoder().decode((await ask()).bytes)).toBe(given.body);
  });

  it.each(REFUSALS)('is not %s, which stays %s', async (_name, code, given) => {
    answer = given;
    await expect(ask()).rejects.toMatchObject({ code });
  });
});
