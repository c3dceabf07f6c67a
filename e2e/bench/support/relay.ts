/** A minimal signalling server: what one client sends goes to the others at the same path. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { WebSocketServer, type WebSocket } from 'ws';

export class Relay {
  readonly #rooms = new Map<string, Set<WebSocket>>();
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

  static async start(): Promise<Relay> {
    const relay = new Relay();
    relay.#server.on('connection', (socket, { url = '/' }) => relay.#enter(socket, url));
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    for (const client of this.#server.clients) client.terminate();
  }

  #enter(socket: WebSocket, path: string): void {
    const room = this.#rooms.get(path) ?? new Set();
    this.#rooms.set(path, room.add(socket));
    socket.on('message', (data) => {
      for (const other of room) if (other !== socket) other.send(data.toString());
    });
    socket.on('close', () => {
      room.delete(socket);
      if (room.size === 0) this.#rooms.delete(path);
    });
  }
}
