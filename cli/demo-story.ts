import type { DemoOutlets } from '../demo/server.js';
import { type ArticleLine, articleDetail, listArticles } from '../ledger/read/views.js';
import type { Pipeline } from '../workers/main.js';
import type { PassSummary } from '../workers/pass.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** What a demo came to. */
export type DemoEnd = {
  outlets: DemoOutlets;
  first: PassSummary;
  second: PassSummary;
  /** The corrected article's URL. */
  corrected: string;
  /** Path of feed.json. */
  feed: string;
  /** Whether the feed is still there to be looked at when this is told. */
  stays: boolean;
  /** Whether there was a browser for the outlet that needs one. */
  browser: boolean;
};

/** Tells what was seen. @returns whether everything that can be published here was, and the ledger's law holds */
export async function showDemo(terminal: Terminal, pipeline: Pipeline, end: DemoEnd): Promise<boolean> {
  const { db, sinks } = pipeline.ctx;
  const { violations } = await import('../ledger/invariant.js');
  const broken = await violations(db, [...sinks.keys()]);
  const lines = await listArticles(db, { limit: 1000 });
  const sample = lines.find((l) => l.url === end.corrected && l.id !== null) ?? lines.find((l) => l.revision > 0);
  const message = sample?.id ? await newestMessage(pipeline, sample.id) : null;
  const trespasses = end.outlets.trespasses();
  terminal.result({
    first: end.first,
    second: end.second,
    corrected: end.corrected,
    browser: end.browser,
    feed: end.feed,
    trespasses,
    violations: broken,
    sample: message,
    articles: lines,
  });
  showOutlets(terminal, lines, end);
  showCopies(terminal, lines);
  showLeftOut(terminal, lines, end);
  const { updated } = end.second;
  terminal.print(`\n${terminal.style('bold', 'Second pass')}`);
  terminal.item(
    `${count(end.second.notModified, 'request')} for lists and pages answered “not modified” (304), so nothing was downloaded again.`,
  );
  terminal.item(
    `${count(updated, 'article')} updated: ${sample?.url === end.corrected ? sample.title : end.corrected}`,
  );
  if (sample && message) await showSample(terminal, pipeline, sample);
  terminal.print(`\n${terminal.style('bold', 'Where the articles went')}`);
  terminal.item(`queue \`articles\` (BullMQ): ${count(await waitingMessages(pipeline), 'message')} for a consumer`);
  terminal.item(`JSON Feed: ${end.feed}${end.stays ? '' : ' (deleted with the demo; --keep keeps it)'}`);
  terminal.item(
    trespasses.length === 0
      ? 'No request violated a robots.txt.'
      : `Requests that violated robots.txt: ${trespasses.join(', ')}`,
  );
  for (const v of broken) terminal.item(`The ledger is inconsistent: ${v.rule} ${v.id} ${v.detail}`);
  const open = end.first.waiting + end.second.waiting;
  if (open > 0) terminal.item(`${count(open, 'page')} still waiting.`);
  return broken.length === 0 && trespasses.length === 0 && open === 0 && end.first.published > 0 && updated > 0;
}

function showOutlets(terminal: Terminal, lines: ArticleLine[], { outlets, browser, first }: DemoEnd): void {
  terminal.print(`\n${terminal.style('bold', 'What the outlets published')}`);
  terminal.facts(outlets.outlets.map((o) => [o.name, o.about]));
  terminal.print();
  const shown = (l: ArticleLine[]): string => (l.length === 0 ? '·' : String(l.length));
  terminal.table(
    [
      { head: 'outlet', grow: true },
      { head: 'rights' },
      ...['published', 'copies', 'rejected', 'dead'].map((head) => ({ head, align: 'right' as const })),
    ],
    outlets.outlets.map((o) => {
      const of = lines.filter((l) => l.source === o.id);
      const by = (standing: ArticleLine['standing']): string => shown(of.filter((l) => l.standing === standing));
      return [o.name, rightsOf(of), by('published'), by('duplicate'), by('rejected'), by('dead')];
    }),
  );
  const seconds = first.seconds.toFixed(1);
  terminal.print(`\nFirst pass: ${count(first.published, 'article')} published in ${seconds} s.`);
  if (!browser)
    terminal.print(
      terminal.style(
        'yellow',
        'No browser was found, so pages whose text is added by scripts were left out. Install Chromium or set SOURCELINK_BROWSER.',
      ),
    );
}

/** How much of an outlet's articles may be republished: `full 2, link 1`. */
function rightsOf(lines: ArticleLine[]): string {
  const levels = ['full', 'excerpt', 'link'].map((level) => [level, lines.filter((l) => l.rights === level).length]);
  return levels.flatMap(([level, n]) => (n === 0 ? [] : `${level} ${n}`)).join(', ') || '·';
}

/** Reports that several outlets carried: the one that was published, and the copies folded into it. */
function showCopies(terminal: Terminal, lines: ArticleLine[]): void {
  const copies = lines.filter((l) => l.standing === 'duplicate');
  if (copies.length === 0) return;
  terminal.print(`\n${terminal.style('bold', 'Copies attached to their original')}`);
  for (const original of lines.filter((l) => copies.some((c) => c.duplicateOf === l.id))) {
    const of = copies.filter((c) => c.duplicateOf === original.id);
    terminal.item(`${original.title} (${original.source})`);
    for (const c of of) terminal.print(`    = ${c.title} (${c.source})`);
  }
}

function showLeftOut(terminal: Terminal, lines: ArticleLine[], { browser }: DemoEnd): void {
  const out = lines.filter((l) => l.standing === 'rejected' || l.standing === 'dead');
  if (out.length === 0) return;
  terminal.print(`\n${terminal.style('bold', 'Left out, and why')}`);
  for (const l of out.filter((l) => browser || l.code !== 'FETCH_BROWSER'))
    terminal.item(`${l.source}: ${l.reason} (${l.code}) ${l.reason?.includes(l.url) ? '' : l.url}`.trimEnd());
  const scripted = out.filter((l) => !browser && l.code === 'FETCH_BROWSER').length;
  if (scripted > 0) terminal.item(`${count(scripted, 'page')} not read because they need a browser (FETCH_BROWSER)`);
}

async function showSample(terminal: Terminal, pipeline: Pipeline, sample: ArticleLine): Promise<void> {
  const detail = await articleDetail(pipeline.ctx.db, sample.candidate);
  const a = detail?.article;
  if (!a) return;
  terminal.print(`\n${terminal.style('bold', 'One article as a site receives it')}`);
  terminal.facts([
    ['title', a.title],
    ['authors', a.authors.join(', ')],
    ['published', a.publishedAt?.toISOString()],
    ['updated', a.updatedAt?.toISOString()],
    ['categories', a.categories.map((c) => `${c.path} ${c.confidence.toFixed(2)} (${c.by})`).join('\n')],
    ['rights', `${a.rights.level}: ${a.rights.reason}`],
    ['revisions', detail.revisions.map((r) => `${r.revision} ${r.type}`).join('\n')],
    ['text', a.excerpt],
    ['Source link', terminal.style('cyan', a.canonicalUrl)],
  ]);
}

/** The newest message of an article, as it stands in the outbox. */
async function newestMessage({ ctx }: Pipeline, id: string): Promise<unknown> {
  const { revisionsOf } = await import('../ledger/articles.js');
  return (await revisionsOf(ctx.db, id)).at(-1)?.message ?? null;
}

async function waitingMessages({ ctx }: Pipeline): Promise<number> {
  return ctx.queues.articles.getWaitingCount();
}
