/** The Registry under test: the real server, as a process on a free port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { pageDir, registryServer } from './environment.ts';

export class Server {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** Starts a server that serves the page too. Tests are in a hurry, so rate limits are off unless `flags` say otherwise. */
  static async start(flags: readonly string[] = []): Promise<Server> {
    const limits = flags.includes('--rate-limits') ? [] : ['--rate-limits', 'off'];
    const args = ['--listen', '127.0.0.1:0', '--static', pageDir(), ...limits, ...flags];
    const child = spawn(registryServer(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (!port) continue;
      // Keep reading, or a full pipe would stop the server.
      child.stdout.resume();
      return new Server(child, Number(port));
    }
    throw new Error(`the Registry did not start: ${complaint}`);
  }

  /** Stops the server as Ctrl-C would; its rooms are gone with it. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
  }
}
