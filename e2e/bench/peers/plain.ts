/** A peer that implements only the specification, installed in the page before. Always a guest. */
import { room, type Peer } from './peer.ts';

export class PlainGuest implements Peer {
  async meet(invitation: string): Promise<string> {
    const [roomCode, joinCode] = invitation.split(' ') as [string, string];
    await window.plain.join({ roomCode, joinCode }, 'Plain');
    return invitation;
  }

  start(): Promise<void> {
    return window.plain.connect();
  }

  get #channel(): RTCDataChannel {
    return window.plain.channel()!;
  }

  send(text: string): void | Promise<void> {
    this.#channel.send(JSON.stringify(text));
    return room(this.#channel);
  }

  listen(listener: (text: string) => void): void {
    this.#channel.onmessage = ({ data }) => listener(JSON.parse(data as string));
  }

  close(): void {
    window.plain.close();
  }
}
