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

/** Why a command was refused, or what else went wrong. Promises are rejected with an `Error` that has these fields. */
export interface HarnessFailure {
  /** Of the element: `not_loaded`, `not_in_page`, `closed` or `bad_argument`; or one of the client's. */
  code: string;
  message: string;
  retryable: boolean;
}

export interface HarnessEventMap {
  ready: CustomEvent<{ state: HarnessState }>;
  state: CustomEvent<{ state: HarnessState }>;
  room: CustomEvent<HarnessRoom>;
  message: CustomEvent<{ data: unknown }>;
  error: CustomEvent<HarnessFailure>;
}

/** Its own events, and those of any element. */
type EventsOf = HarnessEventMap & Omit<HTMLElementEventMap, keyof HarnessEventMap>;

/** The attributes, for the types of a framework: see docs/EMBEDDING.md. */
export interface HarnessAttributes {
  as?: 'host' | 'guest';
  name?: string;
  registry?: string;
  src?: string;
  stun?: string;
  room?: string;
  join?: string;
  auto?: boolean;
  theme?: 'light' | 'dark';
  accent?: string;
  title?: string;
}

/** The listeners to its events, as JSX in React names them. */
export type HarnessListeners = { [K in keyof HarnessEventMap as `on${K}`]?: (event: HarnessEventMap[K]) => void };

/**
 * The element. Each attribute can also be set as a property, as frameworks do; in a script, use `setAttribute` for `room` and
 * `join`, which are something else when they are read.
 */
export interface RegistryHarnessElement extends HTMLElement {
  as: string;
  name: string;
  registry: string;
  src: string;
  stun: string;
  auto: boolean;
  theme: string;
  accent: string;
  readonly state: HarnessState;
  readonly room: HarnessRoom | null;
  create(name?: string): Promise<HarnessRoom>;
  join(room: string, join: string, name?: string): Promise<void>;
  start(): Promise<void>;
  /** Resolves when the message is accepted. */
  send(data: unknown): Promise<void>;
  close(): Promise<void>;
  addEventListener<K extends keyof EventsOf>(
    type: K,
    listener: (event: EventsOf[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof EventsOf>(
    type: K,
    listener: (event: EventsOf[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'registry-harness': RegistryHarnessElement;
  }
}
