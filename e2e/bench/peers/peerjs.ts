/** PeerJS at its own server, with its default serialization, which splits large messages. */
import { Peer as PeerJs, type DataConnection } from 'peerjs';

import { room, type Peer, type Role } from './peer.ts';

export class PeerJsPeer implements Peer {
  readonly #role: Role;
  readonly #url: URL;
  #name = '';
  #peer!: PeerJs;
  #called!: Promise<DataConnection>;
  #connection!: DataConnection;

  constructor(role: Role, url: string) {
    this.#role = role;
    this.#url = new URL(url);
  }

  async meet(invitation: string): Promise<string> {
    this.#name = invitation || crypto.randomUUID();
    const { hostname: host, port } = this.#url;
    const at = { host, port: Number(port), path: '/', secure: false, config: { iceServers: [] } };
    const peer = (this.#peer = new PeerJs(`${this.#name}-${this.#role}`, at));
    this.#called = new Promise((resolve) => peer.on('connection', resolve));
    await new Promise<unknown>((resolve, reject) => peer.on('open', resolve).on('error', reject));
    return this.#name;
  }

  async start(): Promise<void> {
    const call = () => this.#peer.connect(`${this.#name}-guest`, { reliable: true });
    const connection = (this.#connection = this.#role === 'host' ? call() : await this.#called);
    if (connection.open) return;
    await new Promise<void>((resolve, reject) => connection.on('open', resolve).on('error', reject));
  }

  send(text: string): void | Promise<void> {
    const sent = this.#connection.send(text);
    return sent ? sent.then(() => room(this.#connection.dataChannel)) : room(this.#connection.dataChannel);
  }

  listen(listener: (text: string) => void): void {
    this.#connection.off('data').on('data', (data) => listener(data as string));
  }

  close(): void {
    this.#peer.destroy();
  }
}
