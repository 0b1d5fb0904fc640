import { z } from 'zod';
import type { Category } from './categories.js';
import { nearest } from './problems.js';

/** A fault that involves several fields. Checked on the data as written, so that an error elsewhere in the file does not hide it. */
export type Finding = { path: readonly PropertyKey[]; at: 'key' | 'value'; what: string; hint: string };

const Schedule = z.object({ every: z.unknown().optional(), cron: z.unknown().optional() });
const Raw = z.object({
  defaults: z.unknown().optional(),
  sources: z.array(z.unknown()).catch([]),
});
const Identified = z.object({ id: z.string() });
const Pinned = z.object({ category: z.string() });

/** Finds duplicate ids, two schedules for one source, and categories that do not exist. With `known` null, categories are not checked. */
export function checkSources(value: unknown, known: Category[] | null): Finding[] {
  const file = Raw.safeParse(value);
  if (!file.success) return [];
  const findings: Finding[] = [...checkSchedule(file.data.defaults, ['defaults'])];
  const first = new Map<string, number>();
  file.data.sources.forEach((entry, i) => {
    findings.push(...checkSchedule(entry, ['sources', i]));
    const identified = Identified.safeParse(entry);
    if (identified.success) {
      const { id } = identified.data;
      const before = first.get(id);
      if (before === undefined) first.set(id, i);
      else
        findings.push({
          path: ['sources', i, 'id'],
          at: 'value',
          what: `"${id}" is already the id of sources[${before}]`,
          hint: 'give each source an id of its own',
        });
    }
    const pinned = Pinned.safeParse(entry);
    if (pinned.success && known !== null)
      findings.push(...checkCategory(pinned.data.category, ['sources', i, 'category'], known));
  });
  return findings;
}

const Fallback = z.object({ categorize: z.object({ fallback: z.string() }) });

/** Finds a fallback category that does not exist. */
export function checkSettings(value: unknown, known: Category[] | null): Finding[] {
  const settings = Fallback.safeParse(value);
  return settings.success && known !== null
    ? checkCategory(settings.data.categorize.fallback, ['categorize', 'fallback'], known)
    : [];
}

const Node = z.object({ id: z.string().catch(''), children: z.array(z.unknown()).catch([]) });

/** Finds siblings with the same id: they would share one path. */
export function checkCategories(value: unknown): Finding[] {
  const findings: Finding[] = [];
  const visit = (entries: unknown[], at: PropertyKey[], above: string) => {
    const seen = new Set<string>();
    entries.forEach((entry, i) => {
      const node = Node.safeParse(entry);
      if (!node.success) return;
      const path = `${above}${node.data.id}`;
      if (node.data.id !== '' && seen.has(node.data.id))
        findings.push({
          path: [...at, i, 'id'],
          at: 'value',
          what: `"${path}" is already a category`,
          hint: 'give each category beside the others an id of its own',
        });
      seen.add(node.data.id);
      visit(node.data.children, [...at, i, 'children'], `${path}/`);
    });
  };
  const file = z.object({ categories: z.array(z.unknown()) }).safeParse(value);
  if (file.success) visit(file.data.categories, ['categories'], '');
  return findings;
}

function checkSchedule(entry: unknown, path: PropertyKey[]): Finding[] {
  const read = Schedule.safeParse(entry);
  if (!read.success || read.data.every === undefined || read.data.cron === undefined) return [];
  const hint = 'keep one: every sets the time between visits, cron sets times of day';
  return [{ path: [...path, 'cron'], at: 'key', what: 'cannot be combined with every', hint }];
}

function checkCategory(written: string, path: PropertyKey[], known: Category[]): Finding[] {
  if (known.some((c) => c.path === written)) return [];
  const last = written.split('/').at(-1) ?? written;
  const meant =
    known.find((c) => c.id === last)?.path ??
    nearest(
      written,
      known.map((c) => c.path),
    ) ??
    known.find(
      (c) =>
        c.id ===
        nearest(
          last,
          known.map((k) => k.id),
        ),
    )?.path;
  const some = known.slice(0, 5).map((c) => c.path);
  const hint =
    meant !== undefined
      ? `did you mean "${meant}"?`
      : known.length === 0
        ? 'write categories.yaml first, or remove the line'
        : `write a path of categories.yaml, such as ${some.join(', ')}`;
  return [{ path, at: 'value', what: `"${written}" is not a category`, hint }];
}
