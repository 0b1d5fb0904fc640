import { Document, isCollection, type Pair, type Scalar, visit } from 'yaml';
import type { PageDigest, Signals } from '../extractors/profile/digest.js';
import type { Count } from '../extractors/profile/judge.js';
import type { ProfileRecord } from '../ledger/profiles.js';
import type { Rendering } from '../ledger/renderings.js';
import { whyRendered } from '../workers/crawl/rendering.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

const HEAD = ` What the pages of this outlet taught. Sourcelink writes it; it is used on each new page while its state is
 active. The source's own \`extract:\` in sources.yaml goes before it. \`--forget\` begins anew.`;

const COMMENTS: Record<string, string> = {
  version: 'counts the profiles of this source that said something new',
  state:
    'active: in use; unused: it does not improve results; set aside: the pages changed, and a new one is being learned',
  reason: 'measured on the pages below, each read with a profile learned from the others',
  newPages: 'articles read since the profile was made',
  pages: 'number of articles that it was learned from',
  fill: 'share of pages with each field; if it drops on the newest pages, the profile is set aside',
  effect: 'what it changes on those pages; agreement: with the plain text that publishers provide, where they do',
  signals: 'where each field was found on the newest pages, with the number of pages',
  bodyPaths: 'elements that contain the paragraphs, each with its two ancestors and class names',
  tailPaths: 'elements with short lines that follow the text but do not belong to it',
  rendering: 'whether its pages need a browser, with `render: auto`; rendered: pages opened in it so far',
  boilerplate: 'texts that recur in different articles and are removed (only their beginnings are shown)',
};

/** Shown on one line each. */
const FLAT = new Set(['removed', 'added', 'lost', 'agreement', 'title', 'authors', 'publishedAt', 'samples']);

type Known = { record: ProfileRecord | null; digests: PageDigest[]; fresh: number; rendering: Rendering | null };

/** `sourcelink sources profile`: what was learned of a source, as YAML. */
export async function showProfile(terminal: Terminal, id: string): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  chosenSources(config.sources, [id]);
  const none: Known = { record: null, digests: [], fresh: 0, rendering: null };
  const known = await withExistingLedger(terminal, env, none, async (db): Promise<Known> => {
    const { countDigests, readDigests, readProfile } = await import('../ledger/profiles.js');
    const { fresh } = await countDigests(db, id);
    const digests = (await readDigests(db, id)).map((r) => r.digest);
    const { readRenderings } = await import('../ledger/renderings.js');
    const rendering = (await readRenderings(db, [id])).get(id) ?? null;
    return { record: await readProfile(db, id), digests, fresh, rendering };
  });
  const { record, digests, fresh } = known;
  const rendering = known.rendering && opening(known.rendering);
  if (record === null) {
    terminal.result({ source: id, state: null, articlesRead: digests.length, rendering });
    terminal.print(
      `${id} has no profile yet: it is learned from three different articles, and ${count(digests.length, 'article')} of it ${digests.length === 1 ? 'was' : 'were'} read.`,
    );
    if (rendering) terminal.print(`Its pages are ${rendering.reason}.`);
    return 0;
  }
  const shown = { ...contentOf(record, digests, fresh), ...(rendering && { rendering }) };
  terminal.result(shown);
  terminal.print(asYaml(shown).trimEnd());
  return 0;
}

/** `sourcelink sources profile --forget`: drops what was learned and what it was learned from. */
export async function forget(terminal: Terminal, id: string): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  chosenSources(config.sources, [id]);
  const gone = await withExistingLedger(terminal, env, { digests: 0, profile: false, rendering: false }, async (db) => {
    const { forgetProfile } = await import('../ledger/profiles.js');
    const { forgetRendering } = await import('../ledger/renderings.js');
    const rendering = await forgetRendering(db, id);
    return { ...(await forgetProfile(db, id)), rendering };
  });
  terminal.result({ source: id, forgotten: gone });
  terminal.print(
    gone.profile || gone.digests > 0 || gone.rendering
      ? `${id}: the profile learned from ${count(gone.digests, 'article')} was deleted. A new one is learned from the next articles.`
      : `${id}: there was no profile to delete.`,
  );
  return 0;
}

function opening({ way, since, samples, checkAt, rendered, ...rest }: Rendering) {
  return {
    way,
    reason: whyRendered({ way, samples }),
    since: since.toISOString(),
    samples,
    rendered,
    checks: rest.checks,
    nextCheckAt: checkAt?.toISOString() ?? null,
    fruitless: rest.fruitless,
  };
}

function contentOf(
  { sourceId, state, reason, learnedAt, profile, figures }: ProfileRecord,
  digests: PageDigest[],
  fresh: number,
) {
  return {
    source: sourceId,
    version: profile?.version ?? null,
    state,
    reason,
    learnedAt: learnedAt.toISOString(),
    newPages: fresh,
    pages: profile?.pages ?? 0,
    ...(figures && {
      fill: {
        authors: rounded(figures.fill.authors),
        date: rounded(figures.fill.dated),
        medianCharacters: figures.fill.chars,
        inUsualElements: rounded(figures.fill.usual),
      },
      effect: {
        removed: counted(figures.removed),
        added: counted(figures.added),
        lost: counted(figures.lost),
        agreement: figures.agreement && {
          pages: figures.agreement.pages,
          without: rounded(figures.agreement.without),
          with: rounded(figures.agreement.with),
        },
      },
    }),
    signals: {
      title: tally(digests, 'title'),
      authors: tally(digests, 'authors'),
      publishedAt: tally(digests, 'publishedAt'),
    },
    bodyPaths: profile?.bodyPaths.map(readable) ?? [],
    tailPaths: profile?.tailPaths.map(readable) ?? [],
    boilerplate: profile?.boilerplate.map(({ begins, pages }) => ({ begins, pages })) ?? [],
  };
}

const counted = ({ pages, lines, chars }: Count) => ({ pages, lines, characters: chars });

/** A path as `article "story" > div > p`: outermost first, each element with its names. */
const readable = (path: string): string =>
  path
    .split('<')
    .reverse()
    .map((element) => element.replace(/^([^.]*)\.(.*)$/s, (_, tag, names) => (names ? `${tag} "${names}"` : tag)))
    .join(' > ');

const rounded = (n: number): number => Math.round(n * 1000) / 1000;

/** How many pages each signal gave a field of. */
function tally(digests: PageDigest[], field: keyof Signals): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { signals } of digests) {
    const from = signals[field] ?? 'none';
    counts[from] = (counts[from] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a));
}

function asYaml(content: object): string {
  const document = new Document(content);
  document.commentBefore = HEAD;
  visit(document, {
    Pair(_, pair, { length }) {
      const { key, value } = pair as Pair<Scalar<string>, unknown>;
      // At the top alone: only the document and its map are around it.
      const comment = length === 2 ? COMMENTS[key.value] : undefined;
      if (comment) key.commentBefore = ` ${comment}`;
      if (isCollection(value) && FLAT.has(key.value)) value.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
