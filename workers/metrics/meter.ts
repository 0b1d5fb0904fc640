import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Definition, type LabelsOf, METRICS, type MetricName, type NameOf } from './definitions.js';

/** Where a process counts what it does. */
export type Meter = {
  add<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by?: number): void;
  observe<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>, seconds: number): void;
  /** Begins a measurement that the returned function ends. */
  start<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>): () => void;
  set<N extends NameOf<'gauge'>>(name: N, labels: LabelsOf<N>, value: number): void;
  /** Forgets all gauges, before they are set anew. */
  clearGauges(): void;
  /** Adds what Node says of the process: CPU, memory, event loop. */
  watchProcess(): void;
  /** In Prometheus' text format 0.0.4. `of` leaves the metrics of the installation out. */
  text(of: 'process' | 'all'): Promise<string>;
};

/** The media type of `text()`. */
export const TEXT_FORMAT = Registry.PROMETHEUS_CONTENT_TYPE;

/** @param clock milliseconds that only ever grow */
export function createMeter(clock: () => number = () => performance.now()): Meter {
  const registries = { process: new Registry(), ledger: new Registry() };
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, metric] of Object.entries<Definition>(METRICS)) {
    const made = { name, help: metric.help, labelNames: metric.labels, registers: [registries[metric.of]] };
    if (metric.type === 'counter') counters.set(name, new Counter(made));
    else if (metric.type === 'gauge') gauges.set(name, new Gauge(made));
    else histograms.set(name, new Histogram({ ...made, buckets: [...(metric.buckets ?? [])] }));
  }
  let watching = false;
  const observe = (name: MetricName, labels: Record<string, string>, seconds: number) =>
    histograms.get(name)?.observe(labels, seconds);
  return {
    add: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    observe,
    start(name, labels) {
      const began = clock();
      return () => observe(name, labels, (clock() - began) / 1000);
    },
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    clearGauges() {
      for (const gauge of gauges.values()) gauge.reset();
    },
    watchProcess() {
      if (!watching) collectDefaultMetrics({ register: registries.process });
      watching = true;
    },
    async text(of) {
      const own = await registries.process.metrics();
      return of === 'process' ? own : `${own}\n${await registries.ledger.metrics()}`;
    },
  };
}
