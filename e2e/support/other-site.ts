/** Another web site: a single page on its own origin. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class OtherSite {
  /** The page's body. */
  body = '';
  /** Further headers of the page. */
  headers: Record<string, string> = {};
  readonly #server = createServer((_, response) => {
    response.setHeaders(new Headers({ 'content-type': 'text/html', ...this.headers }));
    response.end(`<!doctype html><link rel="icon" href="data:,"><title>other site</title>${this.body}`);
  });

  static async start(): Promise<OtherSite> {
    const site = new OtherSite();
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    return site;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Another origin of the page, of which browsers say that it belongs to the same site as a Registry of the tests. */
  get neighbour(): string {
    return `http://localhost:${this.#port}`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
