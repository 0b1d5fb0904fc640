/** One metric with its type, help text and labels. `process`: measured per process; `ledger`: for the whole installation. */
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
    help: 'Finished visits to sources, by the resulting state of the source.',
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
    help: 'Candidates discovered for the first time.',
  },
  sourcelink_fetches_total: {
    type: 'counter',
    of: 'process',
    labels: ['outcome', 'code'],
    help: 'Page requests by outcome: `fetched`, `not_modified`, or `failed` with the error code.',
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
    help: 'Extracted pages by outcome: `article`, or `failed` with the code of the error or decision.',
  },
  sourcelink_extraction_duration_seconds: {
    type: 'histogram',
    of: 'process',
    labels: [],
    buckets: SHORT,
    help: 'Time to extract a page, including the wait for a thread.',
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
    help: 'Revisions written to the outbox by categorization, by message type.',
  },
  sourcelink_discovery_lag_seconds: {
    type: 'histogram',
    of: 'process',
    labels: [],
    buckets: LAG,
    help: 'Time from publication by the outlet to discovery, for new articles that state a publication time and were discovered within a day of it.',
  },
  sourcelink_publish_delay_seconds: {
    type: 'histogram',
    of: 'process',
    labels: [],
    buckets: LONG,
    help: 'Time from the discovery of a new article to its entry in the outbox.',
  },
  sourcelink_deliveries_total: {
    type: 'counter',
    of: 'process',
    labels: ['sink', 'outcome'],
    help: 'Delivery attempts by outcome: `delivered`, `retry` or `dead`.',
  },
  sourcelink_delivery_duration_seconds: {
    type: 'histogram',
    of: 'process',
    labels: ['sink'],
    buckets: LONG,
    help: 'Time that a sink took to process one batch.',
  },
  sourcelink_jobs_total: {
    type: 'counter',
    of: 'process',
    labels: ['queue', 'outcome'],
    help: 'Finished jobs by outcome: `done`, `busy` (postponed because another worker holds what the job needs) or `failed`.',
  },
  sourcelink_job_duration_seconds: {
    type: 'histogram',
    of: 'process',
    labels: ['queue'],
    buckets: LONG,
    help: 'Duration of a job.',
  },
  sourcelink_cleared_total: {
    type: 'counter',
    of: 'process',
    labels: ['what'],
    help: 'Rows deleted after the retention period set by `keep`: `articles`, `candidates`, `pages`, `runs`.',
  },
  sourcelink_ledger_up: {
    type: 'gauge',
    of: 'ledger',
    labels: [],
    help: '1 when the ledger answered this scrape. At 0, the other metrics of the installation are missing or NaN.',
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
    help: 'Consecutive failed visits, for the 100 worst of the failing sources.',
  },
  sourcelink_visit_overdue_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: [],
    help: 'Delay of the most overdue visit; 0 when no visit is overdue.',
  },
  sourcelink_last_visit_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: [],
    help: 'Time since the last visit to any source; NaN before the first visit.',
  },
  sourcelink_candidates_waiting: {
    type: 'gauge',
    of: 'ledger',
    labels: ['stage', 'lane'],
    help: 'Candidates waiting at a stage, by lane: `fresh` or `backfill`.',
  },
  sourcelink_candidate_oldest_due_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: ['stage'],
    help: 'Time since the longest-waiting candidate at a stage became due.',
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
    help: 'Deliveries waiting for a sink.',
  },
  sourcelink_outbox_lag_seconds: {
    type: 'gauge',
    of: 'ledger',
    labels: ['sink'],
    help: 'Age of the oldest delivery waiting for a sink.',
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
    help: 'Consecutive attempts in which a sink accepted nothing.',
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
