import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { messageOf, SourcelinkError } from '../config/errors.js';
import type { StoredPage } from '../ledger/pages.js';
import { decode } from '../text/charset.js';

/** A page of the ledger with what was read of it. `id` becomes the name of its file. */
export type ReadArticle = {
  id: string;
  page: Pick<StoredPage, 'url' | 'headers' | 'bytes'>;
  text: string;
  title: string;
  authors: string[];
  publishedAt: Date | null;
};

/**
 * Adds pages to the labelled set at `dir`, each labelled with what was read of it, for a person to correct. What
 * truth.json says already is left as it stands.
 * @returns ids that were added, and ids that were there
 * @throws SourcelinkError `CONFIG_INVALID` when truth.json is broken, `USAGE` when `dir` cannot be written
 */
export function addToSet(dir: string, articles: readonly ReadArticle[]): { added: string[]; there: string[] } {
  const file = join(dir, 'truth.json');
  const labels = labelsOf(file);
  const [added, there]: [string[], string[]] = [[], []];
  try {
    mkdirSync(join(dir, 'pages'), { recursive: true });
    for (const article of articles) {
      if (Object.hasOwn(labels, article.id)) there.push(article.id);
      else {
        writeFileSync(join(dir, 'pages', `${article.id}.html.gz`), gzipSync(article.page.bytes));
        labels[article.id] = labelOf(article);
        added.push(article.id);
      }
    }
    if (added.length > 0) writeFileSync(file, `${JSON.stringify(labels, null, 2)}\n`);
  } catch (cause) {
    throw new SourcelinkError('USAGE', `Cannot write into ${dir}`, { cause, hint: 'Name another folder.' });
  }
  return { added, there };
}

function labelsOf(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  try {
    const written: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof written === 'object' && written !== null && !Array.isArray(written)) return { ...written };
    throw new Error('it holds no object');
  } catch (cause) {
    throw new SourcelinkError('CONFIG_INVALID', `${file} cannot be added to: ${messageOf(cause)}`, {
      hint: 'Correct it by hand, or name another folder.',
    });
  }
}

function labelOf({ page, text, title, authors, publishedAt }: ReadArticle): object {
  const { charset } = decode(page.bytes, page.headers['content-type'], null);
  return {
    url: page.url,
    body: text,
    title,
    authors,
    ...(publishedAt && { date: publishedAt.toISOString().slice(0, 10) }),
    ...(charset !== 'UTF-8' && { charset }),
  };
}
