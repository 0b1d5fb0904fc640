import { codeOf, hintOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Tried } from '../crawlers/discover/discover.js';
import { type Looked, type Proposal, rate } from '../workers/outlets/propose.js';
import { fillRates, type Sampled } from '../workers/outlets/sample.js';
import type { ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** An outlet whose newest article is older has gone quiet, or its list is an old one. */
const QUIET_DAYS = 60;

/** Shows what an outlet lists, how its articles are read, and the entry for it. */
export function showLooked(terminal: Terminal, looked: Looked, proposal: Proposal, entry: string): void {
  const { seen, sampled } = looked;
  terminal.print(`${terminal.style('green', '✓')} ${count(seen.found.length, 'article')} listed by ${seen.how}`);
  for (const e of seen.endpoints.filter((e) => e.error === null)) terminal.print(`    ${e.kind.padEnd(8)}${e.url}`);
  if (sampled.length > 0) {
    terminal.print();
    showSample(terminal, sampled);
  }
  terminal.print(`\n${terminal.style('bold', 'New entry')}`);
  terminal.print(entry.trimEnd());
  terminal.print();
  for (const [text, hint] of remarks(looked, proposal)) terminal.item(text, hint);
}

function showSample(terminal: Terminal, sampled: Sampled[]): void {
  const read = sampled.filter((s) => s.article !== null);
  terminal.table(
    [{ head: 'title', grow: true }, { head: 'published' }, { head: 'authors' }, { head: 'words', align: 'right' }],
    read.map(({ article: a }) => [
      a?.title ?? '',
      a?.publishedAt?.slice(0, 10) ?? terminal.style('yellow', 'unknown'),
      authorsOf(a?.authors ?? []) || terminal.style('yellow', 'none named'),
      String(a?.wordCount ?? 0),
    ]),
  );
  for (const s of sampled.filter((s) => s.article === null))
    terminal.item(`not read (${codeOf(s.error)}): ${messageOf(s.error)}`, hintOf(codeOf(s.error)));
  const fill = fillRates(sampled);
  terminal.print(
    `${fill.read} of ${fill.sampled} read: ${fill.title} with a title, ${fill.date} with a date, ` +
      `${fill.authors} with authors, ${fill.image} with an image; half have ${count(fill.medianWords, 'word')} or more.`,
  );
}

const LONGEST_AUTHORS = 28;

function authorsOf([first, ...others]: string[]): string {
  if (first === undefined) return '';
  const name = first.length > LONGEST_AUTHORS ? `${first.slice(0, LONGEST_AUTHORS - 1)}…` : first;
  return others.length > 0 ? `${name} +${others.length}` : name;
}

/** What a person should know before saying yes, each with what can be done. */
function remarks({ sampled }: Looked, proposal: Proposal): [text: string, hint: string | null][] {
  const made: [string, string | null][] = [];
  const { newest } = proposal;
  const days = newest === null ? 0 : (Date.now() - Date.parse(newest)) / 86_400_000;
  if (days > QUIET_DAYS)
    made.push([
      `Its newest article dates from ${newest?.slice(0, 10)}.`,
      'Check whether the outlet has a more current list.',
    ]);
  const { read, date } = fillRates(sampled);
  if (read < sampled.length / 2)
    made.push([
      `Only ${read} of ${sampled.length} articles could be read.`,
      'Run `sourcelink try URL` with one of them to see why.',
    ]);
  if (read > 0 && date < read / 2)
    made.push(['Most of its pages do not state a date.', 'Set `extract.date` to the element that shows it.']);
  if (proposal.perDay !== null) made.push([`It publishes ${rate(proposal.perDay)}.`, null]);
  if (proposal.entry['timezone'] === undefined)
    made.push(['Its dates do not include a time zone.', 'Set `timezone:` if its pages show times without a zone.']);
  if (proposal.entry['category'] === undefined && proposal.categories.length > 0) {
    const parts = proposal.categories.slice(0, 3).map((c) => `${c.value} ${c.articles}`);
    made.push([`Articles are categorized one by one. Those read fall into: ${parts.join(', ')}.`, null]);
  }
  return made;
}

/** Says where was looked and what can be done. */
export function nothingFound(terminal: Terminal, { url, seen }: Looked): ExitCode {
  const first = seen.problems[0]?.error ?? new SourcelinkError('DISCOVER_NOTHING', `${url} lists no articles`);
  const hint = HINTS[first.code] ?? first.hint ?? null;
  const message = messageOf(first).replace(/^new: /, '');
  terminal.result({
    added: false,
    url,
    error: { code: first.code, message, hint },
    tried: seen.tried.map((t) => ({ url: t.url, kind: t.kind, says: saysOf(t) })),
  });
  terminal.print(`${terminal.style('red', '✗')} No articles were found at ${url}; nothing was written.`);
  terminal.item(`${first.code} ${message}`, hint);
  if (seen.tried.length > 1) terminal.print('\nExamined:');
  for (const t of seen.tried.length > 1 ? seen.tried : [])
    terminal.print(
      `    ${(t.kind === 'home' ? 'page' : t.kind).padEnd(8)}${t.url}  ${terminal.style('dim', saysOf(t))}`,
    );
  return 1;
}

/** Where the code's own hint speaks of a source that is configured already. */
const HINTS: Record<string, string> = {
  DISCOVER_NOTHING:
    'Name a page that lists articles, or a feed. If scripts build the page, its links cannot be found: look for a feed instead.',
  FETCH_ROBOTS: 'Its robots.txt forbids crawlers to read this page. Ask the publisher for permission or for a feed.',
  FETCH_BLOCKED:
    'The outlet blocks crawlers. Ask the publisher for permission, then set the `headers` or `proxy` that you agreed on.',
  FETCH_FORBIDDEN:
    'The outlet refuses crawlers. Ask the publisher for permission or for a feed, or use a proxy that it accepts.',
  FETCH_HTTP_4XX: 'Check the address in a browser.',
  FETCH_NOT_FOUND: 'Check the address in a browser.',
  FETCH_GONE: 'Check the address in a browser.',
  FETCH_CONNECT: 'Check the address and your network; try again later.',
  FETCH_TIMEOUT: 'Try again later.',
};

function saysOf({ articles, error }: Tried): string {
  if (error !== null) return /\banswered (\d{3})\b/.exec(error.message)?.[1] ?? error.code;
  return articles > 0 ? count(articles, 'article') : 'no articles';
}
