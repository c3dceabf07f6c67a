/** A TCP proxy in front of a signalling server that adds a round-trip time, and notes the HTTP messages. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

import { Delay } from './delay.ts';
import { Heads } from './heads.ts';

/** The first line of an HTTP request or response, and when it passed. */
export interface Noted {
  at: number;
  line: string;
}

export class DelayProxy {
  /** The round-trip time in milliseconds. Connections that are open keep up with a change. */
  rtt = 0;
  readonly requests: Noted[] = [];
  readonly responses: Noted[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));
  readonly #upstream: number;

  private constructor(upstream: number) {
    this.#upstream = upstream;
  }

  /** A proxy in front of the server at that port of this machine. */
  static async start(upstream: number): Promise<DelayProxy> {
    const proxy = new DelayProxy(upstream);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.#upstream, allowHalfOpen: true, noDelay: true });
    // Over a real network the client could send nothing before its connection is established.
    const established = performance.now() + this.rtt;
    const up = new Delay((now) => Math.max(now, established) + this.rtt / 2);
    const down = new Delay((now) => now + this.rtt / 2);
    const [asked, answered] = [this.requests, this.responses].map((list) => new Heads((line) => this.#note(list, line)));
    client.on('data', (chunk) => asked!.take(chunk));
    server.on('data', (chunk) => answered!.take(chunk));
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    // A connection that breaks on one side breaks on the other.
    const ended = (error: unknown) => {
      if (!error) return;
      client.destroy();
      server.destroy();
    };
    pipeline(client, up, server, ended);
    pipeline(server, down, client, ended);
  }

  #note(list: Noted[], line: string): void {
    list.push({ at: Date.now(), line });
  }
}
