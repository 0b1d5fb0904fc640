import type { Telemetry } from 'bullmq';

/** Traces of this process. */
export type Tracing = {
  /** Gives each job a span, and hands the trace on to the jobs that it adds. */
  telemetry: Telemetry;
  /** Writes what a job is about into its span. */
  note(data: unknown): void;
  /** Sends what is left. */
  close(): Promise<void>;
};

/** Ids of one job that a span names; a trace back end cuts longer lists anyway. */
const MAX_IDS = 64;

/**
 * Sends traces to a collector by OTLP over HTTP. Loaded only when it is wanted: it takes memory and time at start. Headers,
 * sampling and names are read from the other OTEL_… variables, as OpenTelemetry specifies.
 */
export async function openTracing(endpoint: string): Promise<Tracing> {
  const [{ trace }, { NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources, { BullMQOtel }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('bullmq-otel'),
    ]);
  const { resourceFromAttributes, detectResources, envDetector } = resources;
  const named = resourceFromAttributes({ 'service.name': 'sourcelink' });
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const provider = new NodeTracerProvider({
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  return {
    telemetry: new BullMQOtel({ tracerName: 'sourcelink' }) as unknown as Telemetry,
    note: (data) => trace.getActiveSpan()?.setAttributes(attributesOf(data)),
    async close() {
      await provider.shutdown();
      trace.disable();
    },
  };
}

/** Jobs carry ids alone, so nothing of an article gets into a trace. */
function attributesOf(data: unknown): Record<string, string | number[]> {
  if (typeof data !== 'object' || data === null) return {};
  const { ids, source, sink } = data as { ids?: unknown; source?: unknown; sink?: unknown };
  return {
    ...(Array.isArray(ids) ? { 'sourcelink.candidates': ids.map(Number).slice(0, MAX_IDS) } : {}),
    ...(typeof source === 'string' ? { 'sourcelink.source': source } : {}),
    ...(typeof sink === 'string' ? { 'sourcelink.sink': sink } : {}),
  };
}
