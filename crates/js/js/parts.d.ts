import type { ConnectionState, RoomInfo, Stop, WebRTCClientConfig } from "./client.js";
import type { IRegistryClient, IRoomManager, IStateManager, IWebRTCManager } from "./specification.js";

/**
 * The Registry's nine calls, each with a deadline. Promises reject with a `RegistryClientError` of kind `api` for what the
 * Registry refuses, `network` or `timeout` without an answer, and `state` with code `bad_argument` for an argument that makes
 * no sense. Nothing is tried again.
 */
export declare class RegistryClient {
  /** Throws a `RegistryClientError` with code `bad_config` that names the invalid field. */
  constructor(config: Pick<WebRTCClientConfig, "registryApiUrl"> & Partial<WebRTCClientConfig>);
}
export interface RegistryClient extends IRegistryClient {}

/** Keeps a client's state, and throws `invalid_transition` for a transition that there is none. */
export declare class StateManager {
  constructor();
}
export interface StateManager extends IStateManager {}

/**
 * One `RTCPeerConnection` at a time: everything refers to the one created last. A client that is given one is a plain peer: it
 * does not reconnect.
 */
export declare class WebRTCManager {
  constructor();
}
export interface WebRTCManager extends IWebRTCManager {}

/** Leads through a room's life with the parts in its configuration; `WebRTCRegistryClient` can do more. */
export declare class RoomManager implements IRoomManager {
  constructor(config: WebRTCClientConfig);
  createRoom(hostUserName: string): Promise<RoomInfo>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<RoomInfo>;
  startConnection(): Promise<void>;
  closeRoom(): Promise<void>;
  onStateChange(callback: (state: ConnectionState) => void): Stop;
  onMessage(callback: (message: any) => void): Stop;
  sendMessage(message: any): "sent" | "buffered";
  getConnectionState(): ConnectionState;
  getRoomInfo(): RoomInfo | null;
}
