import pLimit from 'p-limit';
import { z } from 'zod';
import type { Category as TreeNode } from '../../../../config/categories.js';
import type { CategoryRef } from '../../../../contract/contract.js';
import { type WordPressApi, WordPressError } from './api.js';
import { asText } from './content.js';
import { Category, Tag } from './schema.js';

/** The site's categories and tags, made where they are missing. */
export type Terms = {
  /** Ids of these categories, each below its parents as in the operator's tree. */
  categoryIds(refs: CategoryRef[]): Promise<number[]>;
  tagIds(names: string[]): Promise<number[]>;
  /** Drops what is remembered: somebody changed terms on the site. */
  forget(): void;
};

const PER_PAGE = 100;
/** Tags remembered; the oldest go first. */
const MAX_TAGS = 5000;
/** WordPress cuts a longer slug, and would not find it again. */
const SLUG_LENGTH = 60;

/** Ids are remembered for as long as the process lives, so that an article costs no question about terms that are known. */
export function createTerms(api: WordPressApi, tree: TreeNode[]): Terms {
  const nodes = new Map(tree.map((node) => [node.path, node]));
  // WordPress keeps no two terms apart that are made at the same moment, so all questions about them take turns.
  const turn = pLimit(1);
  let site: Category[] | null = null;
  const categories = new Map<string, number>();
  const tags = new Map<string, number>();

  async function all(): Promise<Category[]> {
    const found: Category[] = [];
    for (let page = 1; ; page++) {
      const query = { context: 'edit', per_page: PER_PAGE, page, _fields: 'id,parent,slug,name,meta' };
      const some = await api.get('wp/v2/categories', query, z.array(Category));
      found.push(...some);
      if (some.length < PER_PAGE) return found;
    }
  }

  async function categoryId(path: string, label: string): Promise<number> {
    const known = categories.get(path);
    if (known !== undefined) return known;
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null;
    const parent = above === null ? 0 : await categoryId(above, nodes.get(above)?.label ?? lastOf(above));
    site ??= await all();
    const slug = lastOf(path);
    const beside = site.filter((c) => c.parent === parent);
    const there =
      site.find((c) => c.meta.sourcelink_path === path) ??
      beside.find((c) => c.slug === slug) ??
      beside.find((c) => asText(c.name) === label);
    const id = there?.id ?? (await make('categories', { name: label, slug, parent, meta: { sourcelink_path: path } }));
    categories.set(path, id);
    return id;
  }

  async function make(kind: 'categories' | 'tags', fields: Record<string, unknown>): Promise<number> {
    try {
      return (await api.post(`wp/v2/${kind}`, fields, z.object({ id: z.int() }))).id;
    } catch (error) {
      if (error instanceof WordPressError && error.termId !== undefined) return error.termId;
      throw error;
    }
  }

  return {
    categoryIds: (refs) =>
      turn(async () => {
        const ids: number[] = [];
        for (const { path, label } of refs) ids.push(await categoryId(path, label));
        return [...new Set(ids)];
      }),
    tagIds: (names) =>
      turn(async () => {
        // Names that differ only in case would be two tags; their slugs are one.
        const wanted = new Map(names.map((name) => [slugOf(name), name]));
        wanted.delete('');
        const unknown = [...wanted.keys()].filter((slug) => !tags.has(slug));
        if (unknown.length > 0) {
          const query = { slug: unknown.join(','), per_page: PER_PAGE, _fields: 'id,slug' };
          for (const tag of await api.get('wp/v2/tags', query, z.array(Tag))) tags.set(decoded(tag.slug), tag.id);
        }
        const ids: number[] = [];
        for (const [slug, name] of wanted) {
          const id = tags.get(slug) ?? (await make('tags', { name, slug }));
          tags.set(slug, id);
          ids.push(id);
        }
        for (const oldest of [...tags.keys()].slice(0, Math.max(0, tags.size - MAX_TAGS))) tags.delete(oldest);
        return [...new Set(ids)];
      }),
    forget() {
      site = null;
      categories.clear();
      tags.clear();
    },
  };
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A slug that WordPress keeps as it is. */
function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-');
  return words.slice(0, SLUG_LENGTH).replace(/^-+|-+$/g, '');
}

/** Slugs of other scripts come percent-encoded. */
function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug).normalize('NFKD').replace(/\p{M}/gu, '');
  } catch {
    return slug;
  }
}
