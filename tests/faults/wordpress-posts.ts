import { chromium } from 'playwright';
import { findBrowser } from '../../crawlers/fetch/browser.js';
import { violations } from '../../ledger/invariant.js';
import type { Pipeline } from '../../workers/main.js';
import type { WordPress } from '../setup/wordpress.js';

/** A post of an article, as WordPress holds it. */
export type Post = {
  id: string;
  revision: number;
  status: string;
  categories: number;
  image: boolean;
  link: boolean;
  words: number;
  path: string;
};
/** An article as it was sent. */
export type Sent = { revision: number; url: string; pictured: boolean };

/** All posts that carry an article's id, in whatever state. */
export async function postsOf(wp: WordPress): Promise<Post[]> {
  const printed = await wp.php(`
    $found = get_posts(['post_status' => ['publish', 'draft', 'pending', 'future', 'private', 'trash'], 'numberposts' => -1]);
    echo json_encode(array_values(array_filter(array_map(fn($p) => [
      'id' => get_post_meta($p->ID, 'sourcelink_id', true), 'revision' => (int) get_post_meta($p->ID, 'sourcelink_revision', true),
      'status' => $p->post_status, 'categories' => count(array_diff(wp_get_post_categories($p->ID), [get_option('default_category')])),
      'image' => isset((wp_get_attachment_metadata(get_post_thumbnail_id($p->ID)) ?: [])['width']), 'link' => str_contains($p->post_content, '>Source link</a>'),
      'words' => str_word_count(wp_strip_all_tags($p->post_content)), 'path' => wp_make_link_relative(get_permalink($p->ID)),
    ], $found), fn($p) => $p['id'] !== '')));`);
  return JSON.parse(printed) as Post[];
}

/** What is not as it should be: missing, twice, incomplete, of another revision. */
export async function compare(pipeline: Pipeline, articles: Map<string, Sent>, posts: Post[]): Promise<string[]> {
  const faults = (await violations(pipeline.ctx.db, ['blog'])).map((v) => `invariant: ${JSON.stringify(v)}`);
  const seen = new Map<string, number>();
  for (const p of posts) {
    seen.set(p.id, (seen.get(p.id) ?? 0) + 1);
    const missing = [
      p.status !== 'publish' && p.status,
      p.categories === 0 && 'no category',
      articles.get(p.id)?.pictured !== p.image && (p.image ? 'an image that is not to be shown' : 'no image'),
      !p.link && 'no Source link',
    ];
    if (missing.some(Boolean)) faults.push(`post ${p.path}: ${missing.filter(Boolean).join(', ')}`);
    if (p.revision !== articles.get(p.id)?.revision) faults.push(`post ${p.path}: revision ${p.revision}`);
  }
  for (const id of articles.keys()) if (!seen.has(id)) faults.push(`article ${id} is missing`);
  for (const [id, times] of seen) if (times > 1) faults.push(`article ${id} has ${times} posts`);
  return faults;
}

/** A post as readers see it. */
export async function shoot(wp: WordPress, posts: Post[], file: string): Promise<void> {
  const executablePath = findBrowser(process.env['SOURCELINK_BROWSER'] ?? null);
  if (executablePath === null) throw new Error('no browser for the screenshot');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1000, height: 1250 } });
  const [shown] = posts.filter((p) => p.image && p.status === 'publish').sort((a, b) => b.words - a.words);
  await page.goto(new URL(shown?.path ?? '/', wp.url).href, { waitUntil: 'load' });
  await page.screenshot({ path: file, type: 'png', fullPage: false });
  await browser.close();
}
