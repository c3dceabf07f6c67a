/** `window.harness` of the harness page, for scripts and for tests of other projects. */
import type { ConnectionState, WebRTCRegistryClient } from "./client.js";
import type { CandidatePairEnd, TraceEvent } from "./events.js";

/** What is wrong, how that is known, and what to do. */
export interface Finding {
  /** The cause in kebab case, such as `registry-unreachable`. */
  cause: string;
  severity: "error" | "warning" | "note";
  title: string;
  explanation: string;
  advice: string[];
  /** Words that are not ours. */
  quotes: { source: "browser" | "registry" | "server" | "address"; text: string }[];
  /** Numbers of the events that show it. */
  evidence: number[];
  /** Monotonic time in milliseconds. */
  sinceMs: number;
  over: boolean;
}

/** Everything that counts at one moment. */
export interface Snapshot {
  version: 1;
  /** The number of the latest event. */
  seq: number;
  state: ConnectionState;
  role: "host" | "guest" | null;
  room: { code: string; status: string | null; offer: boolean; answer: boolean; expiresAt: number } | null;
  rtc: {
    connectionState: RTCPeerConnectionState | null;
    iceConnectionState: RTCIceConnectionState | null;
    iceGatheringState: RTCIceGatheringState | null;
    signalingState: RTCSignalingState | null;
    dataChannelState: RTCDataChannelState | null;
  };
  pair: { local: CandidatePairEnd; remote: CandidatePairEnd } | null;
  relayed: boolean | null;
  candidates: Record<"local" | "remote", { host: number; srflx: number; relay: number }>;
  calls: { made: number; pending: number; failed: number };
  messages: { sent: number; received: number; undelivered: number };
  error: { code: string; message: string } | null;
}

/** A trace as a file has it. */
export interface Recording {
  format: "registry-harness-trace";
  version: number;
  madeBy: string;
  madeAt: number;
  /** What others stand for. */
  redacted: ("addresses" | "messages")[];
  tracks: { role: "host" | "guest" | null; events: TraceEvent[]; samples: { atMs: number; entries: object[] }[] }[];
}

/** A step of a trace. */
export interface ComparedStep {
  step: string;
  seq: number;
  sinceMs: number;
}

/** Where two traces part in a strand: of states, of offer and answer, of candidates and so on. */
export interface Difference {
  strand: string;
  after: string | null;
  left: ComparedStep | null;
  right: ComparedStep | null;
}

/** What two traces have in common, and where they part. */
export interface Comparison {
  same: number;
  first: Difference | null;
  others: Difference[];
  surroundings: { what: string; left: string; right: string }[];
}

/** What is done to which calls of the Registry. Times are in milliseconds. */
export type FaultRule = {
  name?: string;
  /** Such as `exchange`, `createRoom` or `getRoom`; by default every call. */
  call?: string;
  direction?: "request" | "response";
  /** From 0 to 1; by default 1. */
  probability?: number;
  times?: number;
} & (
  | { effect: "delay"; ms: [least: number, most: number] }
  | { effect: "reorder"; ms: number }
  | { effect: "status"; status: number; retryAfterSec?: number }
  | { effect: "offline"; forMs: number; everyMs: number }
  | { effect: "lose" | "repeat" | "stale" }
);

/** A message that is held until `release`, `edit`, `drop` or `repeat` decides what becomes of it. */
export interface HeldMessage {
  number: number;
  call: string;
  direction: "request" | "response";
  carries: string;
  sinceMs: number;
}

/** Faults on purpose. Each is marked in the trace by an event `fault:injected`. */
export interface Faults {
  /** Starts all randomness again from a number. */
  seed(seed: number): void;
  /** Adds a rule; returns its number. */
  add(rule: FaultRule): number;
  remove(number: number): boolean;
  rules(): [number: number, rule: FaultRule][];
  /** Replaces all rules by those for a kind of network. */
  preset(name: "train" | "congested-mobile" | "flapping" | "busy-registry"): void;
  /** Asks for nothing any more, and releases what is held. */
  clear(): void;
  offline(offline: boolean): void;
  /** From the next peer connection on. */
  relayOnly(relayOnly: boolean): void;
  dropCandidates(types: RTCIceCandidateType[]): void;
  hold(what: { offers?: boolean; answers?: boolean; candidates?: boolean; responses?: boolean }): void;
  held(): HeldMessage[];
  /** The content of a held message, if it may be seen: it has the ICE password of a description. */
  content(number: number): object | null;
  release(number: number): void;
  edit(number: number, content: object): void;
  drop(number: number): void;
  repeat(number: number): void;
  /** Breaks the connection as if the peer connection had crashed. */
  cut(): void;
  restartIce(): void;
}

/** The report of a check without a peer. */
export interface CheckReport {
  format: "registry-harness-check";
  version: number;
  verdict: "ok" | "warning" | "failed";
  addresses: "masked" | "shown";
  tookMs: number;
  checks: {
    id: string;
    verdict: string;
    cause: string;
    words: string;
    subject?: string;
    address?: string;
    tookMs?: number;
  }[];
}

/** `window.harness` */
export interface Harness {
  /** The version of this interface. */
  readonly version: 1;
  /** The client that the page shows: whatever a script does with it shows in the page, and the reverse. */
  readonly client: WebRTCRegistryClient;
  readonly faults: Faults;
  /** The events that are kept, or those after a number. */
  trace(options?: { since?: number }): TraceEvent[];
  /**
   * Resolves when the client is in that state. Rejects with code `wait_timeout` after `timeout` milliseconds (30,000 by
   * default, 0 for never).
   */
  waitFor(state: ConnectionState, options?: { timeout?: number }): Promise<ConnectionState>;
  /**
   * Resolves to the first event for which `accepts` returns something truthy: of those to come, or with `since` first of
   * those that are kept after that number.
   */
  waitFor(
    accepts: (event: TraceEvent) => unknown,
    options?: { timeout?: number; since?: number },
  ): Promise<TraceEvent>;
  /** What is wrong now, the best explanation first. */
  findings(): Finding[];
  snapshot(): Snapshot;
  /** The trace as a file has it. Addresses and the texts of messages are replaced unless asked for. */
  export(options?: { addresses?: boolean; messages?: boolean }): Recording;
  /** Compares two traces to their first difference. */
  diff(left: TraceEvent[] | Recording, right: TraceEvent[] | Recording): Comparison;
  /** Checks Registry, servers and browser without a peer. */
  check(options?: { addresses?: boolean }): Promise<CheckReport>;
}
