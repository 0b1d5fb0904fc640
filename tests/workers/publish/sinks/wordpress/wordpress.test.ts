import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flattenCategories } from '../../../../../config/categories.js';
import { createLogger } from '../../../../../config/logger.js';
import { WordPressSink } from '../../../../../config/sinks.js';
import type { ContractArticle } from '../../../../../contract/contract.js';
import type { Client } from '../../../../../crawlers/net/client.js';
import { drawPicture } from '../../../../../demo/picture.js';
import { createSinkHttp, type SinkHttp } from '../../../../../workers/publish/sinks/http.js';
import { createWordPressSink } from '../../../../../workers/publish/sinks/wordpress/wordpress.js';
import type { Outgoing } from '../../../../../workers/sink.js';
import { clientFor, type Site, serve } from '../../../../crawlers/net/loopback.js';
import { outgoing, retraction } from '../../../../setup/outgoing.js';
import { hasWordPress, startWordPress, type WordPress } from '../../../../setup/wordpress.js';

const TREE = flattenCategories([
  {
    id: 'news',
    label: 'News & Views',
    children: [
      { id: 'harbours', label: 'Harbours' },
      { id: 'economy', label: 'Economy' },
    ],
  },
  { id: 'region', label: 'Region', children: [{ id: 'economy', label: 'Economy' }] },
]);
const category = (path: string) => {
  const label = TREE.find((node) => node.path === path)?.label ?? path;
  return { path, label, confidence: 1, by: 'pin' as const };
};

type PostState = {
  id: number;
  status: string;
  slug: string;
  title: string;
  content: string;
  excerpt: string;
  date: string;
  revision: string;
  image: string | null;
  categories: string[];
  tags: string[];
};

describe.skipIf(!hasWordPress())('WordPress sink, on a real WordPress', () => {
  let wp: WordPress;
  let pictures: Site;
  let client: Client;
  const warnings: string[] = [];

  beforeAll(async () => {
    const started = await startWordPress();
    if (!started) throw new Error('WordPress did not start');
    wp = started;
    pictures = await serve((request, response) => {
      const [, kind = '', seed = ''] = (request.url ?? '').split('/');
      if (kind === 'png') response.writeHead(200, { 'content-type': 'image/png' }).end(drawPicture(seed));
      else if (kind === 'broken') response.writeHead(200).end(Buffer.concat([drawPicture(seed).subarray(0, 20)]));
      else if (kind === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>No');
      else if (kind === 'huge')
        response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(2_000_000, 1));
      else if (request.url !== '/robots.txt') response.writeHead(404).end();
    });
    client = clientFor([pictures.host]);
  }, 120_000);
  afterEach(() => void warnings.splice(0));
  afterAll(async () => {
    await client?.close();
    await pictures?.close();
    await wp?.stop();
  });

  type More = Partial<WordPressSink> & { wrap?: (http: SinkHttp) => SinkHttp };
  function sink({ wrap = (http) => http, ...more }: More = {}) {
    const settings = WordPressSink.parse({
      type: 'wordpress',
      url: wp.url,
      user: wp.user,
      applicationPassword: wp.applicationPassword,
      allowPrivateAddress: true,
      imageMaxBytes: '1MB',
    });
    const merged = { ...settings, ...more };
    const http = createSinkHttp({
      ...merged,
      timeoutMs: merged.timeout,
      userAgent: 'Sourcelink-test/1.0',
      now: Date.now,
    });
    const log = createLogger('silent');
    log.warn = ((_: object, text: string) => void warnings.push(text)) as typeof log.warn;
    return createWordPressSink('blog', { ...merged, tree: TREE, http: wrap(http), client, log });
  }

  const article = (
    row: Parameters<typeof outgoing>[0] = {},
    more: Partial<ContractArticle> = {},
    picture: string | null = null,
  ): Outgoing =>
    outgoing(
      { image: picture === null ? null : imageOf(picture), ...row },
      { categories: [category('news/harbours')], ...more },
    );
  const imageOf = (path: string) => ({
    url: `${pictures.origin}/${path}`,
    alt: 'The harbour at dawn',
    credit: 'Pia Lens/Herald',
    width: null,
    height: null,
  });

  /** What WordPress itself holds for an article, the trash included. */
  async function posts(id: string): Promise<PostState[]> {
    const out = await wp.php(
      `$found = get_posts(['post_type' => 'post', 'post_status' => SOURCELINK_STATUSES, 'meta_key' => 'sourcelink_id', 'meta_value' => '${id}', 'posts_per_page' => -1]);
       echo json_encode(array_map(fn($p) => ['id' => $p->ID, 'status' => $p->post_status, 'slug' => $p->post_name, 'title' => $p->post_title, 'content' => $p->post_content, 'excerpt' => $p->post_excerpt,
         'date' => $p->post_date_gmt, 'revision' => get_post_meta($p->ID, 'sourcelink_revision', true), 'image' => get_post_meta(get_post_thumbnail_id($p), 'sourcelink_image', true) ?: null,
         'categories' => array_map(fn($c) => trim(get_category_parents($c->term_id, false, ' > '), ' >'), get_the_category($p->ID)), 'tags' => wp_get_post_tags($p->ID, ['fields' => 'names'])], $found));`,
    );
    return JSON.parse(out);
  }
  const media = async (id: string): Promise<{ url: string; caption: string; alt: string }[]> =>
    JSON.parse(
      await wp.php(
        `$found = get_posts(['post_type' => 'attachment', 'post_status' => 'any', 'meta_key' => 'sourcelink_id', 'meta_value' => '${id}', 'posts_per_page' => -1]);
         echo json_encode(array_map(fn($p) => ['url' => get_post_meta($p->ID, 'sourcelink_image', true), 'caption' => $p->post_excerpt, 'alt' => get_post_meta($p->ID, '_wp_attachment_image_alt', true)], $found));`,
      ),
    );
  async function only(id: string): Promise<PostState> {
    const found = await posts(id);
    expect(found).toHaveLength(1);
    return found[0] as PostState;
  }
  // Not by fetch, which is undici's here and ends the process when PHP's server hangs up on a body that nobody reads.
  async function read(url: string): Promise<{ status: number | undefined; text: string }> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on('error', reject));
    const body = await text(answer);
    const { location } = answer.headers;
    return location === undefined ? { status: answer.statusCode, text: body } : read(new URL(location, url).href);
  }
  const pageOf = async (postId: number) => (await read(`${wp.url}?p=${postId}`)).text;

  it('publishes an article with everything that readers and search engines need', async () => {
    const one = article(
      {
        title: 'Harbour reopens',
        rights: { level: 'full', reason: 'agreed', signals: [] },
        tags: ['Harbour', 'harbour', 'Hafen Nord'],
      },
      {},
      'png/one',
    );
    expect(await sink().deliver([one])).toEqual([null]);
    expect(warnings).toEqual([]);
    const post = await only(one.message.id);
    expect(post).toMatchObject({
      status: 'publish',
      slug: `a-${one.message.id.slice(0, 8)}`,
      title: 'Harbour reopens',
      excerpt: 'The harbour of Port Verity reopened on Sunday.',
      date: '2026-03-01 08:00:00',
      revision: '1',
      image: `${pictures.origin}/png/one`,
      categories: ['News &amp; Views > Harbours'],
      tags: ['Hafen Nord', 'harbour'],
    });
    expect(await media(one.message.id)).toEqual([
      { url: `${pictures.origin}/png/one`, caption: 'Pia Lens/Herald', alt: 'The harbour at dawn' },
    ]);
    const page = await pageOf(post.id);
    expect(page).toContain('<link rel="canonical" href="https://herald.example/a" />');
    expect(page).toMatch(/<meta name='robots' content='[^']*noindex/);
    expect(page).toContain('<a href="https://herald.example/a" rel="noopener external">Source link</a>');
    expect(page).toMatch(/post-author__name">Ada Byline, The Herald</);
    expect((await read(`${wp.url}wp-sitemap-posts-post-1.xml`)).text).not.toContain(post.slug);
  });

  it('changes nothing when a delivery comes again', async () => {
    const one = article({}, {}, 'png/again');
    const blog = sink();
    await blog.deliver([one]);
    const before = await only(one.message.id);
    expect(await blog.deliver([one])).toEqual([null]);
    expect(await sink().deliver([one])).toEqual([null]);
    expect(await only(one.message.id)).toEqual(before);
    expect(await media(one.message.id)).toHaveLength(1);
  });

  it('makes one post when the same delivery comes from four sides at once', async () => {
    const one = article({}, {}, 'png/race');
    const results = await Promise.all([sink(), sink(), sink(), sink()].map((s) => s.deliver([one])));
    const late = results.flat().filter((r) => r !== null);
    for (const error of late) expect(error).toMatchObject({ code: 'SINK_FAILED' });
    expect(await sink().deliver([one])).toEqual([null]);
    expect(await only(one.message.id)).toMatchObject({ status: 'publish', revision: '1' });
  });

  // Each request of a delivery in turn is lost: before it reached the site, or when its answer was on the way back.
  it.each(['request', 'answer'] as const)(
    'goes on where it stopped, whichever %s was lost',
    async (lost) => {
      let last = 0;
      for (let at = 1; last === 0; at++) {
        let count = 0;
        const failing = (http: SinkHttp): SinkHttp => ({
          ...http,
          async send(request) {
            const hit = ++count === at;
            if (hit && lost === 'request') throw new Error('the process died');
            const answer = await http.send(request);
            if (hit) throw new Error('the process died');
            return answer;
          },
        });
        const one = article(
          { tags: [`tag-${lost}-${at}`] },
          { categories: [category('region/economy')] },
          `png/lost-${lost}-${at}`,
        );
        const results = await sink({ wrap: failing })
          .deliver([one])
          .catch((error) => [error]);
        if (count < at) last = at;
        else expect(results[0]).toBeInstanceOf(Error);
        expect(await sink().deliver([one])).toEqual([null]);
        expect(await only(one.message.id)).toMatchObject({
          status: 'publish',
          revision: '1',
          categories: ['Region > Economy'],
        });
        expect(await media(one.message.id)).toHaveLength(1);
      }
      expect(last).toBeGreaterThan(5);
    },
    180_000,
  );

  it('updates the same post in place, and leaves alone what an editor decided', async () => {
    const first = article({ title: 'First' }, {}, 'png/first');
    await sink().deliver([first]);
    const { id } = first.message;
    const before = await only(id);
    await wp.php(`wp_update_post(['ID' => ${before.id}, 'post_status' => 'private', 'post_name' => 'editors-own']);`);
    const second = article(
      { id, revision: 1, title: 'Second', authors: [] },
      { categories: [category('news/economy')] },
      'png/second',
    );
    expect(await sink().deliver([second])).toEqual([null]);
    expect(await sink().deliver([first])).toEqual([null]);
    expect(await only(id)).toMatchObject({
      id: before.id,
      title: 'Second',
      status: 'private',
      slug: 'editors-own',
      revision: '2',
      image: `${pictures.origin}/png/second`,
      categories: ['News &amp; Views > Economy'],
    });
    expect((await media(id)).map((m) => m.url)).toEqual([`${pictures.origin}/png/second`]);
    const third = article({ id, revision: 2, title: 'Third', rights: { level: 'link', reason: 'asked', signals: [] } });
    await sink().deliver([third]);
    expect(await only(id)).toMatchObject({ image: null, excerpt: '', revision: '3' });
    expect(await media(id)).toEqual([]);
  });

  it('keeps a site of its own: an update in the trash stays in the trash', async () => {
    const first = article();
    await sink().deliver([first]);
    const { id } = first.message;
    await wp.php(`wp_trash_post(${(await only(id)).id});`);
    expect(await sink().deliver([article({ id, revision: 1, title: 'Later' })])).toEqual([null]);
    expect(await only(id)).toMatchObject({ status: 'trash', title: 'Later', revision: '2' });
  });

  it.each([
    ['trash', ['trash']],
    ['delete', []],
  ] as const)('takes a retracted article out (%s), its image too', async (retracted, left) => {
    const one = article({}, {}, `png/gone-${retracted}`);
    const blog = sink({ retracted });
    await blog.deliver([one]);
    const { id } = await only(one.message.id);
    const file = await wp.php(`echo wp_get_attachment_url(get_post_thumbnail_id(${id}));`);
    expect((await read(file)).status).toBe(200);
    const gone = retraction(one.message.id, 2);
    expect(await blog.deliver([gone])).toEqual([null]);
    expect(await blog.deliver([gone])).toEqual([null]);
    expect((await posts(one.message.id)).map((p) => p.status)).toEqual(left);
    expect(await media(one.message.id)).toEqual([]);
    expect(existsSync(file)).toBe(false);
    expect((await read(`${wp.url}?p=${id}`)).status).toBe(404);
    expect(await blog.deliver([retraction(randomUUID(), 2)])).toEqual([null]);
  });

  it('shows text as text: no shortcode runs, nothing is embedded, no markup comes from a headline', async () => {
    const html =
      '<p>Use [gallery] or [caption]x[/caption].</p><p>https://www.youtube.com/watch?v=abcdefghijk</p><p><a href="https://herald.example/[x]">Ours</a></p>';
    const one = article({
      title: 'Profit < loss & [gallery] <script>alert(1)</script>',
      rights: { level: 'full', reason: 'agreed', signals: [] },
      html,
    });
    await sink().deliver([one]);
    const post = await only(one.message.id);
    const rendered = await wp.php(`echo apply_filters('the_content', get_post(${post.id})->post_content);`);
    expect(rendered.replaceAll('&#91;', '[').replaceAll('&#93;', ']')).toContain(
      'Use [gallery] or [caption]x[/caption].',
    );
    expect(rendered).not.toMatch(/<iframe|wp-caption|class="gallery/);
    expect(rendered).toContain('href="https://herald.example/&#91;x&#93;"');
    const page = (await pageOf(post.id)).replaceAll('&#091;', '[').replaceAll('&#093;', ']');
    expect(page).toContain('Profit &lt; loss &amp; [gallery] &lt;script&gt;alert(1)');
    expect(page).not.toContain('<script>alert(1)');
  });

  it('builds the tree of categories once, uses those that are there, and makes again what was deleted', async () => {
    await wp.php(
      `foreach (get_terms(['taxonomy' => 'category', 'name' => 'Economy', 'hide_empty' => false]) as $c) wp_delete_term($c->term_id, 'category');`,
    );
    await wp.php(
      `wp_insert_term('Economy', 'category', ['slug' => 'money', 'parent' => (int) term_exists('news', 'category')['term_id']]);`,
    );
    const blog = sink();
    const both = [category('news/economy'), category('region/economy')];
    await blog.deliver([article({}, { categories: both }), article({}, { categories: both })]);
    const terms = async () =>
      (
        await wp.php(
          `foreach (get_terms(['taxonomy' => 'category', 'hide_empty' => false]) as $c) echo trim(get_category_parents($c->term_id, false, ' > '), ' >'), "\n";`,
        )
      )
        .trim()
        .split('\n')
        .sort();
    const tree = [
      'News &amp; Views',
      'News &amp; Views > Economy',
      'News &amp; Views > Harbours',
      'Region',
      'Region > Economy',
      'Uncategorized',
    ];
    expect(await terms()).toEqual(tree);
    await wp.php(
      `foreach (get_terms(['taxonomy' => 'category', 'name' => 'Economy', 'hide_empty' => false]) as $c) wp_delete_term($c->term_id, 'category');`,
    );
    const next = article({}, { categories: both });
    expect(await blog.deliver([next])).toEqual([null]);
    expect((await only(next.message.id)).categories.sort()).toEqual(['News &amp; Views > Economy', 'Region > Economy']);
    expect(await terms()).toEqual(tree);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['missing/x', /404/],
    ['page/x', /neither JPEG/],
    ['huge/x', /more than 1048576 bytes/],
    ['broken/x', /rest_upload|500|cannot read it/],
  ])('publishes without an image that cannot be had (%s), and says so', async (path, why) => {
    const one = article({}, {}, path);
    expect(await sink().deliver([one])).toEqual([null]);
    expect(await only(one.message.id)).toMatchObject({ status: 'publish', image: null });
    expect(warnings).toEqual([expect.stringMatching(why)]);
  });

  it.each([
    [1, 'png/down'],
    [2, null],
  ])('copies an image again after %i internal errors of the site, twice at most', async (errors, path) => {
    let left = errors;
    const failing = (http: SinkHttp): SinkHttp => ({
      ...http,
      async send(request) {
        const answer = await http.send(request);
        if (request.method !== 'POST' || !request.url.includes('media') || left-- <= 0) return answer;
        return { ...answer, status: 500, text: 'Error establishing a database connection' };
      },
    });
    const one = article({}, {}, 'png/down');
    expect(await sink({ wrap: failing }).deliver([one])).toEqual([null]);
    const image = path === null ? null : `${pictures.origin}/${path}`;
    expect(await only(one.message.id)).toMatchObject({ status: 'publish', image });
    expect(warnings).toHaveLength(path === null ? 1 : 0);
  });

  it('holds an article back while the site is in no state to take its image', async () => {
    const failing = (http: SinkHttp): SinkHttp => ({
      ...http,
      async send(request) {
        const down = request.url.includes('media') && (request.method === 'POST' || request.url.includes('inherit'));
        return down ? { ...(await http.send({ ...request, url: wp.url })), status: 500 } : http.send(request);
      },
    });
    const one = article({}, {}, 'png/held');
    const [error] = await sink({ wrap: failing })
      .deliver([one])
      .catch((e) => [e]);
    expect(error).toMatchObject({ code: 'SINK_FAILED' });
    expect(await sink().deliver([one])).toEqual([null]);
    expect(await only(one.message.id)).toMatchObject({ image: `${pictures.origin}/png/held` });
  });

  it('copies an image again of which a killed site has kept half', async () => {
    const one = article({}, {}, 'png/half');
    await wp.php(
      `$id = wp_insert_attachment(['post_title' => 'half', 'post_mime_type' => 'image/png', 'post_status' => 'inherit']);
       update_post_meta($id, 'sourcelink_id', '${one.message.id}'); update_post_meta($id, 'sourcelink_image', '${pictures.origin}/png/half');`,
    );
    expect(await sink().deliver([one])).toEqual([null]);
    const { id } = await only(one.message.id);
    const width = `echo json_encode(wp_get_attachment_metadata(get_post_thumbnail_id(${id}))['width'] ?? null);`;
    expect(JSON.parse(await wp.php(width))).toBeGreaterThan(100);
    expect(await media(one.message.id)).toHaveLength(1);
  });

  it('copies no image of an article whose rights are too low for it', async () => {
    const one = article({}, {}, 'png/rights');
    await sink({ images: 'full' }).deliver([one]);
    expect(await only(one.message.id)).toMatchObject({ image: null });
    expect(pictures.asked.some((r) => r.url === '/png/rights')).toBe(false);
  });

  it('gives the Source link back to a post that it was edited out of', async () => {
    const one = article();
    await sink().deliver([one]);
    const { id } = await only(one.message.id);
    await wp.php(`wp_update_post(['ID' => ${id}, 'post_content' => '<p>Only this.</p>']);`);
    const page = await pageOf(id);
    expect(page).toContain('Only this.');
    expect(page).toContain('<a href="https://herald.example/a" rel="noopener external">Source link</a>');
  });

  it('publishes nothing and says what to do: wrong password, wrong role, no plugin, no WordPress', async () => {
    const one = article();
    const refusal = (s: ReturnType<typeof sink>) =>
      s.deliver([one]).then(
        () => null,
        (error) => error,
      );
    expect(await refusal(sink({ applicationPassword: 'wrong wrong wrong wrong' }))).toMatchObject({
      code: 'SINK_FAILED',
      hint: expect.stringMatching(/application ?password/i),
    });
    const author = await wp.php(
      `$id = wp_insert_user(['user_login' => 'writer', 'user_pass' => 'x', 'role' => 'author']); [$p] = WP_Application_Passwords::create_new_application_password($id, ['name' => 's']); echo $p;`,
    );
    expect(await refusal(sink({ user: 'writer', applicationPassword: author }))).toMatchObject({
      message: expect.stringContaining('manage_categories'),
      hint: expect.stringContaining('Editor'),
    });
    const elsewhere = await refusal(sink({ url: `${pictures.origin}/missing` }));
    expect(elsewhere).toMatchObject({ code: 'SINK_FAILED', message: expect.stringContaining('404') });
    wp.plugin(false);
    try {
      expect(await refusal(sink())).toMatchObject({
        code: 'SINK_FAILED',
        hint: expect.stringContaining('sourcelink.php'),
      });
    } finally {
      wp.plugin(true);
    }
    expect(await posts(one.message.id)).toEqual([]);
    await expect(sink().check?.()).resolves.toMatch(/WordPress 6\.\d.*as wire/);
  });

  it('keeps what waits while the site is away, and delivers it afterwards', async () => {
    const one = article();
    const away = wp.crash('all', 1500);
    await delay(500);
    await expect(sink().deliver([one])).rejects.toMatchObject({ code: 'SINK_FAILED', retryable: true });
    await away;
    expect(await sink().deliver([one])).toEqual([null]);
    expect(await only(one.message.id)).toMatchObject({ status: 'publish' });
  });
});
