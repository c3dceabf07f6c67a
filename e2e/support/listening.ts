/** Waits for the line in which a server says where it listens. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The port that a starting server names on its output; fails when it ends before. */
export async function listeningPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('the output of the server is not read');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listening on http:\/\/[\d.]+:(\d+)/.exec(line)?.[1];
    if (!port) continue;
    // Keep reading, or a full pipe would stop the server.
    child.stdout.resume();
    return Number(port);
  }
  throw new Error('the server ended before it listened');
}
