import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Inbox } from '../faults/downstream.js';
import { type Flatness, judge } from './flat.js';
import type { Life, LifeOptions } from './life.js';
import { type OpenOutlets, openOutlets } from './outlets.js';
import type { Sample } from './sample.js';
import { type BackendName, openHook, openStores, writeConfig } from './surroundings.js';
import { inventOutlets, type Outlet } from './world.js';

const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'child.js');
/** How late the last look before the end may be, on top of an outlet's longest pause. */
const LATE_MS = 30 * 60_000;
/** A process that has closed everything ends by itself within this. */
const ENDS_WITHIN_MS = 15_000;

export type RunOptions = { sources: number; hours: number; stepMs: number; seed: number };

export type SoakResult = {
  backend: BackendName;
  visits: number;
  requests: number;
  articles: number;
  /** Reports that were published long enough before the end, and of which no copy arrived. */
  lost: string[];
  twice: number;
  repeats: number;
  violations: Life['violations'];
  flat: Flatness;
  samples: Sample[];
  minutes: number;
  faults: string[];
};

/** One soak on one backend. @throws without the servers that it needs, and when the pipeline breaks down */
export async function soak(
  backend: BackendName,
  options: RunOptions,
  onSample: (sample: Sample) => void,
): Promise<SoakResult> {
  const began = Date.now();
  const stores = await openStores(backend);
  const dir = mkdtempSync(join(tmpdir(), `sourcelink-soak-${backend}-`));
  let ahead = 0;
  const start = Date.now();
  const { hours, stepMs, seed, sources } = options;
  const world = inventOutlets({ seed, hours, outlets: sources, start });
  const outlets = await openOutlets(world, () => Date.now() + ahead);
  const hook = await openHook();
  let keep = true;
  try {
    writeConfig(dir, outlets, hook.url);
    const samples: Sample[] = [];
    const life = await runChild(
      { hours, stepMs, ...stores.urls, configDir: join(dir, 'config'), dataDir: join(dir, 'data') },
      {
        time: (to) => {
          ahead = to;
        },
        sample: (sample) => {
          samples.push(sample);
          onSample(sample);
        },
      },
    );
    const lost = lostOf(world, outlets, hook.inbox, Date.now() + ahead);
    const flat = judge(samples);
    const { twice, repeats, articles } = hook.inbox;
    const faults = [
      ...flat.faults,
      ...(lost.length === 0 ? [] : [`${lost.length} reports did not arrive, the first ${lost[0]}`]),
      ...(twice === 0 ? [] : [`${twice} twice downstream`]),
      ...life.violations.slice(0, 3).map((v) => `${v.rule}: ${v.id} ${v.detail}`),
    ];
    keep = faults.length > 0;
    if (keep) faults.push(`log in ${dir}`);
    const counts = { visits: life.visits, requests: outlets.requests(), articles, lost, twice, repeats };
    const minutes = (Date.now() - began) / 60_000;
    return { backend, ...counts, violations: life.violations, flat, samples, minutes, faults };
  } finally {
    await hook.close();
    await outlets.close();
    await stores.close();
    if (!keep) rmSync(dir, { recursive: true, force: true });
  }
}

function runChild(
  options: LifeOptions,
  heard: { time(ahead: number): void; sample(sample: Sample): void },
): Promise<Life> {
  const child = fork(CHILD, [JSON.stringify(options)], { execArgv: ['--expose-gc', '--enable-source-maps'] });
  let life: Life | null = null;
  let error = 'it ended without a word';
  const ended = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => done(code ?? signal ?? 1)),
  );
  child.on('message', (message: { ahead?: number; sample?: Sample; life?: Life; error?: string }) => {
    if (message.ahead !== undefined) {
      heard.time(message.ahead);
      child.send('heard');
    }
    if (message.sample) heard.sample(message.sample);
    if (message.error !== undefined) error = message.error;
    if (message.life) life = message.life;
  });
  return new Promise((resolve, reject) => {
    child.once('disconnect', async () => {
      const end = await Promise.race([ended, delay(ENDS_WITHIN_MS, 'still running', { ref: false })]);
      if (end === 'still running') child.kill('SIGKILL');
      if (life === null) reject(new Error(`the pipeline broke down: ${error}`));
      else if (end !== 0) reject(new Error(`closed, and yet ${end}: ${life.leftOpen.join(', ')}`));
      else resolve(life);
    });
  });
}

/** Copies have one text: which of them is the report and which the copy depends on who was visited first. */
export function lostOf(world: readonly Outlet[], outlets: OpenOutlets, inbox: Inbox, end: number): string[] {
  const due = new Map<number, string>();
  const arrived = new Set<number>();
  for (const outlet of world)
    for (const piece of outlet.pieces) {
      const url = outlets.urlOf(outlet, piece);
      if (inbox.has(url)) arrived.add(piece.text);
      const seen = outlet.trouble === null && piece.at + outlet.everyMostMs + LATE_MS <= end;
      if (seen && piece.goneAt === null) due.set(piece.text, url);
    }
  return [...due].filter(([text]) => !arrived.has(text)).map(([, url]) => url);
}
