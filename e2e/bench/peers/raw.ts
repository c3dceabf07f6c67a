/** The floor: bare peer connections with trickle ICE over a relay, and nothing else. */
import { next, room, type Peer } from './peer.ts';
import { RelayPeer } from './signals.ts';

type Signal = RTCSessionDescriptionInit | RTCIceCandidateInit;

export class RawPeer extends RelayPeer implements Peer {
  #connection!: RTCPeerConnection;
  #channel!: RTCDataChannel;

  async start(): Promise<void> {
    const connection = (this.#connection = new RTCPeerConnection({ iceServers: [] }));
    connection.onicecandidate = ({ candidate }) => candidate && this.signals.send(candidate);
    let turn = Promise.resolve();
    const take = () => this.signals.listen((signal: Signal) => (turn = turn.then(() => this.#take(signal))));
    if (this.role === 'host') {
      this.#channel = connection.createDataChannel('raw');
      const opened = next(this.#channel, 'open');
      take();
      await this.#describe();
      await opened;
    } else {
      const announced = next(connection, 'datachannel');
      take();
      this.#channel = ((await announced) as RTCDataChannelEvent).channel;
      if (this.#channel.readyState !== 'open') await next(this.#channel, 'open');
    }
  }

  async #take(signal: Signal): Promise<void> {
    if (!('type' in signal)) return this.#connection.addIceCandidate(signal);
    await this.#connection.setRemoteDescription(signal);
    if (signal.type === 'offer') await this.#describe();
  }

  async #describe(): Promise<void> {
    await this.#connection.setLocalDescription();
    this.signals.send(this.#connection.localDescription);
  }

  send(text: string): void | Promise<void> {
    this.#channel.send(text);
    return room(this.#channel);
  }

  listen(listener: (text: string) => void): void {
    this.#channel.onmessage = ({ data }) => listener(data as string);
  }

  close(): void {
    this.#connection.close();
    this.signals.close();
  }
}
