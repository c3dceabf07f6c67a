/** The interface of the element `<registry-harness>` defined by `embed.js`. See docs/EMBEDDING.md. */

export type HarnessState =
  | 'idle'
  | 'creating'
  | 'created'
  | 'joining'
  | 'joined'
  | 'connecting'
  | 'connected'
  | 'disconnected'
  | 'error';

/** A room. `join` and `link` are present only for the host. */
export interface HarnessRoom {
  room: string;
  join?: string;
  link?: string;
  host?: string;
  guest?: string;
  /** When the room expires, in milliseconds since the epoch. */
  expiresAt: number;
}

/** Why a command was refused, or what else went wrong. */
export interface HarnessFailure {
  code: string;
  message: string;
  retryable: boolean;
}

export interface HarnessEventMap {
  ready: CustomEvent<Record<string, never>>;
  state: CustomEvent<{ state: HarnessState }>;
  room: CustomEvent<HarnessRoom>;
  message: CustomEvent<{ data: unknown }>;
  error: CustomEvent<HarnessFailure>;
}

export interface RegistryHarnessElement extends HTMLElement {
  readonly state: HarnessState;
  readonly room: HarnessRoom | null;
  create(name?: string): Promise<HarnessRoom>;
  join(room: string, join: string, name?: string): Promise<void>;
  start(): Promise<void>;
  send(data: unknown): void;
  close(): Promise<void>;
  addEventListener<K extends keyof HarnessEventMap>(
    type: K,
    listener: (event: HarnessEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'registry-harness': RegistryHarnessElement;
  }
}
