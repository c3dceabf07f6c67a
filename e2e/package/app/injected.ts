/**
 * The specification's three injectable interfaces, implemented by an application and used by two clients in one tab.
 */
import {
  ConnectionState,
  init,
  RegistryClientError,
  WebRTCRegistryClient,
  type IHttpClient,
  type IStateManager,
  type IWebRTCManager,
  type RoomInfo,
} from 'webrtc-registry-client';

class CountingHttpClient implements IHttpClient {
  readonly calls: string[] = [];

  get(url: string, headers: Record<string, string> = {}): Promise<any> {
    return this.#send('GET', url, undefined, headers);
  }

  post(url: string, body?: any, headers: Record<string, string> = {}): Promise<any> {
    return this.#send('POST', url, JSON.stringify(body), { ...headers, 'Content-Type': 'application/json' });
  }

  async #send(method: string, url: string, body: string | undefined, headers: Record<string, string>): Promise<any> {
    this.calls.push(method);
    const all = { ...headers, 'X-Registry-Version': '1' };
    const response = await fetch(url, { method, body: body ?? null, headers: all, credentials: 'omit' });
    const text = await response.text();
    if (!response.ok) throw { status: response.status, body: text };
    return text ? JSON.parse(text) : undefined;
  }
}

class PeerConnections implements IWebRTCManager {
  readonly labels: string[] = [];
  #connection!: RTCPeerConnection;

  createPeerConnection(iceServers: RTCIceServer[]): RTCPeerConnection {
    return (this.#connection = new RTCPeerConnection({ iceServers }));
  }
  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
    return this.#connection.createOffer(options);
  }
  async createAnswer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
    await this.#connection.setRemoteDescription(offer);
    return this.#connection.createAnswer();
  }
  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    return this.#connection.setLocalDescription(description);
  }
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    return this.#connection.setRemoteDescription(description);
  }
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#connection.addIceCandidate(candidate);
  }
  createDataChannel(label: string, dataChannelDict?: RTCDataChannelInit): RTCDataChannel {
    this.labels.push(label);
    return this.#connection.createDataChannel(label, dataChannelDict);
  }
  onIceCandidate(callback: (candidate: RTCIceCandidateInit) => void): void {
    this.#connection.onicecandidate = ({ candidate }) => void (candidate && callback(candidate.toJSON()));
  }
  onConnectionStateChange(callback: (state: RTCPeerConnectionState) => void): void {
    this.#connection.onconnectionstatechange = () => callback(this.#connection.connectionState);
  }
  onDataChannel(callback: (channel: RTCDataChannel) => void): void {
    this.#connection.ondatachannel = ({ channel }) => callback(channel);
  }
}

class States implements IStateManager {
  readonly seen: ConnectionState[] = [];
  rooms = 0;
  connections = 0;
  #state: ConnectionState = ConnectionState.IDLE;
  #room: RoomInfo | null = null;
  #connection: RTCPeerConnection | null = null;
  #channel: RTCDataChannel | null = null;

  getState = (): ConnectionState => this.#state;
  setState(state: ConnectionState): void {
    this.seen.push(state);
    this.#state = state;
  }
  getRoomInfo = (): RoomInfo | null => this.#room;
  setRoomInfo(roomInfo: RoomInfo): void {
    this.rooms += 1;
    this.#room = roomInfo;
  }
  getPeerConnection = (): RTCPeerConnection | null => this.#connection;
  setPeerConnection(connection: RTCPeerConnection): void {
    this.connections += connection instanceof RTCPeerConnection ? 1 : 0;
    this.#connection = connection;
  }
  getDataChannel = (): RTCDataChannel | null => this.#channel;
  setDataChannel(channel: RTCDataChannel): void {
    this.#channel = channel;
  }
  reset(): void {
    this.#state = ConnectionState.IDLE;
    this.#room = this.#connection = this.#channel = null;
  }
}

/** A client that uses only the application's own implementations, with a record of their calls. */
function assemble() {
  const [httpClient, webRTCManager, stateManager] = [new CountingHttpClient(), new PeerConnections(), new States()];
  const registryApiUrl = new URLSearchParams(location.search).get('registry') ?? '';
  const client = new WebRTCRegistryClient({ registryApiUrl, iceServers: [], httpClient, webRTCManager, stateManager });
  const message = new Promise<unknown>((resolve) => void client.onMessage(resolve));
  return { client, message, httpClient, webRTCManager, stateManager };
}

/** Host and guest connect, exchange messages and close; then the host tries to join an unknown room. */
async function meet() {
  await init();
  const [host, guest] = [assemble(), assemble()];
  const code = await host.client.createRoom('Host');
  await guest.client.joinRoom(code, host.client.getRoomInfo()?.joinCode ?? '', 'Guest');
  await Promise.all([host.client.startConnection(), guest.client.startConnection()]);
  host.client.sendMessage('ping');
  guest.client.sendMessage(['pong', 1.5]);
  const messages = [await host.message, await guest.message];
  const channel = host.stateManager.getDataChannel()?.readyState;
  await Promise.all([host.client.closeRoom(), guest.client.closeRoom()]);
  const refusal: unknown = await host.client.joinRoom('ABCDEFGH', '123456', 'Nobody').catch((error: unknown) => error);
  return {
    messages,
    channel,
    hostStates: host.stateManager.seen.slice(0, 4),
    guestStates: guest.stateManager.seen.slice(0, 4),
    rooms: host.stateManager.rooms > 0 && guest.stateManager.rooms > 0,
    connections: [host.stateManager.connections, guest.stateManager.connections],
    channels: host.webRTCManager.labels.length,
    asked: host.httpClient.calls.includes('POST') && guest.httpClient.calls.includes('GET'),
    refusal: refusal instanceof RegistryClientError && [refusal.kind, refusal.code, refusal.status],
  };
}

declare global {
  interface Window {
    outcome: ReturnType<typeof meet>;
  }
}
window.outcome = meet();
