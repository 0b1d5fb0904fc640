import type { Opml } from './opml.js';
import { type BadOutline, type ListedSource, settingsFrom, sourcesIn } from './opml-sources.js';
import { expand } from './placeholders.js';
import { freeId, idFrom } from './source-id.js';
import { SourceEntry } from './sources.js';
import type { WrittenEntry } from './sources-text.js';

export type Merged = {
  added: { line: number; entry: WrittenEntry }[];
  /** Left out because the file has them. */
  known: { line: number; name: string; id: string; why: string }[];
  bad: BadOutline[];
  folders: number;
  /** Keys of this file's defaults that sources from another Sourcelink now get, and did not have there. */
  gained: string[];
};

/**
 * What an OPML file brings to what `sources.yaml` has, which stays as it is. Sources of another Sourcelink keep all their
 * settings, and where its defaults were others, those too.
 * @param variables fill in `${NAME}`, so that values can be judged
 */
export function mergeOpml(
  opml: Opml,
  file: { defaults: WrittenEntry; sources: WrittenEntry[] },
  variables: NodeJS.ProcessEnv,
): Merged {
  const { sources, bad, folders } = sourcesIn(opml.outlines);
  const theirs = opml.defaults === null ? null : settingsFrom(opml.defaults);
  const merged: Merged = { added: [], known: [], bad: [...bad], folders, gained: [] };
  const have = file.sources.map((entry) => ({ id: String(entry['id']), entry }));
  for (const listed of sources) {
    const { line } = listed;
    const entry = completed(listed, new Set(have.map((h) => h.id)), theirs, file.defaults);
    const id = String(entry['id']);
    const name = String(entry['name']);
    const same = have.find((h) => isSame(h.entry, entry, listed.own));
    const namesake = have.find((h) => h.id === id);
    const problem = flawOf(entry, variables);
    if (same) merged.known.push({ line, name, id: same.id, why: sharedPlace(same.entry, entry) });
    else if (problem) merged.bad.push({ line, what: `${JSON.stringify(name)}: ${problem.what}`, hint: problem.hint });
    else if (namesake)
      merged.bad.push({
        line,
        what: `${JSON.stringify(name)}: \`${id}\` is the id of another source, ${String(namesake.entry['url'])}`,
        hint: 'Give it another sourcelink:id.',
      });
    else {
      merged.added.push({ line, entry });
      have.push({ id, entry });
    }
  }
  merged.bad.sort((a, b) => a.line - b.line);
  if (theirs !== null && merged.added.length > 0)
    merged.gained = Object.keys(file.defaults).filter((key) => !(key in theirs));
  return merged;
}

/** A foreign outline gets an id; one of another Sourcelink the defaults under which it stood there. */
function completed(
  { entry, own }: ListedSource,
  taken: ReadonlySet<string>,
  theirs: WrittenEntry | null,
  ours: WrittenEntry,
): WrittenEntry {
  if (!own) return { id: freeId([idFrom(String(entry['name']))], taken), ...entry };
  const made = { ...entry };
  const isTimed = 'every' in entry || 'cron' in entry;
  for (const [key, value] of Object.entries(theirs ?? {})) {
    if (text(ours[key]) === text(value) || ((key === 'every' || key === 'cron') && isTimed)) continue;
    if (key === 'headers') made[key] = { ...record(value), ...record(entry[key]) };
    else if (!(key in entry)) made[key] = value;
  }
  return made;
}

/**
 * By id, where a Sourcelink gave one: it may well read one feed as two sources, each with its filters. Else by a feed in
 * common.
 */
function isSame(a: WrittenEntry, b: WrittenEntry, own: boolean): boolean {
  if (own) return a['id'] === b['id'] && place(a['url']) === place(b['url']);
  return sharedFeed(a, b) !== null || sameHome(a, b);
}

/** Of two without feeds, the home page is what is visited. */
function sameHome(a: WrittenEntry, b: WrittenEntry): boolean {
  return feedsOf(a).length + feedsOf(b).length === 0 && place(a['url']) === place(b['url']);
}

function sharedFeed(a: WrittenEntry, b: WrittenEntry): string | null {
  const others = new Set(feedsOf(b).map(place));
  return feedsOf(a).find((feed) => others.has(place(feed))) ?? null;
}

function sharedPlace(a: WrittenEntry, b: WrittenEntry): string {
  return sharedFeed(a, b) ?? String(a['url']);
}

function feedsOf(entry: WrittenEntry): string[] {
  return [entry['feeds'] ?? []].flat().map(String);
}

/** An address without what makes no difference. */
function place(address: unknown): string {
  return String(address)
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/#.*$/, '')
    .replace(/\/$/, '');
}

/** The first thing that is wrong with an entry; what an unset variable hides cannot be judged. */
function flawOf(entry: WrittenEntry, variables: NodeJS.ProcessEnv): { what: string; hint: string } | null {
  const unset = new Set<string>();
  const filled = filledIn(entry, variables, (key) => unset.add(key), '');
  const issues = SourceEntry.safeParse(filled).error?.issues ?? [];
  const issue = issues.find((i) => !unset.has(String(i.path[0])));
  if (!issue) return null;
  const field = issue.path.join('.');
  const hint = issue.code === 'custom' && typeof issue.params?.['hint'] === 'string' ? issue.params['hint'] : null;
  return { what: `${field === '' ? '' : `${field}: `}${issue.message}`, hint: hint ?? 'Correct it in the OPML file.' };
}

function filledIn(value: unknown, variables: NodeJS.ProcessEnv, onUnset: (key: string) => void, top: string): unknown {
  if (typeof value === 'string') {
    const { text: filled, faults } = expand(value, variables);
    if (faults.length > 0) onUnset(top);
    return filled;
  }
  if (Array.isArray(value)) return value.map((v) => filledIn(v, variables, onUnset, top));
  if (typeof value !== 'object' || value === null) return value;
  const fill = ([key, v]: [string, unknown]) => [key, filledIn(v, variables, onUnset, top === '' ? key : top)];
  return Object.fromEntries(Object.entries(value).map(fill));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const text = (value: unknown): string => JSON.stringify(value) ?? '';
