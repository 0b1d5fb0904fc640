/** A piece of text that a step took out or brought back, and why. */
export type Effect = { what: string; why: string };

/** What one step of extraction did. `ms` by the caller's clock; `note` is what it found, in words. */
export type Step = { name: string; ms: number; took: Effect[]; recovered: Effect[]; note: string | null };

/** A record of one extraction, for a person who asks where a text was lost. Without one, nothing is recorded or timed. */
export type Trace = {
  /** Milliseconds; extraction itself has no clock. */
  now: () => number;
  steps: Step[];
  /** Prose of the page that is neither in the article nor among what was taken out, and the elements that hold it. */
  lost: { what: string; where: string }[];
};

/** Runs one step. `tell` says what came of it, and is asked only where there is a trace. */
export function step<T>(
  trace: Trace | null | undefined,
  name: string,
  run: () => T,
  tell?: (result: T) => Partial<Pick<Step, 'took' | 'recovered' | 'note'>>,
): T {
  if (!trace) return run();
  const began = trace.now();
  const result = run();
  const ms = trace.now() - began;
  trace.steps.push({ name, ms, took: [], recovered: [], note: null, ...tell?.(result) });
  return result;
}
