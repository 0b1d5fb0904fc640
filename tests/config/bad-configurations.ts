// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as an operator writes them

/** Files as an operator might have written them; `bad-configurations.txt` holds the exact answers. */
export type BadConfiguration = {
  mistake: string;
  files: Partial<Record<'sources.yaml' | 'categories.yaml' | 'sourcelink.yaml', string>>;
  variables?: Record<string, string>;
};

const one = (fields: string) =>
  `sources:\n  - id: gazette\n    name: The Gazette\n    url: https://gazette.example/\n${fields}`;
const TREE = 'categories:\n  - { id: world, label: World, children: [{ id: asia, label: Asia }] }\n';
const field = (mistake: string, fields: string): BadConfiguration => ({
  mistake,
  files: { 'sources.yaml': one(fields) },
});
const whole = (mistake: string, text: string): BadConfiguration => ({
  mistake,
  files: { 'sources.yaml': text },
});
const settings = (mistake: string, text: string): BadConfiguration => ({
  mistake,
  files: { 'sources.yaml': one(''), 'sourcelink.yaml': text },
});

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x, x]
${[...'bcdefgh'].map((n, i) => `${n}: &${n} [${Array(10).fill(`*${'abcdefg'[i]}`).join(', ')}]`).join('\n')}
`;

export const badConfigurations: BadConfiguration[] = [
  field('a misspelt field', '    feed: [https://gazette.example/rss]\n'),
  field('a field that means nothing here', '    colour: blue\n'),
  field('a duration without a unit', '    every: 30\n'),
  field('a duration in prose', '    every: 30 minutes\n'),
  field('a duration of nothing', '    every: 0m\n'),
  field('bounds that begin with the longer one', '    every: 12h..5m\n'),
  field('bounds with a gap', '    every: 5m...\n'),
  field('a freshness in prose', '    freshness: soon\n'),
  field('both every and cron', '    every: 15m\n    cron: "0 * * * *"\n'),
  field('a cron expression out of range', '    cron: "61 * * * *"\n'),
  field('a cron expression with too few fields', '    cron: "* * *"\n'),
  field('a cron expression that never comes round', '    cron: "0 0 31 2 *"\n'),
  field('a time zone that does not exist', '    timezone: Europe/Berlinn\n'),
  field('a language by its name', '    language: english\n'),
  field('a language with an underscore', '    language: en_US\n'),
  field('a feed without a scheme', '    feeds:\n      - https://gazette.example/rss\n      - gazette.example/atom\n'),
  field('a feed of another protocol', '    feeds: ["ftp://gazette.example/rss"]\n'),
  field('credentials in a URL', '    feeds: ["https://me:hunter2@gazette.example/rss"]\n'),
  field('text where a list belongs', '    feeds: https://gazette.example/rss\n'),
  field('a list left empty', '    feeds:\n    render: never\n'),
  field('a word that is nearly right', '    republish: ful\n'),
  field('a word that is far off', '    render: sometimes\n'),
  field('a regular expression that does not close', '    filters: { include: ["/news/(\\\\d+"] }\n'),
  field('CSS selectors that are none', '    extract:\n      body: "article["\n      remove: [".a >", ":foo"]\n'),
  field('a number out of range', '    concurrency: 99\n'),
  field('a fraction where a whole number belongs', '    concurrency: 1.5\n'),
  field('a header with a blank in its name', '    headers: { "x token": abc }\n'),
  field('a variable that is not set', '    headers: { authorization: "Bearer ${GAZETTE_TOKEN}" }\n'),
  field('a placeholder that is no name', '    headers: { authorization: "${gazette token}" }\n'),
  {
    ...field(
      'a secret that does not fit its field, which is not shown',
      '    proxy: "${PROXY}"\n    every: ${EVERY}\n',
    ),
    variables: { PROXY: 'hunter2://s3cret', EVERY: 's3cret' },
  },
  {
    mistake: 'a category that does not exist',
    files: {
      'sources.yaml':
        one('    category: world/asai\n') +
        '  - { id: herald, name: Herald, url: "https://herald.example/", category: asia }\n  - { id: echo, name: Echo, url: "https://echo.example/", category: sport }\n',
      'categories.yaml': TREE,
    },
  },
  whole('an empty file', ''),
  whole('a file of comments', '# nothing yet\n'),
  whole('a list at the top', '- id: gazette\n'),
  whole('text in place of the outlets', 'sources: gazette\n'),
  whole('required fields left out', 'sources:\n  - id: gazette\n    url: https://gazette.example/\n  - name: Herald\n'),
  whole('a number as id', 'sources:\n  - id: 24\n    name: "24"\n    url: https://gazette.example/\n'),
  whole('an id with capitals', 'sources:\n  - id: The Gazette\n    name: Gazette\n    url: https://gazette.example/\n'),
  whole(
    'an id twice',
    `${one('')}  - id: herald\n    name: Herald\n    url: https://herald.example/\n  - id: gazette\n    name: Other\n    url: https://other.example/\n`,
  ),
  whole('a tab as indentation', 'sources:\n\t- id: gazette\n'),
  whole(
    'a bracket left open',
    'sources:\n  - id: gazette\n    feeds: [https://gazette.example/rss\n    name: Gazette\n',
  ),
  whole('a key twice', one('    name: Gazette again\n    every: soon\n')),
  whole('text with a colon', one('').replace('The Gazette', 'Gazette: the paper')),
  whole('an alias without its anchor', one('    headers: *shared\n')),
  whole('a mistake in shared defaults', `defaults: &d\n  every: often\n${one('')}`),
  whole('aliases that unfold to millions', BOMB),
  whole('brackets without end', `sources: ${'['.repeat(20_000)}\n`),
  whole('a literal token of the wrong kind, which is not shown', one('    headers: { x-token: 123456 }\n')),
  whole('two documents', `${one('')}---\n${one('')}`),
  settings(
    'settings of the wrong kind',
    'fetch:\n  timeout: 20\n  maxBytes: 8 megabytes\n  respectRobots: false\nkeep: { pages: yes, articles: 3d, rejected: never }\n',
  ),
  settings(
    'an HTTP server that cannot be',
    'http: { enabled: yes, port: 80810, url: api.example, perMinute: 0, cors: [reader.example], token: x }\n',
  ),
  settings(
    'a sink of an unknown type',
    'publish:\n  sinks:\n    articles: { type: queu }\n    Feed: { type: feed }\n    mail: {}\n',
  ),
  settings(
    'exports and feeds with fields left out or wrong',
    'publish:\n  sinks:\n    feeds: { type: feeds, url: wire.example, pages: "https://wire.example/a/", formats: [rss, xml], by: [author] }\n    archive: { type: folder, folder: "", format: nitf }\n    bucket: { type: s3, url: "https://s3.example/b/", accessKeyId: k, secretKey: s }\n',
  ),
  {
    mistake: 'a fallback that is no category',
    files: { 'sources.yaml': one(''), 'categories.yaml': TREE, 'sourcelink.yaml': 'categorize: { fallback: word }\n' },
  },
  {
    mistake: 'mistakes in all three files',
    files: {
      'sources.yaml': one('    evry: 5m\n    category: world/asia\n'),
      'categories.yaml':
        'categories:\n  - id: world\n    label: World\n    iptc: politics\n    children:\n      - { id: asia, label: Asia }\n      - { id: asia, label: Asia again }\n  - { id: World, label: World }\n',
      'sourcelink.yaml': 'site: { prot: 80 }\n',
    },
  },
];
