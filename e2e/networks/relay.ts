/** A relay on the Registry's machine. */
import { Coturn } from '../support/coturn.ts';
import { REGISTRY_ADDRESS } from './network.ts';

const PORT = 3478;

export class Relay {
  readonly iceServers: RTCIceServer[];
  readonly #server: Coturn;

  private constructor(server: Coturn) {
    const { place, username, credential } = server;
    this.iceServers = [{ urls: `turn:${place}?transport=udp`, username, credential }];
    this.#server = server;
  }

  /** Starts a relay, by default on the Registry's machine, and waits until it responds. */
  static async start(address = REGISTRY_ADDRESS, port = PORT): Promise<Relay> {
    return new Relay(await Coturn.start(address, port));
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
