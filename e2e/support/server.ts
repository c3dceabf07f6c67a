/** The Registry under test: the real server as a process on a free port, or the Worker. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { pageDir } from './environment.ts';
import { listeningPort } from './listening.ts';
import { start } from './programs.ts';
import { workerPort } from './worker.ts';

export class Server {
  readonly port: number;
  readonly #process: ChildProcess | undefined;

  private constructor(port: number, process?: ChildProcess) {
    this.#process = process;
    this.port = port;
  }

  /** The number of its process. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Starts a server that also serves the page. To keep tests fast, rate limits are off unless `flags` enable them.
   * Without flags the Worker is used, if there is one.
   */
  static async start(flags: readonly string[] = []): Promise<Server> {
    const worker = workerPort();
    return worker && flags.length === 0 ? new Server(worker) : Server.startNew(flags);
  }

  /** Starts a server without rooms, by default reachable only from this machine. `flags` may name another folder to serve. */
  static async startNew(flags: readonly string[], address = '127.0.0.1'): Promise<Server> {
    const limits = flags.includes('--rate-limits') ? [] : ['--rate-limits', 'off'];
    const folder = flags.includes('--static') ? [] : ['--static', pageDir()];
    const args = ['--listen', `${address}:0`, ...folder, ...limits, ...flags];
    const child = start('registry-server', args, ['ignore', 'pipe', 'pipe']);
    let complaint = '';
    child.stderr!.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
    try {
      return new Server(await listeningPort(child), child);
    } catch (error) {
      throw new Error(`the Registry did not start: ${complaint}`, { cause: error });
    }
  }

  /** Stops the server like Ctrl-C, which loses its rooms; the Worker keeps running for other tests. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}
