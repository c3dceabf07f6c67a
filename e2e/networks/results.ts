/** What was measured: one line a scenario, kept in a file, as every test may run in a process of its own. */
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

const FILE = new URL('../../target/networks/results.jsonl', import.meta.url).pathname;

/** Times in milliseconds; of two, the host's comes first. */
export interface Result {
  scenario: string;
  /** From the beginning of the fault until the state left `connected`. */
  noticed: (number | undefined)[];
  /** From the end of the fault until both are connected. */
  connected: number;
  /** From the end of the fault until both have got a message. */
  flowing: number;
  messages: number[];
  steps: string[][];
}

export function record(result: Result): void {
  mkdirSync(dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify(result)}\n`);
}

const seconds = (ms: number | null | undefined) => (ms == null ? 'not' : `${(ms / 1000).toFixed(1)} s`);

/** All that was recorded, as a table in Markdown, and forgets it. */
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
    const way = how.has('datachannel:open') ? 'fresh' : how.has('ice:restart') ? 'restart' : 'by itself';
    const cells = [scenario, noticed.map(seconds).join(', '), seconds(connected), seconds(flowing), way, messages.join(' + ')];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| fault | noticed after (host, guest) | connected after its end | messages flow after its end | came back | delivered |',
    '| --- | ---: | ---: | ---: | --- | ---: |',
    ...rows,
  ].join('\n');
}
