/** A peer that is a script: it makes the calls of the base contract that a test asks for, and has no peer connection. */
import type { Invitation } from '../pages/harness-page.ts';

export interface Description {
  type: 'offer' | 'answer';
  sdp: string;
}

export class ScriptedPeer {
  readonly #registry: string;
  #room = '';
  #token = '';

  constructor(registry: string) {
    this.#registry = registry;
  }

  async #call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any> {
    const headers = {
      'X-Registry-Version': '1',
      'Content-Type': 'application/json',
      ...(this.#token ? { 'X-Access-Token': this.#token } : {}),
    };
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(`${this.#registry}${path}`, init);
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  /** Creates a room as its host. */
  async create(): Promise<Invitation> {
    const made = await this.#call('POST', '/rooms', { hostUserName: 'Script' });
    [this.#room, this.#token] = [`/rooms/${made.code}`, made.ownerToken];
    return { roomCode: made.code, joinCode: made.joinCode };
  }

  /** Joins a room as its guest. */
  async join({ roomCode, joinCode }: Invitation): Promise<void> {
    this.#room = `/rooms/${roomCode}`;
    this.#token = (await this.#call('POST', `${this.#room}/join`, { joinCode, guestUserName: 'Script' })).guestToken;
  }

  /** Posts an offer or an answer. */
  async describe(description: Description): Promise<void> {
    await this.#call('POST', `${this.#room}/${description.type}`, description);
  }

  /** The offer, once it is there. */
  async offer(): Promise<Description> {
    for (;;) {
      const { offer } = await this.#call('GET', this.#room);
      if (offer) return offer;
    }
  }

  async close(): Promise<void> {
    await this.#call('POST', `${this.#room}/close`);
  }
}
