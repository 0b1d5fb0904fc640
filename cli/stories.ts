import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { listStories, type StoryLine, type StoryMember, storyMembers } from '../ledger/read/stories.js';
import { mergeStories, moveToStory } from '../ledger/story-rulings.js';
import { whenOf, wholeNumber } from './arguments.js';
import { withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { noArticle, noStory, whichReadArticle, whichStory } from './which.js';
import { ago, count, moment } from './wording.js';

type ListOptions = { since?: Date; limit: number; all?: boolean };

/** `sourcelink stories`: the events that articles report on, and corrections of them. */
export function storiesCommand(program: Command, act: Act): void {
  const stories = program.command('stories').description('Show the events that articles report on, and correct them.');
  stories
    .command('list')
    .description('List stories with at least two articles, newest first.')
    .option('--since <when>', 'only with an article since then: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --limit <number>', 'show at most this many', wholeNumber, 20)
    .option('--all', 'also stories with a single article')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink stories list --since 24h')
    .action(act((terminal, options: ListOptions) => list(terminal, options)));
  stories
    .command('show')
    .description('Show one story: its articles and their copies.')
    .argument('<story>', 'its id or the start of its id')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink stories show 3f2a91c0')
    .action(act((terminal, story: string) => show(terminal, story)));
  stories
    .command('merge')
    .description('Merge one story into another. The result is no longer merged or split automatically.')
    .argument('<story>', 'its id or the start of its id')
    .argument('<into>', 'the story that remains')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink stories merge 3f2a91c0 91be07aa')
    .action(act((terminal, story: string, into: string) => merge(terminal, story, into)));
  stories
    .command('split')
    .description('Move an article and its copies out of its story. Other articles stay.')
    .argument('<article>', 'its id or the start of its id, number, slug or URL')
    .option('--into <story>', 'the story that it belongs to (default: a new story)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  sourcelink stories split 17\n  sourcelink stories split 17 --into 3f2a91c0')
    .action(act((terminal, article: string, options: { into?: string }) => split(terminal, article, options.into)));
}

async function list(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const filter = { since: options.since ?? null, least: options.all ? 1 : 2, limit: options.limit };
  const lines = await withExistingLedger<StoryLine[]>(terminal, readEnv(terminal.env), [], (db) =>
    listStories(db, filter),
  );
  terminal.result({ stories: lines });
  if (lines.length === 0) {
    terminal.print('No stories found.');
    return 0;
  }
  const now = new Date();
  terminal.table(
    [
      { head: 'id' },
      { head: 'articles', align: 'right' },
      { head: 'sources', align: 'right' },
      { head: 'last' },
      { head: 'headline', grow: true },
    ],
    lines.map((s) => [
      s.id.slice(0, 8),
      String(s.size),
      String(s.sources),
      ago(s.lastSeenAt, now),
      s.pinned ? `${s.title} ${terminal.style('dim', '(corrected)')}` : s.title,
    ]),
  );
  if (lines.length === options.limit)
    terminal.note(terminal.errorStyle('dim', `Only the newest ${options.limit} are shown; --limit shows more.`));
  return 0;
}

async function show(terminal: Terminal, wanted: string): Promise<ExitCode> {
  const found = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const story = await whichStory(db, wanted);
    return { story, articles: await storyMembers(db, story.id) };
  });
  if (found === null) throw noStory(wanted);
  const { story, articles } = found;
  terminal.result({ ...story, articles });
  terminal.print(terminal.style('bold', story.title));
  terminal.facts([
    ['id', story.id],
    ['articles', `${story.size}, of ${count(story.sources, 'source')}`],
    ['first seen', moment(story.firstSeenAt)],
    ['last seen', moment(story.lastSeenAt)],
    ['corrected', story.pinned ? 'by a person: it is no longer merged or split automatically' : null],
  ]);
  terminal.print();
  terminal.table(
    [{ head: 'id' }, { head: 'source' }, { head: 'published' }, { head: 'title', grow: true }],
    articles.map((a) => [a.id.slice(0, 8), a.source, moment(a.publishedAt), titleOf(a)]),
  );
  return 0;
}

const titleOf = (a: StoryMember): string =>
  a.copyOf === null ? a.title : `${a.title} (copy of ${a.copyOf.slice(0, 8)})`;

async function merge(terminal: Terminal, wanted: string, wantedInto: string): Promise<ExitCode> {
  const done = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const [story, into] = [await whichStory(db, wanted), await whichStory(db, wantedInto)];
    await mergeStories(db, story.id, into.id);
    return { story, into };
  });
  if (done === null) throw noStory(wanted);
  terminal.result({ id: done.into.id, merged: done.story.id });
  terminal.print(`"${done.story.title}" was merged into "${done.into.title}" (${done.into.id.slice(0, 8)}).`);
  return 0;
}

async function split(terminal: Terminal, wanted: string, wantedInto: string | undefined): Promise<ExitCode> {
  const done = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const { article } = await whichReadArticle(db, wanted);
    const into = wantedInto === undefined ? null : await whichStory(db, wantedInto);
    return { article, into, story: await moveToStory(db, article.id, into?.id ?? null) };
  });
  if (done === null) throw noArticle(wanted);
  const { article, into, story } = done;
  terminal.result({ id: article.id, story });
  const where = into === null ? `a story of its own (${story.slice(0, 8)})` : `"${into.title}" (${story.slice(0, 8)})`;
  terminal.print(`"${article.title}" (${article.sourceId}) was moved to ${where}.`);
  return 0;
}
