/**
 * The script of a measured page: one peer of one kind, and what is measured with it. Times are of the clock that all
 * browser processes of a machine share.
 */
import type { Client, ClientConfig } from '../../pages/window.ts';
import type { Kind, Peer, Role } from './peer.ts';
import { RegistryPeer } from './registry.ts';

/** When it began and when it ended. */
export interface Span {
  began: number;
  ended: number;
}

/** How long connecting may take, in milliseconds. */
const PATIENCE = 60_000;

let peer: Peer;
let arrived: Promise<{ ended: number; bytes: number }>;

/** Each kind is loaded by itself, since some change the browser's objects for all. */
async function make(kind: Kind, role: Role, url: string): Promise<Peer> {
  switch (kind) {
    case 'raw':
      return new (await import('./raw.ts')).RawPeer(role, url);
    case 'peerjs':
      return new (await import('./peerjs.ts')).PeerJsPeer(role, url);
    case 'simple-peer':
      return new (await import('./simple-peer.ts')).SimplePeerPeer(role, url);
    case 'plain':
      return new (await import('./plain.ts')).PlainGuest();
    case 'class': {
      const module = await import('webrtc-registry-client');
      await module.init();
      const Class = module.WebRTCRegistryClient as unknown as new (config: ClientConfig) => Client;
      return new RegistryPeer(role, new Class({ registryApiUrl: url, iceServers: [] }));
    }
    case 'page':
      return new RegistryPeer(role, window.harness.client);
  }
}

/** A text whose JSON has `size` bytes. */
const text = (size: number): string => 'x'.repeat(size - 2);

const bench = {
  async open(kind: Kind, role: Role, url: string): Promise<void> {
    peer = await make(kind, role, url);
  },

  meet: (invitation: string): Promise<string> => peer.meet(invitation),

  async start(): Promise<Span> {
    const began = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not connected within ${PATIENCE} ms`)), PATIENCE);
    });
    await Promise.race([peer.start(), late]).finally(() => clearTimeout(timer));
    return { began, ended: Date.now() };
  },

  close: async (): Promise<void> => peer.close(),

  /** Expects `count` messages from now on. */
  expect(count: number): void {
    arrived = new Promise((resolve) => {
      let [messages, bytes] = [0, 0];
      peer.listen((text) => {
        messages += 1;
        bytes += text.length + 2;
        if (messages === count) resolve({ ended: Date.now(), bytes });
      });
    });
  },

  /** When the last of the expected messages had arrived, and how many bytes they were. */
  arrived: () => arrived,

  /** Sends messages as fast as the peer takes them. The result is when it began. */
  async send(size: number, count: number): Promise<number> {
    const [message, began] = [text(size), Date.now()];
    for (let i = 0; i < count; i += 1) {
      const wait = peer.send(message);
      if (wait) await wait;
    }
    return began;
  },

  /** Sends `rate` messages a second, in portions, for that many seconds. */
  async pace(size: number, rate: number, seconds: number): Promise<void> {
    const [message, began] = [text(size), performance.now()];
    for (let sent = 0; sent < rate * seconds; ) {
      const due = Math.min(((performance.now() - began) / 1000) * rate, rate * seconds);
      for (; sent < due; sent += 1) await peer.send(message);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },

  /** Frames drawn and messages received per second, for that many seconds, and the longest time without a frame. */
  async frames(seconds: number): Promise<{ frames: number; messages: number; pause: number }> {
    let [frames, messages, pause] = [0, 0, 0];
    peer.listen(() => (messages += 1));
    const began = await new Promise<number>(requestAnimationFrame);
    for (let last = began; last < began + seconds * 1000; frames += 1) {
      const now = await new Promise<number>(requestAnimationFrame);
      pause = Math.max(pause, now - last);
      last = now;
    }
    const took = (performance.now() - began) / 1000;
    return { frames: frames / took, messages: messages / took, pause };
  },

  /** Waits until the page has nothing left to do: until some frames in a row come in time. It does not wait for long. */
  async settle(): Promise<void> {
    const began = performance.now();
    for (let [last, quiet] = [began, 0]; quiet < 8 && last < began + 2000; ) {
      const now = await new Promise<number>(requestAnimationFrame);
      quiet = now - last < 25 ? quiet + 1 : 0;
      last = now;
    }
  },

  /** Sends back what arrives. */
  echo(): void {
    peer.listen((text) => void peer.send(text));
  },

  /** Round trips of that many messages, one after the other, in milliseconds. */
  async ping(size: number, count: number): Promise<number[]> {
    const message = text(size);
    const times: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const back = new Promise<unknown>((resolve) => peer.listen(resolve));
      const began = performance.now();
      await peer.send(message);
      await back;
      times.push(performance.now() - began);
    }
    return times;
  },
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}

window.bench = bench;
