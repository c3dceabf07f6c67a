/** The other parts of the specification's architecture, for applications that use one alone or put their own in its place. */
import { WebRTCRegistryClient } from "./glue/glue.js";

/** One RTCPeerConnection at a time: everything refers to the one created last. */
export class WebRTCManager {
  #connection = null;
  #onIceCandidate = () => {};
  #onConnectionStateChange = () => {};
  #onDataChannel = () => {};

  createPeerConnection(iceServers, iceTransportPolicy = "all") {
    const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy });
    // What an earlier one still says is of no interest.
    const ifCurrent = (act) => (event) => void (connection === this.#connection && act(event));
    connection.onicecandidate = ifCurrent(({ candidate }) => candidate && this.#onIceCandidate(candidate.toJSON()));
    connection.onconnectionstatechange = ifCurrent(() => this.#onConnectionStateChange(connection.connectionState));
    connection.ondatachannel = ifCurrent(({ channel }) => this.#onDataChannel(channel));
    this.#connection = connection;
    return connection;
  }

  async createOffer(options) {
    return this.#current.createOffer(options);
  }

  async createAnswer(offer, options) {
    await this.#current.setRemoteDescription(offer);
    return this.#current.createAnswer(options);
  }

  async setLocalDescription(description) {
    await this.#current.setLocalDescription(description);
  }

  async setRemoteDescription(description) {
    await this.#current.setRemoteDescription(description);
  }

  async addIceCandidate(candidate) {
    await this.#current.addIceCandidate(candidate);
  }

  createDataChannel(label, dataChannelDict) {
    return this.#current.createDataChannel(label, dataChannelDict);
  }

  onIceCandidate(callback) {
    this.#onIceCandidate = callback;
  }

  onConnectionStateChange(callback) {
    this.#onConnectionStateChange = callback;
  }

  onDataChannel(callback) {
    this.#onDataChannel = callback;
  }

  get #current() {
    if (!this.#connection) throw new DOMException("there is no peer connection: create one first", "InvalidStateError");
    return this.#connection;
  }
}

/** Leads through a room's life with the parts that it is given. */
export class RoomManager {
  #client;

  constructor(config) {
    this.#client = new WebRTCRegistryClient(config);
  }

  async createRoom(hostUserName) {
    await this.#client.createRoom(hostUserName);
    return this.#client.getRoomInfo();
  }

  async joinRoom(roomCode, joinCode, guestUserName) {
    await this.#client.joinRoom(roomCode, joinCode, guestUserName);
    return this.#client.getRoomInfo();
  }

  startConnection() {
    return this.#client.startConnection();
  }

  closeRoom() {
    return this.#client.closeRoom();
  }

  onStateChange(callback) {
    return this.#client.onStateChange(callback);
  }

  onMessage(callback) {
    return this.#client.onMessage(callback);
  }

  sendMessage(message) {
    return this.#client.sendMessage(message);
  }

  getConnectionState() {
    return this.#client.getConnectionState();
  }

  getRoomInfo() {
    return this.#client.getRoomInfo();
  }
}
