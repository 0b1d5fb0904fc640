import { markdownTable } from '../text/markdown.js';
import { CODES, type ErrorCode } from './errors.js';

/** The part of a code before its first underscore. */
type FamilyOf<Code> = Code extends `${infer Family}_${string}` ? Family : Code;
type Family = FamilyOf<ErrorCode>;

const FAMILIES: Record<Family, [title: string, about: string]> = {
  USAGE: ['Usage', 'The command line is wrong. The command exits with code 2.'],
  CONFIG: [
    'Configuration',
    'A configuration file or environment variable is wrong. Nothing was started, and the command exits with code 2.',
  ],
  FETCH: ['Fetching', 'One URL could not be fetched. Other pages and sources are not affected.'],
  DISCOVER: ['Discovery', 'A list of articles (feed, sitemap, section page) of one source could not be used.'],
  EXTRACT: ['Extraction', 'One fetched page could not be read as an article.'],
  WEBSUB: ['Hubs', 'One subscription to a WebSub hub failed. The source is still visited on its schedule.'],
  LEDGER: ['Ledger', 'The ledger (the database) cannot be used. No data is lost; start again when the cause is fixed.'],
  QUEUE: ['Queue', 'The queue server cannot be used. When it is back, the queues are rebuilt from the ledger.'],
  PUBLISH: ['Publishing', 'An article was stopped before it reached a sink.'],
  SINK: ['Sinks', 'One delivery to one sink failed. Other sinks are not affected.'],
  HTTP: [
    'HTTP',
    'The HTTP server answers with these codes as problem details (RFC 9457). The pipeline is not affected.',
  ],
  SITE: ['Site', 'The reference site could not be started. The command exits.'],
};

/** Codes of candidates that were rejected on purpose. They are decisions, not errors, and are stored in the same column of the ledger. */
const DECISIONS: [code: string, meaning: string, change: string][] = [
  ['FILTER_INCLUDE', 'The URL matches none of `filters.include`.', 'Widen `filters.include` of the source.'],
  ['FILTER_EXCLUDE', 'The URL matches one of `filters.exclude`.', 'Narrow `filters.exclude` of the source.'],
  ['FILTER_MAX_AGE', 'The article was older than `filters.maxAge` when first seen.', 'Raise `filters.maxAge`.'],
  [
    'FILTER_BACKFILL',
    'The archive lists the page, but its article was published outside the requested period.',
    'Run `sourcelink sources backfill` with a longer `--since` or `--until`.',
  ],
  [
    'FILTER_REDIRECT_LINK',
    'The URL is a redirect link, such as those of Google News, that does not reveal its target. It cannot serve as the Source link.',
    "List the outlet's own feed instead of the aggregator's.",
  ],
  [
    'RETRACTED',
    'The article was retracted, or its source lists it again after the retraction.',
    'Undo the retraction with `sourcelink articles retract ID --undo`.',
  ],
  [
    'CLEARED',
    'The article was deleted after the time set by `keep.articles` or `keep.rejected`. Its URL is remembered while its source lists it.',
    'To keep future articles longer, raise `keep.articles`.',
  ],
  [
    'SOURCE_REMOVED',
    'The source was removed from `sources.yaml` while this page was waiting.',
    'Add the source again with the same `id`.',
  ],
];

/** docs/errors.md: every code that Sourcelink shows, and what a person can do about it. */
export function errorsPage(): string {
  return `<!-- Written by \`npm run docs\` from config/errors.ts. Change that table, not this file. -->
# Errors

Each error has a stable code. You find it in the log, in \`sourcelink dead list\`, in \`sourcelink articles show ID --why\`
and in every \`--json\` output. A message names the source or the URL.

*Tried again* says whether the same step may succeed later without any change on your side.

- A page (\`FETCH_…\`, \`EXTRACT_…\`) with **yes** is tried again after a growing pause, \`fetch.attempts\` times in all. After
  that, or at once with **no**, its candidate is **dead**: it keeps stage, code and reason, and \`sourcelink dead retry\`
  gives it another chance once the cause is fixed. An article that was published before stays published.
- A source (\`DISCOVER_…\`) is visited again when its next visit is due.
- A delivery (\`SINK_…\`) with **yes** is sent again until it succeeds, at intervals of up to an hour; with **no** it is dead at once.
- Any other error ends the command.

${Object.entries(FAMILIES).map(section).join('\n\n')}

## Unexpected

\`UNEXPECTED\` marks an error that Sourcelink did not foresee. The step is tried again. Please report the error with its message
and the URL.

## Decisions

A candidate that is **rejected** or **retracted** carries one of these codes, or \`EXTRACT_EMPTY\`, \`EXTRACT_NOT_ARTICLE\` or
\`EXTRACT_RETRACTED\` from above. If it was published before, it stays published and keeps the code, unless it is retracted.

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
