/** A Registry for one test: the real server, and before it the proxy through which pages reach it. */
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

  /** Stops the server and starts another at the same address: all rooms are lost. */
  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = await Server.startNew(this.#flags);
    this.upstreamPort = this.#server.port;
    // The Worker lives on, and would keep those who wait for news in the belief that it is still asked.
    this.breakConnections();
  }

  async stop(): Promise<void> {
    this.down();
    await this.#server.stop();
  }
}
