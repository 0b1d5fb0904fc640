/** One metric: what it counts, in which unit, by which labels. `process`: of each process; `ledger`: of the whole installation. */
export type Definition = {
  type: 'counter' | 'gauge' | 'histogram';
  of: 'process' | 'ledger';
  help: string;
  labels: readonly string[];
  /** Upper bounds of a histogram, in its unit. */
  buckets?: readonly number[];
};

const SHORT = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG = [0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const LAG = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Every metric by its name. docs/metrics.md is made from it, and the Grafana board is tested against it. */
export const METRICS = {
  sourcelink_visits_total: {
    type: 'counter',
    of: 'process',
    labels: ['state'],
    help: 'Visits to sources that ended, by the state that they found the source in.',
  },
  sourcelink_discovery_requests_total: {
    type: 'counter',
    of: 'process',
    labels: [],
    help: 'Requests for feeds, sitemaps and section pages.',
  },
  sourcelink_discovered_total: {
    type: 'counter',
    of: 'process',
    labels: [],
    help: 'Candidates that visits found for the first time.',
  },
  sourcelink_fetches_total: {
    type: 'counter',
    of: 'process',
    labels: ['outcome', 'code'],
    help: 'Pages asked for: `fetched`, `not_modified`, or `failed` with the code of the error.',
  },
  sourcelink_fetched_bytes_total: {
    type: 'counter',
    of: 'process',
    labels: ['via'],
    help: 'Bytes of fetched pages after decompression, by `http` or `browser`.',
  },
  sourcelink_extractions_total: {
    type: 'counter',
    of: 'process',
    labels: ['outcome', 'code'],
    help: 'Pages read: `article`, or `failed` with the code of the error or verdict.',
  },
  sourcelink_extraction_duration_seconds: {
    type: 'histogram',
    of: 'process',
    labels: [],
    buckets: SHORT,
    help: 'Time to read a page, waiting for a thread included.',
  },
  sourcelink_judged_total: {
    type: 'counter',
    of: 'process',
    labels: ['verdict'],
    help: 'Articles compared with others: `original` or `duplicate`.',
  },
  sourcelink_revisions_total: {
    type: 'counter',
    of: 'process',
    labels: ['type'],
    help: 'Revisions written into the outbox by filing, by the type of their message.',
  },
  sourcelink_discovery_lag_seconds: {
    type: 'histogram',
    of: 'process',
    labels: [],
    buckets: LAG,
    help: 'From publication at the outlet to discovery, of new articles that say when they were published and were found within a day.',
  },
  sourcelink_publish_delay_seconds: {
    type: 'histogram',
    of: 'process',
    labels: [],
    buckets: LONG,
    help: 'From discovery of a new article to its entry in the outbox.',
  },
  sourcelink_deliveries_total: {
    type: 'counter',
    of: 'process',
    labels: ['sink', 'outcome'],
    help: 'Deliveries handed to a sink: `delivered`, `retry` or `dead`.',
  },
  sourcelink_delivery_duration_seconds: {
    type: 'histogram',
    of: 'process',
    labels: ['sink'],
    buckets: LONG,
    help: 'Time that a sink took for one batch.',
  },
  sourcelink_jobs_total: {
    type: 'counter',
    of: 'process',
    labels: ['queue', 'outcome'],
    help: 'Jobs that ended: `done`, `busy` (put off, what they need is in other hands) or `failed`.',
  },
  sourcelink_job_duration_seconds: {
    type: 'histogram',
    of: 'process',
    labels: ['queue'],
    buckets: LONG,
    help: 'Time that a job took.',
  },
  sourcelink_cleared_total: {
    type: 'counter',
    of: 'process',
    labels: ['what'],
    help: 'Rows that were kept as long as `keep` says: `articles`, `candidates`, `pages`, `runs`.',
  },
  sourcelink_ledger_up: {
    type: 'gauge',
    of: 'ledger',
    labels: [],
    help: '1 when the ledger answered this scrape. With 0 the other metrics of the installation are missing or NaN.',
  },
  sourcelink_sources: {
    type: 'gauge',
    of: 'ledger',
    labels: ['state'],
    help: 'Sources that are switched on, by state: `new`, `ok`, `empty`, `failing`, `blocked`, `moved`, `paused`.',
  },
  sourcelink_source_failures: {
    type: 'gauge',
    of: 'ledger',
    labels: ['source'],
    help: 'Visits in a row that failed. Only of sources that fail, the 100 worst.',
  },
  sourcelink_visit_overdue_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: [],
    help: 'How long ago the most overdue visit should have been; 0 when none is.',
  },
  sourcelink_last_visit_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: [],
    help: 'Since the last visit to any source; NaN before the first.',
  },
  sourcelink_candidates_waiting: {
    type: 'gauge',
    of: 'ledger',
    labels: ['stage', 'lane'],
    help: 'Candidates that wait at a stage, by lane: `fresh` or `backfill`.',
  },
  sourcelink_candidate_oldest_due_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: ['stage'],
    help: 'How long the candidate that waits longest at a stage has been due.',
  },
  sourcelink_candidates_dead: {
    type: 'gauge',
    of: 'ledger',
    labels: ['stage'],
    help: 'Candidates that are dead, by the stage where they died.',
  },
  sourcelink_outbox_waiting: {
    type: 'gauge',
    of: 'ledger',
    labels: ['sink'],
    help: 'Deliveries that wait for a sink.',
  },
  sourcelink_outbox_lag_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: ['sink'],
    help: 'Age of the oldest delivery that waits for a sink.',
  },
  sourcelink_outbox_dead: {
    type: 'gauge',
    of: 'ledger',
    labels: ['sink'],
    help: 'Deliveries that a sink refused for good.',
  },
  sourcelink_sink_failures: {
    type: 'gauge',
    of: 'ledger',
    labels: ['sink'],
    help: 'Times in a row that a sink took nothing.',
  },
  sourcelink_sink_paused: {
    type: 'gauge',
    of: 'ledger',
    labels: ['sink'],
    help: '1 when a sink is paused.',
  },
  sourcelink_queue_jobs: {
    type: 'gauge',
    of: 'ledger',
    labels: ['queue', 'state'],
    help: 'Jobs in a queue: `waiting` (lower priorities included), `active`, `delayed` or `failed`.',
  },
} as const satisfies Record<string, Definition>;

type All = typeof METRICS;
export type MetricName = keyof All;
export type NameOf<T extends Definition['type']> = {
  [N in MetricName]: All[N]['type'] extends T ? N : never;
}[MetricName];
/** One value for each label of a metric. */
export type LabelsOf<N extends MetricName> = Record<All[N]['labels'][number], string>;
