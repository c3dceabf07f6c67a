import { WebRTCRegistryClient } from "webrtc-registry-client";

/** Two people who agree on a time: each proposes some, and whoever hears of one that suits says yes. */
export class Meeting {
  agreed = null;
  #suits;
  #client;

  constructor(registryApiUrl, suits) {
    this.#suits = suits;
    this.#client = new WebRTCRegistryClient({ registryApiUrl, iceServers: [] });
    this.#client.onMessage((message) => this.#hear(message));
  }

  /** Invites somebody; resolves to what they need to come. */
  async invite(name) {
    const room = await this.#client.createRoom(name);
    return { room, join: this.#client.getRoomInfo().joinCode };
  }

  async accept({ room, join }, name) {
    await this.#client.joinRoom(room, join, name);
  }

  /** Resolves when both are connected. */
  async begin() {
    await this.#client.startConnection();
  }

  propose(time) {
    this.#client.sendMessage({ propose: time });
  }

  #hear({ propose, agree }) {
    if (agree) this.agreed = agree;
    if (propose && this.#suits(propose)) {
      this.agreed = propose;
      this.#client.sendMessage({ agree: propose });
    }
  }

  end() {
    return this.#client.closeRoom();
  }
}
