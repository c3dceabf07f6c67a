/** Prints the results of all scenarios at the end. */
import { table } from './results.ts';

export default function print(): void {
  const text = table();
  if (text) console.log(`\n${text}\n`);
}
