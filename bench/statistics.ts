/** The value that the share `part` (0 to 1) of the numbers does not exceed: 0.5 is the median. NaN when there are none. */
export function quantile(numbers: number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

export const median = (numbers: number[]): number => quantile(numbers, 0.5);

export const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);

export const mean = (numbers: number[]): number => sum(numbers) / numbers.length;

export type Interval = { ratio: number; low: number; high: number };

/**
 * How many times `b` holds `a`, as the ratio of the sums of numbers that were measured in pairs, and the interval that
 * 95 % of such ratios lie in when the pairs are drawn anew with repetition (Efron's bootstrap).
 */
export function pairedRatio(a: number[], b: number[], draws = 2000): Interval {
  const ratios = Array.from({ length: draws }, () => {
    let [above, below] = [0, 0];
    for (let k = 0; k < a.length; k++) {
      const i = Math.floor(Math.random() * a.length);
      above += a[i] ?? 0;
      below += b[i] ?? 0;
    }
    return above / below;
  });
  return { ratio: sum(a) / sum(b), low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) };
}
