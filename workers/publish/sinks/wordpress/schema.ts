/** What is read of WordPress's answers; the fields `sourcelink_…` come from examples/wordpress/sourcelink.php. */
import { z } from 'zod';

/** The version of the plugin that this sink needs. */
export const PLUGIN_VERSION = 1;

export const SiteState = z.object({
  plugin: z.int(),
  /** Empty for one who is not logged in. */
  wordpress: z.string(),
  user: z.string(),
  /** Capabilities that the user has not. */
  lacks: z.array(z.string()),
});

export const Post = z.object({
  id: z.int(),
  status: z.string(),
  featured_media: z.int(),
  categories: z.array(z.int()),
  tags: z.array(z.int()),
  meta: z.object({
    sourcelink_id: z.string(),
    /** 0 while the post is not finished. */
    sourcelink_revision: z.int(),
    sourcelink_image: z.string(),
  }),
});
export type Post = z.infer<typeof Post>;

/** As it is answered when it was written. */
export const SavedPost = Post.extend({ content: z.object({ rendered: z.string() }) });
export type SavedPost = z.infer<typeof SavedPost>;

export const Media = z.object({
  id: z.int(),
  meta: z.object({ sourcelink_id: z.string(), sourcelink_image: z.string() }),
  /** Has no width when WordPress could not read the file, which it keeps all the same. */
  media_details: z.object({ width: z.int().optional() }).catch({}),
});

export const Category = z.object({
  id: z.int(),
  parent: z.int(),
  slug: z.string(),
  name: z.string(),
  meta: z.object({ sourcelink_path: z.string() }),
});
export type Category = z.infer<typeof Category>;

export const Tag = z.object({ id: z.int(), slug: z.string() });

export const WordPressFault = z.object({
  code: z.string(),
  message: z.string(),
  data: z.object({ term_id: z.int().optional() }).nullish().catch(null),
});
