/** A static file server, like any web host. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

export class FileServer {
  readonly #server: Server;

  private constructor(folder: string) {
    this.#server = createServer((request, response) => {
      const address = new URL(request.url ?? '/', 'http://localhost');
      const pathname = address.pathname.replace(/\/$/, '/index.html');
      const type = TYPES[extname(pathname)] ?? 'application/octet-stream';
      readFile(join(folder, pathname)).then(
        (content) => response.writeHead(200, { 'content-type': type }).end(content),
        () => response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end(),
      );
    });
  }

  static async start(folder: string): Promise<FileServer> {
    const files = new FileServer(folder);
    files.#server.listen(0, '127.0.0.1');
    await once(files.#server, 'listening');
    return files;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
