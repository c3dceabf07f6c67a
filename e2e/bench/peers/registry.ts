/** Our client at a Registry: the class, or the client of the page. */
import type { Client } from '../../pages/window.ts';
import type { Peer, Role } from './peer.ts';

/** The error for a message that has to wait. */
const FULL = 'buffer_full';

export class RegistryPeer implements Peer {
  readonly #role: Role;
  readonly #client: Client;
  #listener: (text: string) => void = () => {};

  constructor(role: Role, client: Client) {
    this.#role = role;
    this.#client = client;
    client.onMessage((message) => this.#listener(message as string));
  }

  async meet(invitation: string): Promise<string> {
    if (this.#role === 'host') {
      const code = await this.#client.createRoom('Host');
      return `${code} ${this.#client.getRoomInfo()?.joinCode}`;
    }
    const [code, joinCode] = invitation.split(' ') as [string, string];
    await this.#client.joinRoom(code, joinCode, 'Guest');
    return invitation;
  }

  start(): Promise<void> {
    return this.#client.startConnection();
  }

  send(text: string): void | Promise<void> {
    try {
      this.#client.sendMessage(text);
    } catch (error) {
      if ((error as { code?: string }).code !== FULL) throw error;
      return this.#progress().then(() => this.send(text));
    }
  }

  /** Waits until a message has left the buffer: with a plain peer when it is sent, otherwise when it is acknowledged. */
  #progress(): Promise<void> {
    return new Promise((resolve) => {
      const stops = ['message:sent', 'message:delivered'].map((name) =>
        this.#client.on(name, () => {
          stops.forEach((stop) => stop());
          resolve();
        }),
      );
    });
  }

  listen(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  close(): Promise<void> {
    return this.#client.closeRoom();
  }
}
