/**
 * The specification's interfaces, verbatim, and checks that the package's types are compatible with them in both
 * directions.
 */
import type * as Package from 'webrtc-registry-client';
import { WebRTCRegistryClient } from 'webrtc-registry-client';

interface IRegistryClient {
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

interface RoomCreationResponse {
  code: string;
  ownerToken: string;
  joinCode: string;
  expiresAt: number;
}

interface PublicRoomInfo {
  status: "open";
  expiresAt: number;
  hostUserName: string;
}

interface RoomJoinResponse {
  guestToken: string;
  expiresAt: number;
}

interface RoomSnapshot {
  status: "open" | "joined" | "paired" | "closed";
  offer: RTCSessionDescriptionInit | null;
  answer: RTCSessionDescriptionInit | null;
  updatedAt: number;
  expiresAt: number;
}

interface CandidateList {
  items: RTCIceCandidateInit[];
  mode: "full" | "delta";
  lastSeq?: number;
}

interface IWebRTCManager {
  createPeerConnection(iceServers: RTCIceServer[]): RTCPeerConnection;
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

interface IRoomManager {
  createRoom(hostUserName: string): Promise<RoomInfo>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<RoomInfo>;
  startConnection(): Promise<void>;
  closeRoom(): Promise<void>;
  onStateChange(callback: (state: Package.ConnectionState) => void): void;
  onMessage(callback: (message: any) => void): void;
  sendMessage(message: any): void;
  getConnectionState(): Package.ConnectionState;
  getRoomInfo(): RoomInfo | null;
}

interface RoomInfo {
  code: string;
  hostUserName?: string;
  guestUserName?: string;
  role: "host" | "guest";
  token: string;
  expiresAt: number;
}

enum ConnectionState {
  IDLE = "idle",
  CREATING = "creating",
  CREATED = "created",
  JOINING = "joining",
  JOINED = "joined",
  CONNECTING = "connecting",
  CONNECTED = "connected",
  DISCONNECTED = "disconnected",
  ERROR = "error"
}

interface IStateManager {
  getState(): Package.ConnectionState;
  setState(state: Package.ConnectionState): void;
  getRoomInfo(): RoomInfo | null;
  setRoomInfo(roomInfo: RoomInfo): void;
  getPeerConnection(): RTCPeerConnection | null;
  setPeerConnection(connection: RTCPeerConnection): void;
  getDataChannel(): RTCDataChannel | null;
  setDataChannel(channel: RTCDataChannel): void;
  reset(): void;
}

// The specification's `constructor(config)`, which an interface cannot declare, is checked below.
interface IWebRTCRegistryClient {
  createRoom(hostUserName: string): Promise<string>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<void>;
  startConnection(): Promise<void>;
  sendMessage(message: any): void;
  closeRoom(): Promise<void>;
  onStateChange(callback: (state: Package.ConnectionState) => void): void;
  onMessage(callback: (message: any) => void): void;
  onError(callback: (error: Error) => void): void;
  getConnectionState(): Package.ConnectionState;
  getRoomInfo(): RoomInfo | null;
}

interface WebRTCClientConfig {
  registryApiUrl: string;
  iceServers: RTCIceServer[];
  httpClient?: IHttpClient;
  webRTCManager?: IWebRTCManager;
  stateManager?: IStateManager;
}

interface IHttpClient {
  get(url: string, headers?: Record<string, string>): Promise<any>;
  post(url: string, body?: any, headers?: Record<string, string>): Promise<any>;
}

/** Compiles only if type `From` is assignable to type `To`. */
type Is<From extends To, To> = From;

export type BothWays = [
  Is<IRegistryClient, Package.IRegistryClient>, Is<Package.IRegistryClient, IRegistryClient>,
  Is<RoomCreationResponse, Package.RoomCreationResponse>, Is<Package.RoomCreationResponse, RoomCreationResponse>,
  Is<PublicRoomInfo, Package.PublicRoomInfo>, Is<Package.PublicRoomInfo, PublicRoomInfo>,
  Is<RoomJoinResponse, Package.RoomJoinResponse>, Is<Package.RoomJoinResponse, RoomJoinResponse>,
  Is<RoomSnapshot, Package.RoomSnapshot>, Is<Package.RoomSnapshot, RoomSnapshot>,
  Is<CandidateList, Package.CandidateList>, Is<Package.CandidateList, CandidateList>,
  Is<IWebRTCManager, Package.IWebRTCManager>, Is<Package.IWebRTCManager, IWebRTCManager>,
  Is<IRoomManager, Package.IRoomManager>, Is<Package.IRoomManager, IRoomManager>,
  Is<RoomInfo, Package.RoomInfo>, Is<Package.RoomInfo, RoomInfo>,
  Is<IStateManager, Package.IStateManager>, Is<Package.IStateManager, IStateManager>,
  Is<IHttpClient, Package.IHttpClient>, Is<Package.IHttpClient, IHttpClient>,
  Is<WebRTCClientConfig, Package.WebRTCClientConfig>,
  Is<Package.WebRTCRegistryClient, IWebRTCRegistryClient>, Is<Package.WebRTCRegistryClient, Package.IWebRTCRegistryClient>,
  Is<IWebRTCRegistryClient, Package.IWebRTCRegistryClient>, Is<Package.IWebRTCRegistryClient, IWebRTCRegistryClient>,
  // The enum: same names, same values, and each member is a state.
  Is<ConnectionState, Package.ConnectionState>,
  Is<Package.ConnectionState, `${ConnectionState}`>, Is<`${ConnectionState}`, Package.ConnectionState>,
  Is<typeof ConnectionState, typeof Package.ConnectionState>,
];

/** An application's own client. */
export class OwnClient implements Package.IWebRTCRegistryClient {
  // A member of the enum is a type as well.
  state: Package.ConnectionState.IDLE | Package.ConnectionState.CREATED = 'idle';
  async createRoom(hostUserName: string): Promise<string> {
    this.state = 'created';
    return hostUserName;
  }
  async joinRoom(): Promise<void> {}
  async startConnection(): Promise<void> {}
  sendMessage(): void {}
  async closeRoom(): Promise<void> {}
  onStateChange(): void {}
  onMessage(): void {}
  onError(): void {}
  getConnectionState(): Package.ConnectionState {
    return this.state;
  }
  getRoomInfo(): null {
    return null;
  }
}

/** The specification's constructor. */
export const construct = (config: WebRTCClientConfig): IWebRTCRegistryClient => new WebRTCRegistryClient(config);
