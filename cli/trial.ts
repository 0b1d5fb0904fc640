import type { CategoryRef, ContractArticle } from '../contract/contract.js';
import type { Article } from '../extractors/article.js';
import type { Trace } from '../extractors/trace.js';
import type { Rendering } from '../ledger/renderings.js';
import { whyRendered } from '../workers/crawl/rendering.js';
import type { Terminal } from './terminal.js';
import { showRemoved, showText } from './trial-text.js';
import type { ProfileEffect } from './try-profile.js';
import { showSteps, traceData } from './try-steps.js';
import { count, middleCut, moment } from './wording.js';
import { messageFor, type Reading, refusalOf } from './would-publish.js';

/** `text`: all of it, and all that was taken out; `html`: the HTML as it would be published; `trace`: each step. */
export type Trial = Reading & {
  profile: ProfileEffect;
  rendering: Rendering | null;
  text: boolean;
  html: boolean;
  trace: Trace | null;
};

/** Shows what would be published of a page, and what decided it. */
export async function showTrial(terminal: Terminal, trial: Trial): Promise<void> {
  const { article: a, source, page } = trial;
  const [{ message, published }, left] = await Promise.all([messageFor(trial), refusalOf(trial)]);
  terminal.result({
    ...message,
    why: {
      source: source.id,
      page: { url: page.url, via: page.via, bytes: page.bytes.byteLength },
      provenance: a.provenance,
      signals: a.rights.signals,
      text: a.text,
      removed: a.removed,
      agency: a.agency,
      section: a.section,
      syndicatedFrom: a.syndicatedFrom,
      profile: trial.profile,
      rendering: { way: trial.rendering?.way ?? null, says: renderingOf(trial) },
      leftOut: left,
      ...(trial.trace && traceData(trial.trace)),
    },
  });
  if (terminal.json) return;
  if (left) terminal.print(`${terminal.style('yellow', `This page would be left out: ${left.reason}.`)}\n`);
  showArticle(terminal, a);
  showDecisions(terminal, a, published);
  head(terminal, 'Read from');
  terminal.facts([
    ['source', `${source.name} (${source.id})`],
    [
      'page',
      `${page.url}\n${bytes(page.bytes.byteLength)} by ${page.via === 'browser' ? 'the browser' : 'plain HTTP'}`,
    ],
    ['rendering', renderingOf(trial)],
    ['charset', a.provenance['charset']],
    ['profile', trial.profile.says],
    ['text', `${count(a.wordCount, 'word')}, ${published.readingMinutes} min${cameFrom(terminal, a, 'text')}`],
  ]);
  showPublished(terminal, a, published, trial.text);
  if (a.removed.length > 0) {
    head(terminal, `Removed from the text (${count(a.removed.length, 'part')})`);
    showRemoved(terminal, a.removed, trial.text);
  }
  if (trial.trace) showSteps(terminal, trial.trace);
  if (trial.html) terminal.print(`\n${terminal.style('bold', 'HTML')}\n${published.html}`);
}

/** How this source's pages are opened, and why, in one line. */
function renderingOf({ source, rendering }: Pick<Trial, 'source' | 'rendering'>): string {
  if (source.render !== 'auto') return `\`render: ${source.render}\` of the source decides`;
  return rendering === null ? 'not known yet: too few pages of this source were read' : whyRendered(rendering);
}

function showArticle(terminal: Terminal, a: Article): void {
  const from = (field: string) => cameFrom(terminal, a, field);
  const date = (field: 'publishedAt' | 'updatedAt'): string =>
    a[field] === null ? terminal.style('yellow', 'unknown') : `${moment(a[field])}${from(field)}`;
  terminal.print(terminal.style('bold', 'Article'));
  terminal.facts([
    ['title', `${terminal.style('bold', a.title)}${from('title')}`],
    ['Source link', `${a.canonicalUrl}${from('canonicalUrl')}`],
    ['taken over', a.syndicatedFrom && `the page states that its text comes from ${a.syndicatedFrom}`],
    [
      'authors',
      a.authors.length > 0 ? `${a.authors.join(', ')}${from('authors')}` : terminal.style('yellow', 'none named'),
    ],
    ['agency', a.agency && `${a.agency}${from('agency')}`],
    ['published', date('publishedAt')],
    ['updated', a.updatedAt && date('updatedAt')],
    ['language', a.language ? `${a.language}${from('language')}` : terminal.style('yellow', 'unknown')],
    ['image', imageOf(terminal, a)],
    ['section', a.section],
    ['tags', a.tags.length > 0 ? `${a.tags.join(', ')}${from('tags')}` : null],
  ]);
}

function showDecisions(terminal: Terminal, a: Article, published: ContractArticle): void {
  head(terminal, 'Decided');
  terminal.facts([
    ['rights', `${terminal.style('bold', a.rights.level)}  ${a.rights.reason}`],
    ['signals', a.rights.signals.map((s) => `${s.name} ${s.value}${terminal.style('dim', ` → ${s.says}`)}`).join('\n')],
    ['noindex', published.noindex ? 'yes: search engines are asked not to index it' : 'no'],
    ['categories', categoryLines(terminal, published.categories)],
  ]);
}

/** What readers would see, and, where that is not all of it, what was read. */
function showPublished(terminal: Terminal, a: Article, published: ContractArticle, all: boolean): void {
  head(terminal, `As published (${a.rights.level})`);
  if (published.text !== undefined) showText(terminal, published.text, all);
  else terminal.print(`  ${terminal.wrapped(published.excerpt || 'Only title and link may be published.', 2)}`);
  const { url } = published.attribution;
  terminal.hanging('  ', terminal.style('dim', `${published.source.name} · Source link ${url}`));
  if (published.text !== undefined) return;
  head(terminal, 'Text as extracted (not published)');
  showText(terminal, a.text, all);
}

const head = (terminal: Terminal, text: string): void => terminal.print(`\n${terminal.style('bold', text)}`);

function cameFrom(terminal: Terminal, a: Article, field: string): string {
  const by = a.provenance[field];
  return by ? terminal.style('dim', `  ← ${by}`) : '';
}

function imageOf(terminal: Terminal, a: Article): string | null {
  if (a.image === null) return null;
  const { url, width, height, alt, credit } = a.image;
  const says = [width && height ? `${width} × ${height}` : null, alt && `“${alt}”`, credit && `credit ${credit}`];
  const told = says.filter(Boolean).join(', ');
  // Addresses of pictures are long and tell nothing; where there is room for all of it, all of it stands.
  const shown = `${middleCut(url, terminal.width - 'Source link  '.length)}${cameFrom(terminal, a, 'image')}`;
  return told ? `${shown}\n${told}` : shown;
}

function categoryLines(terminal: Terminal, all: readonly CategoryRef[]): string {
  if (all.length === 0) return terminal.style('yellow', 'none fits');
  return all
    .map((c) => `${c.confidence.toFixed(2)} ${c.label}${terminal.style('dim', ` (${c.path}, by ${c.by})`)}`)
    .join('\n');
}

const bytes = (n: number): string => (n < 10_000 ? count(n, 'byte') : `${Math.round(n / 1000)} kB`);
