/** What the page exposes on `window`: the specification's main client class, as a script in the page sees it. */

import type { Harness } from '../../crates/js/js/harness.d.ts';

export type { CheckReport, Finding } from '../../crates/js/js/harness.d.ts';

export type ConnectionState =
  | 'idle'
  | 'creating'
  | 'created'
  | 'joining'
  | 'joined'
  | 'connecting'
  | 'connected'
  | 'disconnected'
  | 'error';

export interface RoomInfo {
  code: string;
  joinCode?: string;
  hostUserName?: string;
  guestUserName?: string;
  role: 'host' | 'guest';
  token: string;
  expiresAt: number;
}

export interface Client {
  createRoom(hostUserName: string): Promise<string>;
  replaceJoinCode(): Promise<string>;
  joinRoom(roomCode: string, joinCode: string, guestUserName: string): Promise<void>;
  startConnection(): Promise<void>;
  sendMessage(message: unknown): unknown;
  closeRoom(): Promise<void>;
  onStateChange(callback: (state: ConnectionState) => void): unknown;
  onMessage(callback: (message: unknown) => void): unknown;
  onError(callback: (error: Error) => void): unknown;
  on(name: string, callback: (...args: any[]) => void): () => void;
  getBuffer(): { waiting: number; unacknowledged: number; bytes: number };
  cut(): void;
  dispose(): void;
  free(): void;
  getConnectionState(): ConnectionState;
  getRoomInfo(): RoomInfo | null;
  getTrace(): { name: string; atMs: number; details: Record<string, unknown> }[];
  networkChanged(): void;
}

export interface ClientConfig {
  registryApiUrl: string;
  iceServers: RTCIceServer[];
  iceTransportPolicy?: RTCIceTransportPolicy;
  maxBufferSize?: number;
  maxBufferAge?: number;
  closeTimeout?: number;
}

/** The error that misuse and failures are reported as. */
export interface ClientError extends Error {
  code: string;
  retryable: boolean;
}

declare global {
  interface Window {
    harness: Omit<Harness, 'client'> & { client: Client };
    WebRTCRegistryClient: new (config: ClientConfig) => Client;
    /** Used by the tests: what the client's callbacks received. */
    recorded: { states: ConnectionState[]; messages: unknown[] };
  }
}
