/** Where the results go: tables for people, a file for scripts. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';

const OUTPUT = process.env.BENCH_OUT ?? new URL('../../../target/bench/browser.json', import.meta.url).pathname;

/** Writes the results of one part. Those of other parts, of this run or an earlier one, stay. */
export function save(part: string, results: object): void {
  const saved = existsSync(OUTPUT) ? (JSON.parse(readFileSync(OUTPUT, 'utf8')) as Record<string, unknown>) : {};
  saved[part] = { at: new Date().toISOString(), processors: availableParallelism(), ...results };
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, `${JSON.stringify(saved, null, 2)}\n`);
}

/** Prints a table with a title. */
export function print(title: string, rows: Record<string, object>): void {
  console.log(`\n${title}`);
  console.table(rows);
}
