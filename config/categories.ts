import { z } from 'zod';

type CategoryInput = {
  id: string;
  label: string;
  description?: string | undefined;
  keywords?: string[] | undefined;
  examples?: string[] | undefined;
  iptc?: string | undefined;
  children?: CategoryInput[] | undefined;
};

/** One node of the operator's tree, as written in `config/categories.yaml`. */
export const CategoryEntry: z.ZodType<CategoryInput> = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and dashes')
    .describe('Identifier of the category and part of its path. Never change it, because articles refer to it.'),
  label: z.string().min(1).describe('Name of the category, as readers see it.'),
  description: z
    .string()
    .optional()
    .describe('One or two sentences that say which articles belong here. The classifier uses them.'),
  keywords: z.array(z.string().min(1)).optional().describe('Words and phrases that indicate this category.'),
  examples: z
    .array(z.string().min(1))
    .optional()
    .describe('About five typical headlines. The classifier learns from them.'),
  iptc: z
    .string()
    .regex(/^(medtop:)?\d{8}$/, 'write an IPTC Media Topic code such as medtop:11000000')
    .optional()
    .describe('IPTC Media Topic code, passed on to consumers that know this vocabulary.'),
  children: z
    .array(z.lazy(() => CategoryEntry))
    .optional()
    .describe('Subcategories.'),
});

export const CategoriesFile = z.strictObject({
  $schema: z.string().optional(),
  categories: z.array(CategoryEntry).describe('The top-level categories.'),
});

/** A node with its path from the root (`white-house-news/us-foreign-policy`). */
export type Category = {
  path: string;
  id: string;
  label: string;
  parent: string | null;
  description: string;
  keywords: string[];
  examples: string[];
  /** IPTC Media Topic, e.g. `medtop:11000000`. */
  iptc: string | null;
};

/** The tree as a list, parents before their children. */
export function flattenCategories(entries: CategoryInput[], parent: string | null = null): Category[] {
  return entries.flatMap((e) => {
    const path = parent === null ? e.id : `${parent}/${e.id}`;
    const iptc = e.iptc === undefined ? null : e.iptc.startsWith('medtop:') ? e.iptc : `medtop:${e.iptc}`;
    const node: Category = {
      path,
      id: e.id,
      label: e.label,
      parent,
      description: e.description ?? '',
      keywords: e.keywords ?? [],
      examples: e.examples ?? [],
      iptc,
    };
    return [node, ...flattenCategories(e.children ?? [], path)];
  });
}
