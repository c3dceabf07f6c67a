/** PeerJS's signalling server. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { PeerServer } from 'peer';

export class PeerJsServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<PeerJsServer> {
    const server = await new Promise<Server>((resolve) => {
      PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => resolve(server as Server));
    });
    if (!server.listening) await once(server, 'listening');
    return new PeerJsServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
