/** One side's connection to the relay, and what the peers that use it have in common. */
import { next, type Role } from './peer.ts';

export class Signals {
  readonly #socket: WebSocket;
  #early: unknown[] = [];
  #listener: (signal: any) => void = (signal) => void this.#early.push(signal);

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#listener(JSON.parse(data as string));
  }

  static async join(url: string, room: string): Promise<Signals> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/${room}`);
    await next(socket, 'open');
    return new Signals(socket);
  }

  send(signal: unknown): void {
    this.#socket.send(JSON.stringify(signal));
  }

  /** Calls `listener` for each signal, first for those that came before this side was told to start. */
  listen(listener: (signal: any) => void): void {
    this.#listener = listener;
    this.#early.splice(0).forEach(listener);
  }

  close(): void {
    this.#socket.close();
  }
}

/** A peer that meets the other side at the relay. */
export abstract class RelayPeer {
  protected readonly role: Role;
  protected signals!: Signals;
  readonly #url: string;

  constructor(role: Role, url: string) {
    this.role = role;
    this.#url = url;
  }

  async meet(invitation: string): Promise<string> {
    const name = invitation || crypto.randomUUID();
    this.signals = await Signals.join(this.#url, name);
    return name;
  }
}
