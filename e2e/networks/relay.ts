/** A relay on the Registry's machine: coturn. */
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { start } from '../support/programs.ts';
import { REGISTRY_ADDRESS } from './network.ts';

const PORT = 3478;
/** A STUN binding request without attributes. */
const BINDING_REQUEST = Buffer.from('000100002112a442' + '00'.repeat(12), 'hex');

export class Relay {
  readonly iceServers: RTCIceServer[] = [
    { urls: `turn:${REGISTRY_ADDRESS}:${PORT}?transport=udp`, username: 'user', credential: 'password' },
  ];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Starts a relay and waits until it responds. */
  static async start(): Promise<Relay> {
    const addresses = ['--listening-ip', REGISTRY_ADDRESS, '--relay-ip', REGISTRY_ADDRESS, '--listening-port', `${PORT}`];
    const users = ['--realm', 'test', '--lt-cred-mech', '--user', 'user:password'];
    const quiet = ['--no-tls', '--no-dtls', '--no-cli', '--no-multicast-peers', '--pidfile', '/dev/null', '--log-file', '-'];
    const child = start('turnserver', ['-n', ...addresses, ...users, ...quiet], 'ignore');
    await once(child, 'spawn');
    const socket = createSocket('udp4');
    const again = setInterval(() => socket.send(BINDING_REQUEST, PORT, REGISTRY_ADDRESS), 50);
    const failed = once(child, 'exit').then(() => Promise.reject(new Error('coturn ended as it started')));
    await Promise.race([once(socket, 'message'), failed]).finally(() => {
      clearInterval(again);
      socket.close();
    });
    failed.catch(() => {});
    return new Relay(child);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
