/** All signalling servers that are compared, each behind a proxy that delays, and the ways to connect that use them. */
import { FileServer } from '../../package/files.ts';
import { Server } from '../../support/server.ts';
import type { Kind } from '../peers/peer.ts';
import { DelayProxy } from './delay-proxy.ts';
import { PeerJsServer } from './peerjs-server.ts';
import { Relay } from './relay.ts';
import { EMPTY, HARNESS, PEERS, site } from './site.ts';
import { usage, type Usage } from './usage.ts';

/** A way to connect: which peers, from which page, with which signalling server. */
export interface Variant {
  name: string;
  kind: Kind;
  /** The guest's kind, if it is another. */
  guest?: Kind;
  page: string;
  /** The guest's page, if it is another. */
  guestPage?: string;
  /** The view of the harness that is open on both sides, if it is not the overview. */
  view?: string;
  signalling: DelayProxy;
}

/**
 * Rate limits as they are, except those of an address on creating and joining rooms: they would make the benchmark wait
 * between handshakes.
 */
const LIMITED = ['create', 'public', 'join'].flatMap((call) => [`--rate-${call}`, '100000/60s']);

const REGISTRIES = {
  'long polling': [],
  base: ['--base'],
  'base, rate limits on': ['--base', '--rate-limits', 'on', ...LIMITED],
} as const;

type RegistryName = keyof typeof REGISTRIES;

export class World {
  readonly #stops: (() => unknown)[] = [];
  readonly #servers = new Map<string, Server>();
  readonly #registries = new Map<string, DelayProxy>();
  #relay!: DelayProxy;
  #peerjs!: DelayProxy;
  #files!: FileServer;

  static async start(): Promise<World> {
    const world = new World();
    try {
      await world.#start();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  async #start(): Promise<void> {
    const folder = await site();
    const files = (this.#files = await FileServer.start(folder));
    this.#stops.push(() => files.stop());
    const [relay, peerjs] = [await Relay.start(), await PeerJsServer.start()];
    this.#stops.push(() => relay.stop(), () => peerjs.stop());
    this.#relay = await this.#behindProxy(relay.port);
    this.#peerjs = await this.#behindProxy(peerjs.port);
    for (const [name, flags] of Object.entries(REGISTRIES)) {
      const server = await Server.startNew(['--static', folder, '--allowed-origins', files.url, ...flags]);
      this.#stops.push(() => server.stop());
      this.#servers.set(name, server);
      this.#registries.set(name, await this.#behindProxy(server.port));
    }
  }

  async #behindProxy(port: number): Promise<DelayProxy> {
    const proxy = await DelayProxy.start(port);
    this.#stops.push(() => proxy.stop());
    return proxy;
  }

  /** Stops everything, the last first. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  /** Sets the round-trip time to every signalling server, in milliseconds. */
  set rtt(rtt: number) {
    for (const proxy of [this.#relay, this.#peerjs, ...this.#registries.values()]) proxy.rtt = rtt;
  }

  /** What the Registries' processes have used so far. */
  usage(): Record<string, Usage> {
    const entries = [...this.#servers].map(([name, server]) => [name, usage(server.pid)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Usage] => entry[1] !== undefined));
  }

  /** Bare peer connections: what the others are compared with. */
  get raw(): Variant {
    return { name: 'raw peer connections', kind: 'raw', page: this.#files.url + PEERS, signalling: this.#relay };
  }

  get peerjs(): Variant {
    return { name: 'PeerJS', kind: 'peerjs', page: this.#files.url + PEERS, signalling: this.#peerjs };
  }

  get simplePeer(): Variant {
    return { name: 'simple-peer', kind: 'simple-peer', page: this.#files.url + PEERS, signalling: this.#relay };
  }

  /** The class in a page of the Registry itself. */
  class(registry: RegistryName = 'long polling'): Variant {
    const signalling = this.#registries.get(registry)!;
    return { name: `class, ${registry}`, kind: 'class', page: signalling.url + PEERS, signalling };
  }

  /** The class in a page of another origin. */
  get classAcross(): Variant {
    return { ...this.class(), name: 'class, long polling, across origins', page: this.#files.url + PEERS };
  }

  /** The class with a guest that implements only the specification. */
  get plain(): Variant {
    return { ...this.class(), name: 'class to a plain peer', guest: 'plain' };
  }

  /** The harness with a guest that does not draw. */
  get drawing(): Variant {
    return { ...this.page(), name: 'page, with the class as guest', guest: 'class', guestPage: this.class().page };
  }

  /** A page without content or script, from the same server as the harness. */
  get empty(): string {
    return this.#registries.get('long polling')!.url + EMPTY;
  }

  /** The harness with each of the views open that draw most. */
  get watching(): Variant[] {
    const views = ['diagram', 'time', 'paths', 'statistics', 'registry'];
    return views.map((view) => ({ ...this.page(), name: `page, ${view} open`, view }));
  }

  /** The harness. */
  page(registry: RegistryName = 'long polling'): Variant {
    const signalling = this.#registries.get(registry)!;
    return { name: `page, ${registry}`, kind: 'page', page: signalling.url + HARNESS, signalling };
  }
}
