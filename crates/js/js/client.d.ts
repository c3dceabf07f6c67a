/// <reference lib="dom" />
/// <reference lib="esnext.disposable" />
import type { ClientEventMap, TraceEvent } from "./events.js";
import type { ClientSettings } from "./settings.js";
export type * from "./events.js";
export type { ClientSettings } from "./settings.js";
export type { IRegistryClient, IRoomManager } from "./specification.js";

/** The nine states, under the names that the specification gives them. */
export declare const ConnectionState: {
  readonly IDLE: "idle";
  readonly CREATING: "creating";
  readonly CREATED: "created";
  readonly JOINING: "joining";
  readonly JOINED: "joined";
  readonly CONNECTING: "connecting";
  readonly CONNECTED: "connected";
  readonly DISCONNECTED: "disconnected";
  readonly ERROR: "error";
};

/** Where a client is: one of the nine states, as `ConnectionState.IDLE` or as the word `"idle"`. */
export type ConnectionState = (typeof ConnectionState)[keyof typeof ConnectionState];

export interface RoomCreationResponse {
  code: string;
  ownerToken: string;
  joinCode: string;
  expiresAt: number;
}

export interface PublicRoomInfo {
  status: "open";
  expiresAt: number;
  hostUserName: string;
}

export interface RoomJoinResponse {
  guestToken: string;
  expiresAt: number;
}

export interface RoomSnapshot {
  status: "open" | "joined" | "paired" | "closed";
  offer: RTCSessionDescriptionInit | null;
  answer: RTCSessionDescriptionInit | null;
  updatedAt: number;
  expiresAt: number;
}

export interface CandidateList {
  items: RTCIceCandidateInit[];
  mode: "full" | "delta";
  lastSeq?: number;
}

/** The room a client is in. `token` and `joinCode` are secrets. */
export interface RoomInfo {
  code: string;
  hostUserName?: string;
  guestUserName?: string;
  role: "host" | "guest";
  token: string;
  /** By the Registry's clock, as it said last; what happens in a room makes it live longer. */
  expiresAt: number;
  /** For the host: what admits the guest. */
  joinCode?: string;
}

/**
 * Sends requests. Resolves to the parsed JSON of a 2xx answer (`undefined` for none). Rejects with an object that has
 * `status`, the server's `body` (parsed or as text) and perhaps `retryAfterSec` when the server answered with an error;
 * a rejection with anything else means that no answer came.
 */
export interface IHttpClient {
  get(url: string, headers?: Record<string, string>): Promise<any>;
  post(url: string, body?: any, headers?: Record<string, string>): Promise<any>;
}

/**
 * Makes one peer connection at a time; the other methods are about the one that was made last. `createAnswer` applies
 * the offer as remote description first. `onIceCandidate` is called with `null` at the end of candidates.
 */
export interface IWebRTCManager {
  createPeerConnection(iceServers: RTCIceServer[], iceTransportPolicy?: RTCIceTransportPolicy): RTCPeerConnection;
  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
  createAnswer(offer: RTCSessionDescriptionInit, options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit>;
  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void>;
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>;
  createDataChannel(label: string, dataChannelDict?: RTCDataChannelInit): RTCDataChannel;
  onIceCandidate(callback: (candidate: RTCIceCandidateInit) => void): void;
  onConnectionStateChange(callback: (state: RTCPeerConnectionState) => void): void;
  onDataChannel(callback: (channel: RTCDataChannel) => void): void;
}

/** Keeps what a client holds. The client needs `getState` and `setState`; the rest it tells where there is the method. */
export interface IStateManager {
  getState(): ConnectionState;
  setState(state: ConnectionState): void;
  getRoomInfo(): RoomInfo | null;
  setRoomInfo(roomInfo: RoomInfo): void;
  getPeerConnection(): RTCPeerConnection | null;
  setPeerConnection(connection: RTCPeerConnection): void;
  getDataChannel(): RTCDataChannel | null;
  setDataChannel(channel: RTCDataChannel): void;
  reset(): void;
}

/** How much is on its way to the peer. */
export interface BufferLevels {
  /** Messages that wait to be handed to the data channel. */
  waiting: number;
  /** Messages that were handed over and not acknowledged by a durable peer. */
  unacknowledged: number;
  /** The bytes of both. */
  bytes: number;
}

export interface WebRTCClientConfig extends ClientSettings {
  registryApiUrl: string;
  iceServers: RTCIceServer[];
  iceTransportPolicy?: RTCIceTransportPolicy;
  httpClient?: IHttpClient;
  webRTCManager?: IWebRTCManager;
  /**
   * The name under which this client keeps its connection in `sessionStorage` while the page is reloaded: room, tokens
   * and messages that are not delivered. Without it, leaving the page closes the room.
   */
  resume?: string;
  stateManager?: Pick<IStateManager, "getState" | "setState"> & Partial<IStateManager>;
}

/** What was known when an error happened. */
export interface Diagnostics {
  phase: ConnectionState;
  phaseMs: number;
  role: "host" | "guest" | null;
  roomStatus: string | null;
  connectionState: RTCPeerConnectionState | null;
  iceConnectionState: RTCIceConnectionState | null;
  iceGatheringState: RTCIceGatheringState | null;
  signalingState: RTCSignalingState | null;
  dataChannelState: RTCDataChannelState | null;
}

/** What a client throws, rejects with, and reports: an `Error` whose message says what to do next. */
export declare class RegistryClientError extends Error {
  constructor(message: string, fields?: Partial<RegistryClientError>);
  override readonly name: "RegistryClientError";
  kind: "api" | "webrtc" | "state" | "network" | "timeout";
  /**
   * The Registry's code, or one of the client's own.
   *
   * - `api`: `malformed_answer` (not a Registry's answer, `status` is the one that was seen), `room_closed` (the room says so of
   *   itself), `http_…` (a status without a code).
   * - `webrtc`: `webrtc_unsupported`, `bad_ice_servers`, `too_many_connections` (the browser makes no more), and
   *   `no_peer_connection` where none could be made; `negotiation_failed`, `ice_failed`, `channel_closed`,
   *   `conflicting_answer`; `peer_left` (it said goodbye), `peer_silent`, `peer_lost`, `interrupted`; `buffer_full`,
   *   `message_too_large`, `send_failed`.
   * - `state`: `invalid_transition`, `not_connected`, `closed`, `room_gone`, `bad_argument`, `bad_config`.
   * - `network`: `network_unreachable`.
   * - `timeout`: `request_timeout`, `connection_timeout`, `reconnect_timeout`, `room_expired`.
   */
  code: string;
  /** Whether doing the same again may succeed. */
  retryable: boolean;
  /** The HTTP status, for kind `api`. */
  status?: number;
  /** When the Registry wants to be asked again. */
  retryAfterSec?: number;
  diagnostics: Diagnostics;
}

/** Stops the listener that it was returned for. */
export type Stop = () => void;

/**
 * Two peers, one room, one data channel. Promises reject with `RegistryClientError`, methods throw it. A listener that
 * throws is reported on the console and disturbs nobody.
 */
export declare class WebRTCRegistryClient {
  /** Throws a `RegistryClientError` with code `bad_config` that names the field. */
  constructor(config: WebRTCClientConfig);

  /** The class of all errors, for `instanceof`. */
  static errorClass(): typeof RegistryClientError;

  /** Makes a room; resolves to its code. `getRoomInfo().joinCode` is for the guest. */
  createRoom(hostUserName: string): Promise<string>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<void>;

  /**
   * Begins the handshake; resolves when the data channel is open. The peer may come before or after. While a connection is
   * lost and can come back, it means to try now: resolves when it is back, rejects when it is given up.
   */
  startConnection(): Promise<void>;
  /**
   * Sends any value that JSON can hold: now, or as soon as the connection can take it. Between two of these clients,
   * what is accepted arrives once and in order, or an event says that it did not.
   */
  sendMessage(message: any): "sent" | "buffered";
  /**
   * Ends everything, from any state. What was accepted for sending is delivered first, as long as the peer acknowledges,
   * for at most `closeTimeout`; where nothing is on its way, the state is `idle` at once. Resolves when nothing is left, a
   * host's rooms at the Registry included: also one that was still being made.
   */
  closeRoom(): Promise<void>;

  onStateChange(callback: (state: ConnectionState) => void): Stop;
  onMessage(callback: (message: any) => void): Stop;
  onError(callback: (error: RegistryClientError) => void): Stop;
  on<Name extends keyof ClientEventMap>(name: Name, callback: (...args: ClientEventMap[Name]) => void): Stop;

  getConnectionState(): ConnectionState;
  getRoomInfo(): RoomInfo | null;
  getBuffer(): BufferLevels;
  /**
   * Goes on with the connection that the page had before it was reloaded; resolves to whether there was one, when it is
   * back. Rejects with code `not_resumable` where there was one and no way back to it, with `room_gone` where its rooms
   * have expired. Only for a client that was made with `resume`.
   */
  resume(): Promise<boolean>;
  /** Breaks the connection as a crash would, for trying out what happens then. */
  cut(): void;
  /** Tells that the network has changed, where the browser does not. */
  networkChanged(): void;
  /** Everything that has happened, oldest first. Holds no secret. */
  getTrace(): TraceEvent[];

  /** Stops all listeners, and closes the room without waiting for it. */
  dispose(): void;
  /** Gives back the object; what it began goes on until it ends. */
  free(): void;
  [Symbol.dispose](): void;
}

export type IWebRTCRegistryClient = WebRTCRegistryClient;
