/** What the package exports, as far as the tests use it. */
export declare function init(source?: unknown): Promise<void>;

export declare class RegistryClientError extends Error {
  kind: string;
  code: string;
  diagnostics: { phase: string };
}

export declare class WebRTCRegistryClient {
  constructor(config: { registryApiUrl: string; iceServers: unknown[] });
  getConnectionState(): string;
  getRoomInfo(): { joinCode: string } | null;
  createRoom(hostUserName: string): Promise<string>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<void>;
  startConnection(): Promise<void>;
  closeRoom(): Promise<void>;
  sendMessage(message: unknown): string;
  onStateChange(callback: (state: string) => void): () => void;
  onMessage(callback: (message: unknown) => void): () => void;
}

/** Of the entry for tests. */
export declare class World {
  settle<T>(promise: Promise<T>): Promise<T>;
  roomCount(): number;
}

type Callback = (value: unknown) => void;

export declare class RegistryClient {
  constructor(config: { registryApiUrl: string });
}

export declare class WebRTCManager {}

export declare class StateManager {
  getState(): string;
  getDataChannel(): RTCDataChannel | null;
}

export declare class RoomManager {
  constructor(config: object);
  createRoom(hostUserName: string): Promise<{ code: string; joinCode?: string }>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<unknown>;
  startConnection(): Promise<void>;
  closeRoom(): Promise<void>;
  onMessage(callback: Callback): () => void;
  sendMessage(message: unknown): string;
  getConnectionState(): string;
}
