/** What `npm run bench pipeline` asks of one of its processes, and what that process answers. */
export type Job = {
  role: 'afternoon' | 'pass' | 'worker';
  /** `sources.yaml` for the pipeline, and the same outlets' feeds for the script. */
  list: string;
  feeds: string[];
  proxy: string;
  databaseUrl: string | null;
  queueUrl: string | null;
  dataDir: string;
};
export type Result = { articles: number };
export type Told = { ready: true } | (Result & { seconds: number; cpuMs: number; peakMb: number });
