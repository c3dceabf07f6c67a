/** Collects measurements, one line per scenario, in a file, since each test may run in its own process. */
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

const FILE = new URL('../../target/networks/results.jsonl', import.meta.url).pathname;

/** Times in milliseconds; in pairs, the host's comes first. */
export interface Result {
  scenario: string;
  /** From the start of the fault until the state left `connected`. */
  noticed: (number | undefined)[];
  /** From the end of the fault until both are connected. */
  connected: number;
  /** From the end of the fault until both have received a message. */
  flowing: number;
  messages: number[];
  steps: string[][];
}

export function record(result: Result): void {
  mkdirSync(dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify(result)}\n`);
}

const seconds = (ms: number | null | undefined) => (ms == null ? 'never' : `${(ms / 1000).toFixed(1)} s`);

/** Returns all recorded results as a Markdown table, and deletes them. */
export function table(): string {
  let lines: string[];
  try {
    lines = readFileSync(FILE, 'utf8').trim().split('\n');
  } catch {
    return '';
  }
  rmSync(FILE);
  const rows = lines.map((line) => {
    const { scenario, noticed, connected, flowing, messages, steps } = JSON.parse(line) as Result;
    const how = new Set(steps.flat());
    const way = how.has('datachannel:open') ? 'new connection' : how.has('ice:restart') ? 'ICE restart' : 'ICE alone';
    const cells = [scenario, noticed.map(seconds).join(', '), seconds(connected), seconds(flowing), way, messages.join(' + ')];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| fault | detected after (host, guest) | both connected after its end | first message after its end | recovered by | delivered |',
    '| --- | ---: | ---: | ---: | --- | ---: |',
    ...rows,
  ].join('\n');
}
