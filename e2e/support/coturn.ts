/** A complete STUN and TURN server: coturn. */
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { start } from './programs.ts';

/** A STUN binding request without attributes. */
const BINDING_REQUEST = Buffer.from('000100002112a442' + '00'.repeat(12), 'hex');

/** A UDP port that is free now. */
async function freePort(address: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

export class Coturn {
  readonly username = 'user';
  readonly credential = 'tr0ub4dor';
  readonly place: string;
  readonly #process: ChildProcess;

  private constructor(place: string, process: ChildProcess) {
    this.place = place;
    this.#process = process;
  }

  /** Starts a server for UDP and TCP, and waits until it responds. */
  static async start(address = '127.0.0.1', fixed?: number): Promise<Coturn> {
    const port = fixed ?? (await freePort(address));
    const addresses = ['--listening-ip', address, '--relay-ip', address, '--listening-port', `${port}`];
    const users = ['--realm', 'test', '--lt-cred-mech', '--user', 'user:tr0ub4dor', '--allow-loopback-peers'];
    const quiet = ['--no-tls', '--no-dtls', '--no-cli', '--no-multicast-peers', '--pidfile', '/dev/null', '--log-file', '-'];
    const child = start('turnserver', ['-n', ...addresses, ...users, ...quiet], 'ignore');
    await once(child, 'spawn');
    const socket = createSocket('udp4');
    const again = setInterval(() => socket.send(BINDING_REQUEST, port, address), 50);
    const failed = once(child, 'exit').then(() => Promise.reject(new Error('coturn ended as it started')));
    await Promise.race([once(socket, 'message'), failed]).finally(() => {
      clearInterval(again);
      socket.close();
    });
    failed.catch(() => {});
    return new Coturn(`${address}:${port}`, child);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
