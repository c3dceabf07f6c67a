import type {
  CandidateList,
  ConnectionState,
  PublicRoomInfo,
  RoomCreationResponse,
  RoomInfo,
  RoomJoinResponse,
  RoomSnapshot,
} from "./client.js";

/** The Registry's nine calls, as named by the specification, for your own clients. */
export interface IRegistryClient {
  createRoom(hostUserName: string): Promise<RoomCreationResponse>;
  getPublicRoomInfo(roomCode: string): Promise<PublicRoomInfo>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<RoomJoinResponse>;
  postOffer(roomCode: string, token: string, offer: RTCSessionDescriptionInit): Promise<void>;
  postAnswer(roomCode: string, token: string, answer: RTCSessionDescriptionInit): Promise<void>;
  postCandidate(roomCode: string, token: string, candidate: RTCIceCandidateInit): Promise<void>;
  getRoom(roomCode: string, token: string): Promise<RoomSnapshot>;
  getCandidates(roomCode: string, token: string): Promise<CandidateList>;
  closeRoom(roomCode: string, token: string): Promise<void>;
}

/** The room manager, as named by the specification, for your own clients. */
export interface IRoomManager {
  createRoom(hostUserName: string): Promise<RoomInfo>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<RoomInfo>;
  startConnection(): Promise<void>;
  closeRoom(): Promise<void>;
  onStateChange(callback: (state: ConnectionState) => void): void;
  onMessage(callback: (message: any) => void): void;
  sendMessage(message: any): void;
  getConnectionState(): ConnectionState;
  getRoomInfo(): RoomInfo | null;
}

/** The client with the specification's ten methods, which `WebRTCRegistryClient` has, for your own. */
export interface IWebRTCRegistryClient {
  createRoom(hostUserName: string): Promise<string>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<void>;
  startConnection(): Promise<void>;
  sendMessage(message: any): void;
  closeRoom(): Promise<void>;
  onStateChange(callback: (state: ConnectionState) => void): void;
  onMessage(callback: (message: any) => void): void;
  onError(callback: (error: Error) => void): void;
  getConnectionState(): ConnectionState;
  getRoomInfo(): RoomInfo | null;
}

/**
 * Sends HTTP requests. Resolves to the parsed JSON of a 2xx response (`undefined` if it has no body). If the server responds
 * with an error, rejects with an object that has `status`, the `body` (parsed or as text) and optionally `retryAfterSec`, or
 * with one like those of axios, which have `response.status` and `response.data`. Rejecting with anything else means that there was no response.
 */
export interface IHttpClient {
  get(url: string, headers?: Record<string, string>): Promise<any>;
  post(url: string, body?: any, headers?: Record<string, string>): Promise<any>;
}

/**
 * Manages one peer connection at a time, for a client that is a plain peer then: it does not reconnect. All other methods
 * refer to the connection created last. `createAnswer` first applies the offer as the remote description. The callback of
 * `onIceCandidate` receives `null` at the end of candidates.
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

/**
 * Stores the client's state. Only `getState` and `setState` are required; the other methods are called if they exist.
 */
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
