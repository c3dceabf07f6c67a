/// <reference lib="dom" />
import type { ClientEventMap, TraceEvent } from "./events.js";
import type { ClientSettings } from "./settings.js";
import type { IHttpClient, IRegistryClient, IStateManager, IWebRTCManager } from "./specification.js";
export * from "./events.js";
export { RegistryClient, RoomManager, StateManager, WebRTCManager } from "./parts.js";
export type { ClientSettings } from "./settings.js";
export type {
  IHttpClient,
  IRegistryClient,
  IRoomManager,
  IStateManager,
  IWebRTCManager,
  IWebRTCRegistryClient,
} from "./specification.js";

declare global {
  // As in `esnext.disposable`, which TypeScript has since 5.2.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

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

/** Each state as a type, as an enum would have it. */
export declare namespace ConnectionState {
  type IDLE = "idle";
  type CREATING = "creating";
  type CREATED = "created";
  type JOINING = "joining";
  type JOINED = "joined";
  type CONNECTING = "connecting";
  type CONNECTED = "connected";
  type DISCONNECTED = "disconnected";
  type ERROR = "error";
}

/** A client's state: `ConnectionState.IDLE`, or the string `"idle"`, and so on. */
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
  /** In milliseconds since the epoch by the Registry's clock, as last reported; activity in the room extends it. */
  expiresAt: number;
  /** Host only: the code that the guest needs to join. */
  joinCode?: string;
  /** Present if the Registry supports `POST /exchange`. */
  exchange?: true;
}

/** How much is waiting for delivery to the peer. */
export interface BufferLevels {
  /** Messages not yet passed to the data channel. */
  waiting: number;
  /** Messages passed to the data channel but not yet acknowledged by a durable peer. */
  unacknowledged: number;
  /** The size of both in bytes. */
  bytes: number;
}

/**
 * STUN and TURN servers, or a function that gives them: it is called before each connection and each restart of ICE, since the
 * credentials of TURN servers expire. If it fails, or takes longer than `requestTimeout` (a quarter of
 * `restartTimeout` for a restart), the first connection fails with code `no_ice_servers`; later ones use the servers before,
 * and that is reported to `onError`. What it throws is written to the console and nowhere else, since it may have a secret
 * in it.
 */
export type IceServers = RTCIceServer[] | (() => RTCIceServer[] | PromiseLike<RTCIceServer[]>);

/** An unknown field is refused, since a misspelt one would have no effect. */
export interface WebRTCClientConfig extends ClientSettings {
  /** An http or https URL without user name, query and fragment. */
  registryApiUrl: string;
  iceServers: IceServers;
  /** `"relay"` needs a TURN server. */
  iceTransportPolicy?: RTCIceTransportPolicy;
  httpClient?: IHttpClient;
  /** Makes the Registry's calls; `registryApiUrl` and `httpClient` have no effect then. */
  registryClient?: IRegistryClient;
  webRTCManager?: IWebRTCManager;
  /**
   * The key under which this client saves its session (room, tokens, undelivered messages) in `sessionStorage` while the
   * page is reloaded; see `resume()`. Without it, leaving the page closes the room.
   */
  resume?: string;
  stateManager?: Pick<IStateManager, "getState" | "setState"> & Partial<IStateManager>;
}

/** The situation in which an error occurred. */
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

/** The error that a client throws, rejects with and reports. Its message says what to do next. */
export declare class RegistryClientError extends Error {
  constructor(message: string, fields?: Partial<RegistryClientError>);
  override readonly name: "RegistryClientError";
  kind: "api" | "webrtc" | "state" | "network" | "timeout";
  /**
   * The Registry's error code, or one of the client's own:
   *
   * - `api`: `malformed_answer` (not the response of a Registry; `status` is the actual one), `room_closed` (according to the
   *   room itself), `http_…` (an error status without a code).
   * - `webrtc`: `webrtc_unsupported`, `bad_ice_servers`, `no_ice_servers`, `too_many_connections` (the browser's limit), `no_peer_connection`
   *   (creating one failed otherwise); `negotiation_failed`, `ice_failed`, `channel_closed`, `conflicting_answer`,
   *   `offer_replaced`; `peer_left` (on purpose), `peer_silent`, `peer_lost`, `interrupted`, `bad_acknowledgement`;
   *   `buffer_full`, `message_too_large`, `send_failed`.
   * - `state`: `invalid_transition`, `not_connected`, `closing`, `closed`, `not_resumable`, `no_room`, `room_gone`,
   *   `no_open_room`, `not_supported`, `bad_argument`, `bad_config`, `disposed`, `not_loaded`.
   * - `network`: `network_unreachable`, `not_loaded` (the client's own module).
   * - `timeout`: `request_timeout`, `connection_timeout`, `reconnect_timeout`, `room_expired`.
   */
  code: string;
  /** Whether trying again may succeed. */
  retryable: boolean;
  /** The HTTP status, for kind `api`. */
  status?: number;
  /** Seconds to wait before trying again, as requested by the Registry. */
  retryAfterSec?: number;
  diagnostics: Diagnostics;
}

/** Where the client's WebAssembly module comes from: its address, a response, its bytes, or the compiled module. */
export type ModuleSource = string | URL | Response | BufferSource | WebAssembly.Module;

/**
 * Loads the client, once; `new WebRTCRegistryClient` fails with code `not_loaded` before. By default the module is the file
 * next to the script. Rejects with code `not_loaded` if it cannot be loaded, and may be called again then.
 *
 * The entry `webrtc-registry-client/auto` does it when it is imported, by top-level `await`, and
 * `webrtc-registry-client/inline` has the module in the script.
 */
export declare function init(source?: ModuleSource | PromiseLike<ModuleSource>): Promise<void>;

/** Loads the client at once, from the bytes of its module or from the compiled module. */
export declare function initSync(source: BufferSource | WebAssembly.Module): void;

/** Removes the listener that it was returned for. */
export type Stop = () => void;

/**
 * Connects two peers through one room with one data channel. Promises reject with `RegistryClientError`, and methods throw
 * it. Exceptions in listeners are reported on the console and have no other effect.
 */
export declare class WebRTCRegistryClient {
  /** Throws a `RegistryClientError` with code `bad_config` that names the invalid field. */
  constructor(config: WebRTCClientConfig);

  /** The class of all errors, for `instanceof`. */
  static errorClass(): typeof RegistryClientError;

  /** Creates a room; resolves to its code. `getRoomInfo().joinCode` is the join code for the guest. */
  createRoom(hostUserName: string): Promise<string>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<void>;
  /**
   * Replaces the join code of the host's room, which nobody has joined yet, and resolves to the new one; the earlier one is
   * worthless then. For a code that has fallen into the wrong hands, or a room that is locked because others have guessed.
   * Rejects with code `no_open_room` if there is no such room, and with `not_supported` if the Registry cannot do it. If it
   * rejects for want of an answer (`network`, `timeout`), the earlier code may be worthless all the same: call it again.
   */
  replaceJoinCode(): Promise<string>;

  /**
   * Starts the handshake; resolves when the data channel is open. The peer can start before or after. While a lost connection
   * is being recovered, tries again at once: resolves when reconnected, rejects when recovery is given up.
   */
  startConnection(): Promise<void>;
  /**
   * Sends any JSON value, at once or as soon as the connection permits. What would not arrive as it is (bytes, a `Map`, `NaN`,
   * `undefined` in an array, a function) is refused with code `bad_argument`; what has a `toJSON` sends that. Between two of these clients, every accepted message
   * arrives exactly once and in order, or an event reports that it did not.
   */
  sendMessage(message: any): "sent" | "buffered";
  /**
   * Ends everything, in any state. Accepted messages are delivered first, as long as the peer acknowledges them, for at most
   * `closeTimeout`; if there are none, the state is `idle` at once. Resolves when everything is released, including a host's
   * rooms at the Registry, even one that was still being created.
   */
  closeRoom(): Promise<void>;

  onStateChange(callback: (state: ConnectionState) => void): Stop;
  /** A listener that is added as soon as `await startConnection()` is over hears every message. */
  onMessage(callback: (message: any) => void): Stop;
  onError(callback: (error: RegistryClientError) => void): Stop;
  on<Name extends keyof ClientEventMap>(name: Name, callback: (...args: ClientEventMap[Name]) => void): Stop;

  getConnectionState(): ConnectionState;
  getRoomInfo(): RoomInfo | null;
  getBuffer(): BufferLevels;
  /**
   * Resumes the session that the page had before it was reloaded. Resolves to `true` once reconnected, or to `false` if there
   * was no session. Rejects with code `not_resumable` if it cannot be resumed, and with `room_gone` if its rooms have expired.
   * Only for a client that was created with `resume`.
   */
  resume(): Promise<boolean>;
  /** Breaks the connection as a crash would, for testing. */
  cut(): void;
  /** Reports a network change that the browser does not detect. */
  networkChanged(): void;
  /** All events so far, oldest first. Contains no secrets. */
  getTrace(): TraceEvent[];

  /**
   * Replaces the STUN and TURN servers, or the function that gives them, from the next connection and the next restart of ICE
   * on. Throws a `RegistryClientError` with code `bad_argument` that says what is wrong with them.
   */
  setIceServers(iceServers: IceServers): void;

  /**
   * Removes all listeners, and closes the room without waiting for it. Afterwards every other call fails with code `disposed`;
   * disposing again does nothing.
   */
  dispose(): void;
  /** The same as `dispose()`. */
  free(): void;
  /** The same as `dispose()`, for `using`. */
  [Symbol.dispose](): void;
}

