import { z } from 'zod';
import type { Category } from '../../../../config/categories.js';
import { SourcelinkError } from '../../../../config/errors.js';
import type { Logger } from '../../../../config/logger.js';
import type { WordPressSink } from '../../../../config/sinks.js';
import type { ArticleMessage, ContractArticle } from '../../../../contract/contract.js';
import type { Client } from '../../../../crawlers/net/client.js';
import type { Outgoing, Sink } from '../../../sink.js';
import { createDeliverEach, SinkUnavailable } from '../batch.js';
import type { SinkHttp } from '../http.js';
import { createWordPressApi, WordPressError } from './api.js';
import { asHtml, blockOf } from './content.js';
import { createImages } from './images.js';
import { PLUGIN_VERSION, Post, SavedPost, SiteState } from './schema.js';
import { createTerms } from './terms.js';

type Shown = Extract<ArticleMessage, { article: ContractArticle }>;

const INSTALL = 'Copy examples/wordpress/sourcelink.php of this version into wp-content/mu-plugins of the site.';
const STATUSES = 'publish,future,draft,pending,private,trash';
const FIELDS = 'id,status,featured_media,categories,tags,meta';

/**
 * Keeps one post for each article. A post is made as a draft that carries the article's id, completed, and only then
 * published with the revision written into it: a delivery that comes again finds it and goes on where the other stopped.
 */
export function createWordPressSink(
  name: string,
  options: Omit<WordPressSink, 'type' | 'enabled'> & {
    /** The operator's tree of categories. */
    tree: Category[];
    http: SinkHttp;
    /** Fetches images. */
    client: Pick<Client, 'fetch'>;
    log: Logger;
    now?: () => number;
  },
): Sink {
  const { images: level, imageMaxBytes: maxBytes, client, log, url } = options;
  const now = options.now ?? Date.now;
  const api = createWordPressApi(options);
  const terms = createTerms(api, options.tree);
  const images = createImages({ name, api, client, level, maxBytes, log });
  const deliverEach = createDeliverEach({ concurrency: options.concurrency, now });

  /** @throws SinkUnavailable when this user cannot publish there with this plugin */
  async function siteState(): Promise<z.infer<typeof SiteState>> {
    const state = await api.get('sourcelink/v1/status', {}, SiteState).catch((error: unknown) => {
      if (!(error instanceof WordPressError)) throw error;
      throw error.fault === 'rest_no_route'
        ? new SinkUnavailable(`${url} has no Sourcelink plugin`, { hint: INSTALL })
        : error.asUnavailable();
    });
    if (state.plugin < PLUGIN_VERSION)
      throw new SinkUnavailable(`the Sourcelink plugin of ${url} is too old`, { hint: INSTALL });
    if (state.user === '')
      throw new SinkUnavailable(`${url} does not take user ${options.user} with this application password`, {
        hint: 'Make a new application password in the profile of that user. If it is right, the web server drops the header Authorization.',
      });
    if (state.lacks.length > 0)
      throw new SinkUnavailable(`user ${state.user} of ${url} lacks ${state.lacks.join(', ')}`, {
        hint: 'Give this user the role Editor.',
      });
    return state;
  }

  /** The posts of these articles, whatever an editor did with them. */
  async function postsOf(ids: string[]): Promise<Map<string, Post>> {
    const query = { context: 'edit', sourcelink_id: ids.join(','), status: STATUSES, per_page: 100, _fields: FIELDS };
    const posts = await api.get('wp/v2/posts', query, z.array(Post)).catch((error: unknown) => {
      throw error instanceof WordPressError ? error.asUnavailable() : error;
    });
    return new Map(posts.map((p) => [p.meta.sourcelink_id, p]));
  }

  const fieldsOf = async (article: ContractArticle) => ({
    title: asHtml(article.title),
    content: blockOf(article.html),
    excerpt: asHtml(article.excerpt),
    // A date that is still to come would hold the post back.
    ...(article.publishedAt && Date.parse(article.publishedAt) <= now()
      ? { date_gmt: article.publishedAt.slice(0, 19) }
      : {}),
    categories: await terms.categoryIds(article.categories),
    tags: await terms.tagIds(article.tags.slice(0, options.tags)),
  });

  async function start(article: ContractArticle): Promise<Post> {
    const meta = metaOf(article, 0, '');
    const draft = { ...(await fieldsOf(article)), slug: article.slug, status: 'draft', meta };
    return withSourceLink(article, await api.post('wp/v2/posts', draft, SavedPost));
  }

  async function show({ article, revision }: Shown, found: Post | null): Promise<void> {
    if (found && found.meta.sourcelink_revision >= revision) return;
    const post = found ?? (await start(article));
    const image = await images.place(article, post);
    const finish = async (): Promise<boolean> => {
      const fields = await fieldsOf(article);
      const saved = await api.post(
        `wp/v2/posts/${post.id}`,
        {
          ...fields,
          featured_media: image.id,
          meta: metaOf(article, revision, image.url),
          // Once it was published, its status is the editors'.
          ...(post.meta.sourcelink_revision === 0 ? { status: options.status } : {}),
        },
        SavedPost,
      );
      withSourceLink(article, saved);
      const has = [...saved.categories, ...saved.tags];
      return [...fields.categories, ...fields.tags].every((id) => has.includes(id));
    };
    if (await finish()) return;
    // Deleted there since we looked: WordPress leaves out ids that it does not know, and says nothing.
    terms.forget();
    if (!(await finish()))
      log.warn({ sink: name, article: article.id, post: post.id }, 'the site did not accept some categories or tags');
  }

  async function take({ message }: Outgoing, found: Post | null): Promise<void> {
    if (message.type !== 'article.retracted') return show(message, found);
    if (found && (found.status !== 'trash' || options.retracted === 'delete'))
      await api.remove(`wp/v2/posts/${found.id}`, { force: options.retracted === 'delete' });
    // A file in the media library stays public whatever becomes of its post.
    await images.clear(message.id);
  }

  return {
    name,
    deliver: (batch) =>
      deliverEach(batch, async () => {
        await siteState();
        const posts = await postsOf(batch.map((one) => one.message.id));
        return (one) => take(one, posts.get(one.message.id) ?? null);
      }),
    async check() {
      const { wordpress, user } = await siteState();
      return `${url}, WordPress ${wordpress}, as ${user}`;
    },
    close: () => options.http.close(),
  };
}

const metaOf = (article: ContractArticle, revision: number, image: string) => ({
  sourcelink_id: article.id,
  sourcelink_revision: revision,
  sourcelink_image: image,
  sourcelink_url: article.canonicalUrl,
  sourcelink_credit: [article.attribution.author, article.attribution.publisher]
    .filter((part, i, all) => part && all.indexOf(part) === i)
    .join(', '),
  sourcelink_noindex: article.noindex,
});

/** @throws SINK_REFUSED when something on the site takes the attribution out */
function withSourceLink(article: ContractArticle, post: SavedPost): Post {
  if (post.content.rendered.includes(`>${article.attribution.label}</a>`)) return post;
  throw new SourcelinkError('SINK_REFUSED', `the site removes the Source link from post ${post.id}`, {
    hint: 'Find the WordPress plugin that removes links from posts and switch it off.',
  });
}
