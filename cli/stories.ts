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

/** `sourcelink stories`: the events that articles are about, and what a person knows better of them. */
export function storiesCommand(program: Command, act: Act): void {
  const stories = program
    .command('stories')
    .description('Look at the events that articles are about, and correct them.');
  stories
    .command('list')
    .description('Stories of two articles or more, newest first.')
    .option('--since <when>', 'only those that got something since: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --limit <number>', 'at most so many', wholeNumber, 20)
    .option('--all', 'those of one article too')
    .option('--json', 'one object on standard output')
    .addHelpText('after', '\nExample:\n  sourcelink stories list --since 24h')
    .action(act((terminal, options: ListOptions) => list(terminal, options)));
  stories
    .command('show')
    .description('One story: its articles and their copies.')
    .argument('<story>', 'its id or the start of it')
    .option('--json', 'one object on standard output')
    .addHelpText('after', '\nExample:\n  sourcelink stories show 3f2a91c0')
    .action(act((terminal, story: string) => show(terminal, story)));
  stories
    .command('merge')
    .description('Make one story part of another. It is neither merged nor divided by itself from then on.')
    .argument('<story>', 'its id or the start of it')
    .argument('<into>', 'the story that stays')
    .option('--json', 'one object on standard output')
    .addHelpText('after', '\nExample:\n  sourcelink stories merge 3f2a91c0 91be07aa')
    .action(act((terminal, story: string, into: string) => merge(terminal, story, into)));
  stories
    .command('split')
    .description('Take an article with its copies out of its story. Nothing else moves.')
    .argument('<article>', 'its id or the start of it, number, slug or URL')
    .option('--into <story>', 'the story that it belongs to; without it, one of its own')
    .option('--json', 'one object on standard output')
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
    terminal.print('No such stories.');
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
    terminal.note(terminal.errorStyle('dim', `The newest ${options.limit}; --limit shows more.`));
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
    ['corrected', story.pinned ? 'by a person: it is neither merged nor divided by itself' : null],
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
  terminal.print(`"${done.story.title}" is part of "${done.into.title}" (${done.into.id.slice(0, 8)}).`);
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
  terminal.print(`"${article.title}" (${article.sourceId}) is in ${where}.`);
  return 0;
}
