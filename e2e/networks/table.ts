/** Prints what the scenarios measured, after all of them. */
import { table } from './results.ts';

export default function print(): void {
  const text = table();
  if (text) console.log(`\n${text}\n`);
}
