/** Figures of a number of runs. */

export interface Summary {
  median: number;
  min: number;
  p90: number;
  max: number;
}

/** To one decimal place, and small numbers to two. */
function round(value: number): number {
  const factor = Math.abs(value) < 10 ? 100 : 10;
  return Math.round(value * factor) / factor;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? NaN : round((low + high) / 2);
}

export function summary(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN);
  return { median: median(values), min: at(0), p90: at(0.9), max: at(1) };
}

/** A median as a multiple of that of the floor. */
export const ratio = (values: readonly number[], floor: readonly number[]): number =>
  Math.round((median(values) / median(floor)) * 100) / 100;

/** How many runs: the variable `RUNS` if it is set. */
export function runs(usual: number): number {
  const asked = Number(process.env.RUNS ?? usual);
  if (!Number.isInteger(asked) || asked < 1) throw new Error(`RUNS must be a positive number, not ${process.env.RUNS}`);
  return asked;
}

/** The same in random order, so that none always comes after the same other one. */
export function shuffled<T>(all: readonly T[]): T[] {
  const keyed = all.map((one) => [Math.random(), one] as const);
  return keyed.toSorted(([a], [b]) => a - b).map(([, one]) => one);
}
