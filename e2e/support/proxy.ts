/** A proxy between the pages and the Registry: counts requests, collects secrets, and injects faults. */
import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { stepOf, type Fault, type Step } from './faults.ts';

/** A request that passed through the proxy. */
export interface Seen {
  step: Step;
  /** The status of the response; `undefined` while pending, or if the connection broke. */
  status: number | undefined;
}

interface Rule {
  step: Step;
  fault: Fault;
  left: number;
}

export class Proxy {
  /** All calls since the start, in order of arrival. */
  readonly seen: Seen[] = [];
  /** Tokens and join codes issued by the Registry, which pages must not leak. */
  readonly tokens = new Set<string>();
  readonly joinCodes = new Set<string>();
  /** The URL of every request, files included. */
  readonly urls: string[] = [];
  /** The URL of every preflight. */
  readonly preflights: string[] = [];
  upstreamPort: number;

  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #rules: Rule[] = [];
  #port = 0;

  constructor(upstreamPort: number) {
    this.upstreamPort = upstreamPort;
  }

  /** The URL that pages use. */
  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get isDown(): boolean {
    return !this.#server.listening;
  }

  /** Starts listening: at first on a free port, after `down` on the same port again. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses all new connections and breaks existing ones. */
  down(): void {
    this.#server.close();
    this.breakConnections();
  }

  /** Aborts all requests in flight; new ones are served. */
  breakConnections(): void {
    this.#server.closeAllConnections();
  }

  /** Goes down when the next request of this kind arrives. */
  downAt(step: Step): void {
    this.fault(step, () => this.down(), 1);
  }

  /** The next `times` requests of this kind get `fault` instead of the Registry's response. */
  fault(step: Step, fault: Fault, times = Infinity): void {
    this.#rules.push({ step, fault, left: times });
  }

  /** Holds requests of this kind; the returned function releases them. */
  hold(step: Step): () => void {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    this.fault(step, (_, forward) => void gate.then(forward));
    return release;
  }

  /** Removes all faults. */
  heal(): void {
    this.#rules = [];
  }

  /** How often this call was made, or made and answered with `status`. */
  count(step: Step, status?: number): number {
    return this.seen.filter((seen) => seen.step === step && (status === undefined || seen.status === status)).length;
  }

  /** How many created rooms have not been closed. */
  get openRooms(): number {
    return this.count('create', 201) - this.count('close', 204);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    this.urls.push(path);
    // A browser retries a request by itself if a reused connection breaks, which would hide a fault.
    response.setHeader('connection', 'close');
    const body = Buffer.concat(await request.toArray());
    const forward = () => void this.#forward(request, body, response);
    if (request.method === 'OPTIONS') this.preflights.push(path);
    const step = request.method === 'OPTIONS' ? undefined : stepOf(new URL(path, this.url).pathname, body.toString());
    if (!step) return forward();
    const seen: Seen = { step, status: undefined };
    this.seen.push(seen);
    response.on('finish', () => (seen.status = response.statusCode));
    const rule = this.#rules.find((rule) => rule.step === step && rule.left > 0);
    if (!rule) return forward();
    rule.left -= 1;
    rule.fault(response, forward);
  }

  async #forward(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    try {
      const { method, headers, url } = request;
      // The Worker's runtime compresses where permitted, and compressed text cannot be searched for secrets.
      const plain = { ...headers, 'accept-encoding': 'identity' };
      const upstream = ask({ host: '127.0.0.1', port: this.upstreamPort, method, headers: plain, path: url, agent: false });
      upstream.on('error', () => {});
      // The Registry must notice when a page aborts a long poll.
      response.on('close', () => upstream.destroy());
      upstream.end(body);
      const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
      const answered = Buffer.concat(await answer.toArray());
      this.#remember(answered.toString());
      const { connection: _, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept).end(answered);
    } catch {
      // The Registry is down or broke the connection: let the page see exactly that.
      request.socket.destroy();
    }
  }

  #remember(body: string): void {
    for (const [, token] of body.matchAll(/"(?:ownerToken|guestToken)":"([^"]+)"/g)) this.tokens.add(token!);
    for (const [, code] of body.matchAll(/"joinCode":"(\d{6})"/g)) this.joinCodes.add(code!);
  }
}
