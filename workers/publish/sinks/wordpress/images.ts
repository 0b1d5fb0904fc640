import { z } from 'zod';
import { messageOf } from '../../../../config/errors.js';
import type { Logger } from '../../../../config/logger.js';
import type { ContractArticle } from '../../../../contract/contract.js';
import type { Client } from '../../../../crawlers/net/client.js';
import { type WordPressApi, WordPressError } from './api.js';
import { asHtml } from './content.js';
import { Media, type Post } from './schema.js';

/** The image of a post: its id in the media library, and the address that it was copied from. */
export type Picture = { id: number; url: string };
const NONE: Picture = { id: 0, url: '' };

export type Images = {
  /** The image that the article should have, copied when the site has it not yet; what it had before is deleted. */
  place(article: ContractArticle, post: Post): Promise<Picture>;
  /** Deletes every copy that belongs to an article. */
  clear(articleId: string): Promise<void>;
};

const RANK = { link: 0, excerpt: 1, full: 2, never: 3 };
/** What WordPress takes, told by how the bytes begin: a server's content type is often wrong. */
const FORMATS: [type: string, extension: string, starts: (bytes: Buffer) => boolean][] = [
  ['image/jpeg', 'jpg', (b) => b.subarray(0, 3).toString('hex') === 'ffd8ff'],
  ['image/png', 'png', (b) => b.subarray(1, 4).toString('latin1') === 'PNG'],
  ['image/gif', 'gif', (b) => b.subarray(0, 4).toString('latin1') === 'GIF8'],
  ['image/webp', 'webp', (b) => b.subarray(8, 12).toString('latin1') === 'WEBP'],
];
/** Of a caption or text alternative in a query. */
const MAX_CHARACTERS = 500;

/** An image that cannot be had is written to the log and holds no article up; the next revision tries again. */
export function createImages(options: {
  name: string;
  api: WordPressApi;
  client: Pick<Client, 'fetch'>;
  level: 'excerpt' | 'full' | 'never';
  maxBytes: number;
  log: Logger;
}): Images {
  const { api, client, log } = options;

  const copiesOf = (articleId: string): Promise<z.infer<typeof Media>[]> =>
    api.get(
      'wp/v2/media',
      {
        context: 'edit',
        sourcelink_id: articleId,
        status: 'inherit,private,trash',
        per_page: 100,
        _fields: 'id,meta,media_details',
      },
      z.array(Media),
    );
  const remove = (id: number): Promise<void> => api.remove(`wp/v2/media/${id}`, { force: true });

  async function copy(
    article: ContractArticle,
    post: Post,
    image: NonNullable<ContractArticle['image']>,
  ): Promise<Picture> {
    const skipped = (why: string): Picture => {
      log.warn({ sink: options.name, article: article.id, image: image.url }, `image left out: ${why}`);
      return NONE;
    };
    const bytes = await client
      .fetch({ url: image.url, maxBytes: options.maxBytes, headers: { accept: 'image/*' } })
      .then((answer) => Buffer.from(answer.bytes))
      .catch((error: unknown) => messageOf(error));
    if (typeof bytes === 'string') return skipped(bytes);
    const format = FORMATS.find(([, , starts]) => starts(bytes));
    if (!format) return skipped('it is neither JPEG, PNG, GIF nor WebP');
    const [type, extension] = format;
    try {
      const { id, media_details } = await upload(article, post, image, { bytes, type, extension });
      if (media_details.width !== undefined) return { id, url: image.url };
      await remove(id);
      return skipped('WordPress cannot read it');
    } catch (error) {
      if (error instanceof WordPressError) return skipped(messageOf(error));
      throw error;
    }
  }

  async function upload(
    article: ContractArticle,
    post: Post,
    image: NonNullable<ContractArticle['image']>,
    { bytes, type, extension }: { bytes: Buffer; type: string; extension: string },
  ): Promise<z.infer<typeof Media>> {
    const credit = image.credit ?? article.source.name;
    const send = () =>
      api.upload(
        'wp/v2/media',
        { bytes, type, name: `${article.id}.${extension}` },
        {
          post: post.id,
          title: asHtml(article.title),
          caption: asHtml(credit).slice(0, MAX_CHARACTERS),
          alt_text: (image.alt ?? '').slice(0, MAX_CHARACTERS),
          'meta[sourcelink_id]': article.id,
          'meta[sourcelink_image]': image.url,
        },
        Media,
      );
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof WordPressError) || error.status < 500) throw error;
    }
    // A site that is going down answers 500 to anything: only what it says again, when it can be read from in between, concerns the image.
    await clear(article.id).catch((error: unknown) => {
      throw error instanceof WordPressError ? error.asUnavailable() : error;
    });
    return send();
  }

  async function clear(articleId: string): Promise<void> {
    for (const { id } of await copiesOf(articleId)) await remove(id);
  }

  return {
    async place(article, post) {
      const wanted = RANK[article.rights.level] >= RANK[options.level] ? article.image : null;
      const had = post.meta.sourcelink_image;
      const finished = post.meta.sourcelink_revision > 0;
      // An editor may have chosen another picture since: it stays as long as the article's own is the same.
      if (finished && had === (wanted?.url ?? '')) return { id: post.featured_media, url: had };
      const copies = await copiesOf(article.id);
      // One without a width is what is left of an upload that was cut off.
      const whole = (c: z.infer<typeof Media>) => c.media_details.width !== undefined;
      const same = copies.find((c) => c.meta.sourcelink_image === wanted?.url && whole(c));
      for (const old of copies) if (old !== same) await remove(old.id);
      if (wanted === null) return NONE;
      return same ? { id: same.id, url: wanted.url } : copy(article, post, wanted);
    },
    clear,
  };
}
