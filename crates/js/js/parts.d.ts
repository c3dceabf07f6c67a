import type {
  CandidateList,
  ConnectionState,
  PublicRoomInfo,
  RoomCreationResponse,
  RoomInfo,
  RoomJoinResponse,
  RoomSnapshot,
  Stop,
  WebRTCClientConfig,
} from "./client.js";
import type { IRegistryClient, IRoomManager, IStateManager, IWebRTCManager } from "./specification.js";

/**
 * The Registry's nine calls, each with a deadline. Promises reject with a `RegistryClientError` of kind `api` for what the
 * Registry refuses, `network` or `timeout` without an answer, and `state` with code `bad_argument` for an argument that makes
 * no sense. Nothing is tried again.
 */
export declare class RegistryClient implements IRegistryClient {
  /** Throws a `RegistryClientError` with code `bad_config` that names the invalid field. */
  constructor(config: Pick<WebRTCClientConfig, "registryApiUrl"> & Partial<WebRTCClientConfig>);
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

/** Keeps a client's state, and throws `invalid_transition` for a transition that there is none. */
export declare class StateManager implements IStateManager {
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

/**
 * One `RTCPeerConnection` at a time: everything refers to the one created last. A client that is given one is a plain peer: it
 * does not reconnect.
 */
export declare class WebRTCManager implements IWebRTCManager {
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
