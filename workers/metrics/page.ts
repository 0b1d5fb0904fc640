import { markdownTable } from '../../text/markdown.js';
import { type Definition, METRICS } from './definitions.js';

/** docs/metrics.md: every metric and what it says. */
export function metricsPage(): string {
  return `<!-- Written by \`npm run docs\` from workers/metrics/definitions.ts. Change that table, not this file. -->
# Metrics

\`/metrics\` answers in Prometheus' text format: on the [HTTP server](api.md) of \`start\` and \`serve\`, and with
\`--metrics-port PORT\` (or \`metrics.port\` in sourcelink.yaml) on \`worker\` and \`scheduler\`, which then answer \`/healthz\` and
\`/readyz\` too.

- **Who may read.** Whoever sends \`SOURCELINK_API_TOKEN\` as bearer token. Without a token, only this machine: a server that
  listens on loopback, with neither \`http.url\` nor \`http.proxies\` set.
- **Grafana.** Import [sourcelink.json](grafana/sourcelink.json). [alerts.yaml](grafana/alerts.yaml) are rules for Prometheus.

\`\`\`yaml
# prometheus.yml
rule_files: [alerts.yaml]
scrape_configs:
  - job_name: sourcelink
    authorization: { credentials_file: /etc/prometheus/sourcelink-token }
    static_configs: [{ targets: ["127.0.0.1:8081"] }]
\`\`\`

## Of the process

Each process counts what it does itself, from 0 when it starts. Sum over all of them: \`sum(rate(sourcelink_fetches_total[5m]))\`.

${tableOf('process')}

Beside them stand \`process_…\` and \`nodejs_…\`: CPU, memory, handles, event loop and garbage collection.

## Of the installation

Read from the ledger and the queues at each scrape; the same wherever it is asked. \`start\`, \`serve\` and \`scheduler\` answer them,
\`worker\` does not. Where several do, take \`max\`.

${tableOf('ledger')}
`;
}

function tableOf(of: Definition['of']): string {
  const chosen = Object.entries<Definition>(METRICS).filter(([, m]) => m.of === of);
  return markdownTable(
    ['Metric', 'Type', 'Labels', 'Meaning'],
    chosen.map(([name, m]) => [`\`${name}\``, m.type, m.labels.map((l) => `\`${l}\``).join(', '), m.help]),
  );
}
