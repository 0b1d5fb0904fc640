import type { Sample } from './sample.js';

/** Before this share of the hours, and at least before this hour, things still warm up: caches, compiled code, first pages. */
const WARM = { share: 1 / 6, hour: 4 };
/** Per hour, as a share of the mean: what the 95 % interval of the heap's slope must lie below, and the resident memory's slope itself. */
const HEAP_SLOPE = 0.005;
const RSS_SLOPE = 0.01;
/** Handles and descriptors, each at its least, may be so many more in the last third than in the first. */
const HANDLES = 10;
/** What is bounded otherwise may be so much larger at the end than it was in the middle, as a share and in bytes: pages are whole. */
const BOUNDED = { share: 0.1, bytes: 256 * 1024 };
/** Bytes of an article in the second half of the run may exceed those in the first by this share. */
const PER_ARTICLE = 0.2;
/**
 * Finished jobs: six stages keep 200 each, the queue of articles each message for a week, of which an article has three at most
 * here. By this share a kept job may take more room at the end than in the middle.
 */
const JOBS = { stages: 6 * 200 * 1.1, anArticle: 3, share: 0.1 };
const MB = 1_048_576;

/** The table of jobs: as large as there are jobs kept. */
const OF_JOBS = 'bullmq.job';
/** Tables that keep something of every article for ever. All others are bounded: by sources, or by retention. */
const KEPT = 'candidate article revision delivery story tombstone tombstone_band digest profile'
  .split(' ')
  .map((name) => `sourcelink.${name}`);

export type Slope = { perHour: number; low: number; high: number };

/** Least squares through (x, y), with the 95 % interval of the slope (Student's t). */
export function slopeOf(points: readonly { x: number; y: number }[]): Slope {
  const n = points.length;
  if (n < 3) return { perHour: Number.NaN, low: Number.NaN, high: Number.NaN };
  const mx = points.reduce((s, p) => s + p.x, 0) / n;
  const my = points.reduce((s, p) => s + p.y, 0) / n;
  const sxx = points.reduce((s, p) => s + (p.x - mx) ** 2, 0);
  const perHour = points.reduce((s, p) => s + (p.x - mx) * (p.y - my), 0) / sxx;
  const rest = points.reduce((s, p) => s + (p.y - my - perHour * (p.x - mx)) ** 2, 0);
  const within = student(n - 2) * Math.sqrt(rest / (n - 2) / sxx);
  return { perHour, low: perHour - within, high: perHour + within };
}

/** The 0.975 quantile of Student's t (Cornish and Fisher's expansion; within 1 % from three degrees of freedom on). */
function student(freedom: number): number {
  const z = 1.959964;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), z);
}

export type Growth = {
  /** `kept`: something of every article; `jobs`: those of the queues; `bounded`: by the number of sources, or by retention. */
  name: string;
  kind: 'kept' | 'jobs' | 'bounded';
  rows: [number, number, number];
  mb: [number, number, number];
  /** Bytes of one more article in the first and the second half; null for what is bounded. */
  perArticle: [number, number] | null;
  flat: boolean;
};

export type Flatness = {
  warm: number;
  /** Shares of the mean. */
  heap: Slope & { startMb: number; endMb: number };
  rss: Slope & { startMb: number; endMb: number };
  /** The least of the first and of the last third. */
  handles: [number, number];
  descriptors: [number, number] | null;
  /** Open files of the ledger's tables. */
  ledgerFiles: [number, number];
  redis: [number, number, number] | null;
  /** Finished jobs that the queues keep. */
  jobs: [number, number, number];
  growth: Growth[];
  /** What is not flat, in words. */
  faults: string[];
};

/** Whether the hours after the first ones show growth that would go on. @throws with too few samples */
export function judge(samples: readonly Sample[]): Flatness {
  const last = samples.at(-1);
  const warm = Math.min(WARM.hour, Math.ceil((last?.hour ?? 0) * WARM.share));
  const after = samples.filter((s) => s.hour >= warm);
  const [first, middle] = [after[0], after[Math.floor(after.length / 2)]];
  if (!first || !middle || !last || after.length < 4) throw new Error('too few hours to judge: run at least five');
  const relative = (of: (s: Sample) => number) => {
    const mean = after.reduce((sum, s) => sum + of(s), 0) / after.length;
    const slope = slopeOf(after.map((s) => ({ x: s.hour, y: of(s) / mean })));
    return { ...slope, startMb: of(first), endMb: of(last) };
  };
  const [heap, rss] = [relative((s) => s.heapMb), relative((s) => s.rssMb)];
  const third = Math.ceil(after.length / 3);
  // Pools keep connections for a while: what is open at the quietest moment is what stays open.
  const least = (of: (s: Sample) => number): [number, number] => [
    Math.min(...after.slice(0, third).map(of)),
    Math.min(...after.slice(-third).map(of)),
  ];
  const handles = least((s) => Object.values(s.handles).reduce((sum, n) => sum + n, 0));
  const descriptors = first.descriptors === null ? null : least((s) => s.descriptors ?? 0);
  const ledgerFiles = least((s) => Object.keys(s.ledgerFiles).length);
  const twice = Object.entries(last.ledgerFiles).filter(([, times]) => times > 1);
  const redis: Flatness['redis'] =
    first.redisMb === null ? null : [first.redisMb, middle.redisMb ?? 0, last.redisMb ?? 0];
  const jobs: Flatness['jobs'] = [jobsOf(first), jobsOf(middle), jobsOf(last)];
  const ofJobs = redis && { middle: redis[1] / jobs[1], end: redis[2] / jobs[2] };
  const growth = Object.keys(last.tables).map((name) => growthOf(name, first, middle, last));
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const faults = [
    ...(heap.high < HEAP_SLOPE ? [] : [`the heap grows by up to ${percent(heap.high)} an hour`]),
    ...(rss.perHour < RSS_SLOPE ? [] : [`resident memory grows by ${percent(rss.perHour)} an hour`]),
    ...differ('handles', handles),
    ...(descriptors ? differ('descriptors', descriptors) : []),
    ...twice.map(([path, times]) => `${path} is open ${times} times`),
    ...(jobs[2] <= JOBS.stages + JOBS.anArticle * last.articles ? [] : [`${jobs[2]} finished jobs are kept`]),
    ...(ofJobs && !isFlatPerJob(ofJobs)
      ? [`Redis takes ${kb(ofJobs.end)} KB a job, and took ${kb(ofJobs.middle)}`]
      : []),
    ...growth.filter((g) => !g.flat).map(said),
  ];
  return { warm, heap, rss, handles, descriptors, ledgerFiles, redis, jobs, growth, faults };
}

function growthOf(name: string, first: Sample, middle: Sample, last: Sample): Growth {
  const [a, b, c] = [first, middle, last].map((s) => s.tables[name] ?? { rows: 0, bytes: 0 });
  if (!a || !b || !c) throw new Error('unreachable');
  const sizes = {
    rows: [a.rows, b.rows, c.rows] as Growth['rows'],
    mb: [a.bytes / MB, b.bytes / MB, c.bytes / MB] as Growth['mb'],
  };
  if (name === OF_JOBS) {
    const each = { middle: b.bytes / b.rows, end: c.bytes / c.rows };
    return { name, kind: 'jobs', ...sizes, perArticle: null, flat: isFlatPerJob(each) };
  }
  if (!KEPT.includes(name))
    return { name, kind: 'bounded', ...sizes, perArticle: null, flat: isBounded(b.bytes, c.bytes) };
  const early = (b.bytes - a.bytes) / Math.max(1, middle.articles - first.articles);
  const late = (c.bytes - b.bytes) / Math.max(1, last.articles - middle.articles);
  const more = (late - early) * (last.articles - middle.articles);
  const flat = late <= early * (1 + PER_ARTICLE) || more < BOUNDED.bytes;
  return { name, kind: 'kept', ...sizes, perArticle: [early, late], flat };
}

const isBounded = (middle: number, end: number): boolean => end - middle <= BOUNDED.bytes + middle * BOUNDED.share;

const isFlatPerJob = ({ middle, end }: { middle: number; end: number }): boolean => end <= middle * (1 + JOBS.share);

const jobsOf = (s: Sample): number => (s.jobs['completed'] ?? 0) + (s.jobs['failed'] ?? 0);

const kb = (megabytes: number): string => (megabytes * 1024).toFixed(1);

const differ = (what: string, [a, b]: [number, number]): string[] =>
  b - a <= HANDLES ? [] : [`${what} went from ${a} to ${b}`];

function said({ name, mb, perArticle }: Growth): string {
  if (perArticle === null) return `${name} grew from ${mb[1].toFixed(2)} to ${mb[2].toFixed(2)} MB`;
  return `an article takes ${Math.round(perArticle[1])} bytes in ${name}, and took ${Math.round(perArticle[0])}`;
}
