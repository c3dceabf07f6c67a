/** Waits for the line in which a server reports its address. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The port that a server reports on its output; fails if it exits before that. */
export async function listeningPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('the output of the server is not read');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listening on https?:\/\/[\d.]+:(\d+)/.exec(line)?.[1];
    if (!port) continue;
    // Keep reading, since a full pipe would block the server.
    child.stdout.resume();
    return Number(port);
  }
  throw new Error('the server ended before it listened');
}
