/** What every way to connect implements, so that all are measured alike. Runs in a page, one instance for each side. */

export type Role = 'host' | 'guest';

/** A way to connect. */
export type Kind = 'raw' | 'peerjs' | 'simple-peer' | 'class' | 'page' | 'plain';

export interface Peer {
  /**
   * Meets the other side at the signalling server, without connecting yet. The host goes first; what it returns is the
   * invitation for the guest.
   */
  meet(invitation: string): Promise<string>;
  /** Connects; resolves when the data channel is open. */
  start(): Promise<void>;
  /** Sends a text; resolves when the next one may be sent. Call it only when connected. */
  send(text: string): void | Promise<void>;
  /** Calls `listener` for each text that arrives, in place of an earlier listener. */
  listen(listener: (text: string) => void): void;
  /** Ends connection and room. */
  close(): void | Promise<void>;
}

/** Makes a peer that uses the signalling server at `url`. */
export type Make = (role: Role, url: string) => Peer;

/** The next event of that name. */
export const next = (target: EventTarget, name: string): Promise<Event> =>
  new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));

/** How much a data channel may hold before its sender waits, and how little it must hold before the sender goes on. */
export const HIGH = 1_048_576;
export const LOW = 65_536;

/** Waits until the channel can take more. */
export function room(channel: RTCDataChannel): void | Promise<void> {
  if (channel.bufferedAmount <= HIGH) return;
  channel.bufferedAmountLowThreshold = LOW;
  return next(channel, 'bufferedamountlow').then(() => {});
}
