import { markdownTable } from '../text/markdown.js';
import { CODES, type ErrorCode } from './errors.js';

/** The part of a code before its first underscore. */
type FamilyOf<Code> = Code extends `${infer Family}_${string}` ? Family : Code;
type Family = FamilyOf<ErrorCode>;

const FAMILIES: Record<Family, [title: string, about: string]> = {
  USAGE: ['Usage', 'The command line was not understood. The command ends with exit code 2.'],
  CONFIG: ['Configuration', 'Found before anything runs. The command ends with exit code 2.'],
  FETCH: ['Fetching', 'About one URL. Other pages and other sources go on.'],
  DISCOVER: ['Discovery', 'About one source: where its articles are listed.'],
  EXTRACT: ['Extraction', 'About one page: what was fetched could not be read as an article.'],
  WEBSUB: ['Hubs', 'About one subscription to a hub. The feed is looked at all the same.'],
  LEDGER: ['Ledger', 'The database is not usable. Nothing is lost; start again when it is.'],
  QUEUE: ['Queue', 'The queue server is not usable. The ledger rebuilds the queues when it is back.'],
  PUBLISH: ['Publishing', 'An article was stopped before it could leave.'],
  SINK: ['Sinks', 'About one delivery to one sink. Other sinks go on.'],
  HTTP: [
    'HTTP',
    'What the HTTP server answers with, as problem details (RFC 9457). Nothing of the pipeline is affected.',
  ],
  SITE: ['Site', 'The reference site could not be opened. The command ends.'],
};

/** Codes of candidates that were left out on purpose. They are decisions, not errors, and stand in the ledger beside them. */
const DECISIONS: [code: string, meaning: string, change: string][] = [
  ['FILTER_INCLUDE', 'The URL matches none of `filters.include`.', 'Widen `filters.include` of the source.'],
  ['FILTER_EXCLUDE', 'The URL matches one of `filters.exclude`.', 'Narrow `filters.exclude` of the source.'],
  ['FILTER_MAX_AGE', 'The article was older than `filters.maxAge` when first seen.', 'Raise `filters.maxAge`.'],
  [
    'FILTER_BACKFILL',
    'The archive listed the page, and its article was published outside of the days asked for.',
    'Run `sourcelink sources backfill` with a longer `--since` or `--until`.',
  ],
  [
    'FILTER_REDIRECT_LINK',
    'The URL is a redirect link of Google News or the like that does not say where it leads; it can be no Source link.',
    "List the outlet's own feed instead of the aggregator's.",
  ],
  [
    'RETRACTED',
    'It was retracted, or it is an article that was retracted and came back.',
    'Take the retraction back with `sourcelink articles retract ID --undo`.',
  ],
  [
    'CLEARED',
    'Its article was kept as long as `keep.articles` or `keep.rejected` says. The URL is remembered while its source lists it.',
    'Raise `keep.articles` for those to come.',
  ],
  [
    'SOURCE_REMOVED',
    'The source left `sources.yaml` while its page waited.',
    'Put the source back, with the same `id`.',
  ],
];

/** docs/errors.md: every code that Sourcelink shows, and what a person can do about it. */
export function errorsPage(): string {
  return `<!-- Written by \`npm run docs\` from config/errors.ts. Change that table, not this file. -->
# Errors

Each error has a stable code. You meet it in the log, in \`sourcelink dead list\`, in \`sourcelink articles show ID --why\`
and in every \`--json\` output. A message names the source or the URL.

*Tried again* says whether the same step may succeed later without anybody changing anything.

- A page (\`FETCH_…\`, \`EXTRACT_…\`) with **yes** comes again after a growing pause, \`fetch.attempts\` times in all. After
  that, and at once with **no**, its candidate is **dead**: it keeps stage, code and reason, and \`sourcelink dead retry\`
  gives it another chance once the cause is fixed. An article that was published before stays published.
- A source (\`DISCOVER_…\`) is visited again when its next visit is due.
- A delivery (\`SINK_…\`) with **yes** comes again until it goes through, at most an hour apart; with **no** it is dead.
- Anything else ends the command.

${Object.entries(FAMILIES).map(section).join('\n\n')}

## Unexpected

\`UNEXPECTED\` stands for an error that Sourcelink did not foresee, and is tried again. Please report it with its message
and the URL.

## Decisions

A candidate that is **rejected** or **retracted** carries one of these codes, or \`EXTRACT_EMPTY\`, \`EXTRACT_NOT_ARTICLE\` or
\`EXTRACT_RETRACTED\` from above. One that was published before stays published, with the code beside it, unless it is retracted.

${markdownTable(
  ['Code', 'Meaning', 'To change it'],
  DECISIONS.map(([code, ...rest]) => [`\`${code}\``, ...rest]),
)}
`;
}

const familyOf = (code: string): string => code.split('_', 1)[0] ?? code;

function section([family, [title, about]]: [string, [string, string]]): string {
  const rows = Object.entries(CODES)
    .filter(([code]) => familyOf(code) === family)
    .map(([code, { retryable, hint }]) => [`\`${code}\``, retryable ? 'yes' : 'no', hint]);
  return `## ${title}\n\n${about}\n\n${markdownTable(['Code', 'Tried again', 'What you can do'], rows)}`;
}
