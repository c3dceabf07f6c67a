/** The Registry of one test: the real server behind the proxy that pages connect to. */
import { Proxy } from './proxy.ts';
import { Server } from './server.ts';

export class Registry extends Proxy {
  #server: Server;
  readonly #flags: readonly string[];

  private constructor(server: Server, flags: readonly string[]) {
    super(server.port);
    this.#server = server;
    this.#flags = flags;
  }

  static async start(flags: readonly string[] = []): Promise<Registry> {
    const registry = new Registry(await Server.start(flags), flags);
    await registry.up();
    return registry;
  }

  /** Restarts the server at the same address, which loses all rooms. */
  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = await Server.startNew(this.#flags);
    this.upstreamPort = this.#server.port;
    // The Worker keeps running, and would keep long polls pending as if their clients were still connected.
    this.breakConnections();
  }

  async stop(): Promise<void> {
    this.down();
    await this.#server.stop();
  }
}
