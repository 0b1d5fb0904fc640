import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { ArticleMessage, ContractArticle } from '../contract/contract.js';
import { readObject, readRows } from '../evaluate/read-set.js';

type Node = { id: string; name: string; children: Node[] };
const Tree: z.ZodType<Node> = z.lazy(() => z.object({ id: z.string(), name: z.string(), children: z.array(Tree) }));
const Real = z.object({ source: z.string(), title: z.string(), body: z.string() });

export type MenuLine = { path: string; label: string; parent: string | null };

/** The newest appeared then; one came each minute before it. */
const NEWEST = Date.parse('2026-03-02T12:00:00Z');
const MINUTE = 60_000;
/** Stories are made within so many articles that follow one another, and take about half of them. */
const BLOCK = 60;
const SIZES = [2, 2, 2, 3, 3, 4, 5, 8];
/** Every so many blocks one event is reported by all outlets. */
const GREAT_EVERY = 25;
const GREAT_SIZE = 40;
/** As `MAX_COVERAGE` of the pipeline. */
const COVERAGE = 20;
const SOURCES = 250;
const AUTHORS = 3000;
const SYLLABLES = 'ba de ki lo mu na pe ri so tu va wen zor gal fin har mel dro qui sta'.split(' ');

/** So many of the newest are messages, older ones copies of them (bench/site-fill.ts). */
const MESSAGES = 10_000;

/** An older article: the message that it is a copy of, which copy of it, and the name that it alone has. */
export type Copy = { of: string; round: number; apart: number; name: string };

/**
 * Messages of the contract, the n-th always the same: paragraphs and headlines of real articles (set `dedupe`) in new
 * combinations, each with two names that no other article has, because real articles keep bringing new words. 0 is the oldest.
 */
export class MadeArticles {
  readonly menu: MenuLine[];
  readonly count: number;
  readonly oldestMessage: number;
  readonly #real: z.infer<typeof Real>[];
  readonly #sources: ContractArticle['source'][];

  constructor(corpora: string, count: number) {
    this.count = count;
    this.oldestMessage = Math.max(0, count - MESSAGES);
    this.#real = readRows(join(corpora, 'dedupe'), 'articles', Real).filter((a) => a.body.length > 400);
    const tree = readObject(join(corpora, 'categories'), 'taxonomy', z.object({ menu: z.array(Tree) }));
    this.menu = linesOf(tree?.menu ?? [], null);
    const names = [...new Set(this.#real.map((a) => a.source))];
    this.#sources = Array.from({ length: SOURCES }, (_, i) => {
      const id = `outlet-${i}`;
      const name = `${names[i % names.length]}${i < names.length ? '' : ` ${Math.floor(i / names.length) + 1}`}`;
      return { id, name, homepage: `https://${id}.example/` };
    });
  }

  message(n: number): ArticleMessage {
    const article = this.#article(n);
    const updated = chance(n, 'updated') < 0.05;
    const envelope = { version: 1, id: article.id, sentAt: article.fetchedAt } as const;
    return updated
      ? { type: 'article.updated', ...envelope, revision: 2, article }
      : { type: 'article.published', ...envelope, revision: 1, article };
  }

  copy(n: number): Copy {
    const { of, round } = this.#original(n);
    return { of: idOf(of), round, apart: MESSAGES, name: nameOf(n, 0) };
  }

  slug(n: number): string {
    const { of, round } = this.#original(n);
    return `${slugOf(this.#title(of))}-${idOf(of).slice(0, 8)}${round === 0 ? '' : `-${round}`}`;
  }

  #original(n: number): { of: number; round: number } {
    const round = Math.max(0, Math.ceil((this.oldestMessage - n) / MESSAGES));
    return { of: n + round * MESSAGES, round };
  }

  /** A name that the n-th article alone has. */
  rareWord(n: number): string {
    return nameOf(n, 0);
  }

  storyId(n: number): string | null {
    const { of, round } = this.#original(n);
    const [first] = this.#story(of) ?? [];
    return first === undefined ? null : `${idOf(first)}${round === 0 ? '' : `-${round}`}`;
  }

  /** What its first tag leads to. */
  tags(n: number): string[] {
    const words = this.#title(this.#original(n).of).match(/[\p{Lu}][\p{L}]{4,}/gu) ?? [];
    return [...new Set(words)].slice(0, 5);
  }

  category(n: number): MenuLine {
    return pickOf(this.menu, zipf(this.#original(n).of, 'category', this.menu.length));
  }

  #article(n: number): ContractArticle {
    const [id, slug, title] = [idOf(n), this.slug(n), this.#title(n)];
    const source = this.#source(n);
    const url = `https://${source.id}.example/${slug}`;
    const at = new Date(NEWEST - (this.count - 1 - n) * MINUTE).toISOString();
    const level = pickOf(['full', 'full', 'excerpt', 'excerpt', 'link'] as const, Math.floor(chance(n, 'rights') * 5));
    const paragraphs = this.#paragraphs(n);
    const text = paragraphs.join('\n');
    const words = text.split(/\s+/).length;
    const excerpt = level === 'link' ? '' : text.slice(0, 280);
    const author = chance(n, 'author') < 0.85 ? nameOf(Math.floor(chance(n, 'who') ** 2 * AUTHORS), 3) : null;
    const shown = level === 'full' ? paragraphs : [excerpt];
    const html = `${shown.map((p) => `<p>${escaped(p)}</p>`).join('')}<p>${escaped(source.name)} — <a href="${url}" rel="noopener external">Source link</a></p>`;
    const { path, label } = this.category(n);
    const second = chance(n, 'second') < 0.3 ? this.category(n + 17) : null;
    const others = second && second.path !== path ? [{ ...second, confidence: 0.4, by: 'model' as const }] : [];
    return {
      id,
      slug,
      title,
      excerpt,
      html,
      ...(level === 'full' ? { text } : {}),
      authors: author ? [author] : [],
      language: 'en',
      publishedAt: at,
      updatedAt: null,
      fetchedAt: at,
      wordCount: words,
      readingMinutes: Math.max(1, Math.round(words / 230)),
      image:
        level === 'link' || chance(n, 'image') < 0.3
          ? null
          : { url: `${url}.jpg`, alt: title, credit: author, width: 1200, height: 675 },
      categories: [{ path, label, confidence: 0.8, by: 'model' as const }, ...others.map(({ parent: _, ...c }) => c)],
      tags: this.tags(n),
      story: this.#coverage(n),
      source,
      attribution: { label: 'Source link', url, author, publisher: source.name, publishedAt: at },
      rights: { level, reason: 'made for a measurement' },
      canonicalUrl: url,
      noindex: level !== 'full',
    };
  }

  #source(n: number): ContractArticle['source'] {
    return pickOf(this.#sources, zipf(n, 'source', SOURCES));
  }

  /** A real headline; where all were used, with one of the names of this article. */
  #title(n: number): string {
    const real = this.#real[Math.floor(chance(n, 'title') * this.#real.length)]?.title ?? 'Untitled';
    return n - this.oldestMessage < this.#real.length ? real : `${real}: ${nameOf(n, 0)}`;
  }

  /** Paragraphs of three real articles, up to the length of the first. */
  #paragraphs(n: number): string[] {
    const from = [0, 1, 2].map((k) => pickOf(this.#real, Math.floor(chance(n, `text ${k}`) * this.#real.length)));
    const parts = from.map((a) => a.body.split(/\n+/).filter((p) => p.length > 40));
    const length = Math.min(parts[0]?.length ?? 1, 24);
    const mixed = Array.from({ length }, (_, i) => parts[i % 3]?.[i] ?? parts[0]?.[i] ?? '').filter((p) => p !== '');
    return [...mixed, `${nameOf(n, 0)} and ${nameOf(n, 1)} were there.`];
  }

  #coverage(n: number): ContractArticle['story'] {
    const members = this.#story(n);
    if (members === null) return null;
    const coverage = members
      .filter((m) => m !== n)
      .slice(0, COVERAGE)
      .map((m) => ({
        source: this.#source(m).name,
        url: `https://${this.#source(m).id}.example/${this.slug(m)}`,
        title: this.#title(m),
      }));
    return { id: idOf(members[0] ?? n), size: members.length, coverage };
  }

  /** The articles of its story, oldest first; null for one that stands alone. */
  #story(n: number): number[] | null {
    const block = Math.floor(n / BLOCK);
    const sizes = block % GREAT_EVERY === 0 ? [GREAT_SIZE] : SIZES;
    // 7 and 60 have no common part, so this is an order of all places of the block.
    const place = ((n % BLOCK) * 7) % BLOCK;
    let first = 0;
    for (const size of sizes) {
      if (place < first + size)
        return Array.from({ length: size }, (_, k) => block * BLOCK + (((first + k) * 43) % BLOCK))
          .filter((m) => m >= this.oldestMessage && m < this.count)
          .sort((a, b) => a - b);
      first += size;
    }
    return null;
  }
}

function linesOf(nodes: Node[], parent: string | null): MenuLine[] {
  return nodes.flatMap((node) => {
    const path = parent === null ? node.id : `${parent}/${node.id}`;
    return [{ path, label: node.name, parent }, ...linesOf(node.children, path)];
  });
}

/** 0 to 1, always the same for the same number and purpose. */
function chance(n: number, what: string): number {
  return createHash('md5').update(`${what} ${n}`).digest().readUInt32LE(0) / 2 ** 32;
}

/** A place below `count`; the first are taken far more often than the last. */
function zipf(n: number, what: string, count: number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** chance(n, what)) - 1);
}

function idOf(n: number): string {
  const h = createHash('md5').update(`article ${n}`).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20)}`;
}

/** A made name of four syllables and what tells it from all others. */
function nameOf(n: number, which: number): string {
  const key = n * 4 + which;
  const syllables = [key, key / 20, key / 400, key / 8000, key / 160_000].map(
    (k) => SYLLABLES[Math.floor(k) % SYLLABLES.length] ?? '',
  );
  const name = syllables.join('');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 70)
    .replace(/^-+|-+$/g, '') || 'untitled';

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function pickOf<T>(list: readonly T[], at: number): T {
  const one = list[at] ?? list[0];
  if (one === undefined) throw new Error('the set is empty');
  return one;
}
