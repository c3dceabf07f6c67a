/** Stands between the pages and the Registry: it counts, remembers secrets, and misbehaves when told to. */
import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { stepOf, type Fault, type Step } from './faults.ts';

/** A request as it passed. */
export interface Seen {
  step: Step;
  /** What was answered; `undefined` while it waits, or if the connection broke. */
  status: number | undefined;
}

interface Rule {
  step: Step;
  fault: Fault;
  left: number;
}

export class Proxy {
  /** Every call since the start, in the order of arrival. */
  readonly seen: Seen[] = [];
  /** Tokens and join codes that the Registry gave out: no page may show them where they do not belong. */
  readonly tokens = new Set<string>();
  readonly joinCodes = new Set<string>();
  /** The address of every request, files included. */
  readonly urls: string[] = [];
  /** The address of every preflight. */
  readonly preflights: string[] = [];
  upstreamPort: number;

  readonly #server = createServer((request, response) => this.#serve(request, response));
  #rules: Rule[] = [];
  #port = 0;

  constructor(upstreamPort: number) {
    this.upstreamPort = upstreamPort;
  }

  /** The address that pages use. */
  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get isDown(): boolean {
    return !this.#server.listening;
  }

  /** Begins to listen: at first on a free port, after `down` on the same one again. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** From now on every connection is refused, and those that exist are broken. */
  down(): void {
    this.#server.close();
    this.breakConnections();
  }

  /** Every request on its way fails; new ones are served. */
  breakConnections(): void {
    this.#server.closeAllConnections();
  }

  /** Goes down when the next request of this kind arrives. */
  downAt(step: Step): void {
    this.fault(step, () => this.down(), 1);
  }

  /** The next `times` requests of this kind meet `fault` in place of the Registry. */
  fault(step: Step, fault: Fault, times = Infinity): void {
    this.#rules.push({ step, fault, left: times });
  }

  /** The next request of this kind waits; the function that is returned lets it go on to the Registry. */
  hold(step: Step): () => void {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    this.fault(step, (_, forward) => void gate.then(forward), 1);
    return release;
  }

  /** Ends every fault. */
  heal(): void {
    this.#rules = [];
  }

  /** How often this call was made, or made and answered with `status`. */
  count(step: Step, status?: number): number {
    return this.seen.filter((seen) => seen.step === step && (status === undefined || seen.status === status)).length;
  }

  /** How many of the rooms that were made are not closed. */
  get openRooms(): number {
    return this.count('create', 201) - this.count('close', 204);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    this.urls.push(path);
    // A browser repeats a request by itself when a connection that it used before breaks. Then a fault would not be seen.
    response.setHeader('connection', 'close');
    const forward = () => void this.#forward(request, response);
    const step = stepOf(new URL(path, this.url).pathname);
    if (request.method === 'OPTIONS') this.preflights.push(path);
    if (!step || request.method === 'OPTIONS') return forward();
    const seen: Seen = { step, status: undefined };
    this.seen.push(seen);
    response.on('finish', () => (seen.status = response.statusCode));
    const rule = this.#rules.find((rule) => rule.step === step && rule.left > 0);
    if (!rule) return forward();
    rule.left -= 1;
    rule.fault(response, forward);
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { method, headers, url } = request;
      // The Worker's runtime packs what it may, and packed text cannot be searched for secrets.
      const plain = { ...headers, 'accept-encoding': 'identity' };
      const upstream = ask({ host: '127.0.0.1', port: this.upstreamPort, method, headers: plain, path: url, agent: false });
      upstream.on('error', () => {});
      // A page that gives up a request that waits must be seen to do so.
      response.on('close', () => upstream.destroy());
      request.pipe(upstream);
      const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
      const body = Buffer.concat(await answer.toArray());
      this.#remember(body.toString());
      const { connection: _, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept).end(body);
    } catch {
      // The Registry is away, or broke off: let the page see just that.
      request.socket.destroy();
    }
  }

  #remember(body: string): void {
    for (const [, token] of body.matchAll(/"(?:ownerToken|guestToken)":"([^"]+)"/g)) this.tokens.add(token!);
    for (const [, code] of body.matchAll(/"joinCode":"(\d{6})"/g)) this.joinCodes.add(code!);
  }
}
