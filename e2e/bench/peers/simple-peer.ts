/** simple-peer over the same relay as the floor. */
import SimplePeer from 'simple-peer';

import type { Peer } from './peer.ts';
import { RelayPeer } from './signals.ts';

export class SimplePeerPeer extends RelayPeer implements Peer {
  #peer!: SimplePeer.Instance;

  async start(): Promise<void> {
    const options = { initiator: this.role === 'host', trickle: true, objectMode: true, config: { iceServers: [] } };
    const peer = (this.#peer = new SimplePeer(options));
    peer.on('signal', (signal) => this.signals.send(signal));
    const connected = new Promise<void>((resolve, reject) => peer.on('connect', resolve).on('error', reject));
    this.signals.listen((signal) => peer.signal(signal));
    await connected;
  }

  send(text: string): void | Promise<void> {
    if (!this.#peer.write(text)) return new Promise((resolve) => void this.#peer.once('drain', resolve));
  }

  listen(listener: (text: string) => void): void {
    this.#peer.removeAllListeners('data');
    this.#peer.on('data', listener);
  }

  close(): void {
    this.#peer.on('error', () => {});
    this.#peer.destroy();
    this.signals.close();
  }
}
