import type { ConnectionState, RegistryClientError } from "./client.js";

export interface StateChangeInfo {
  oldState: ConnectionState;
  newState: ConnectionState;
  reason: string | null;
}

export interface CandidatePairEnd {
  candidateType: "host" | "srflx" | "prflx" | "relay";
  protocol: string;
  address: string;
  port: number;
}

/** Details of the events of a description. */
export interface DescriptionDetails {
  /** Size of the SDP in bytes. */
  bytes: number;
  /** The SDP, with `***` in place of the ICE passwords. */
  sdp: string;
}

/** A pair of candidates that ICE checks. */
export interface CheckedPair {
  local: CandidatePairEnd;
  remote: CandidatePairEnd;
  state: "frozen" | "waiting" | "in-progress" | "failed" | "succeeded";
  nominated: boolean;
  requestsSent: number;
  requestsReceived: number;
  responsesReceived: number;
  roundTripMs: number | null;
  bytesSent: number;
  bytesReceived: number;
}

/** The outcome of one request of a probe. */
export type Probed<Answer> = { answered: Answer } | { failed: string } | "timedOut";

/** An answer to a probe that the page may read. */
export interface ProbeAnswer {
  status: number;
  /** Whether it is that of a Registry. */
  ofARegistry: boolean;
  /** The server's time in milliseconds since the epoch, where the page may read it. */
  date: number | null;
  /** When it arrived, by the device's clock. */
  received: number;
  tookMs: number;
}

/** An event of any kind, as it is kept in the trace. */
export interface TraceEvent {
  /** Sequence number, from 1 without gaps. */
  seq: number;
  /** Monotonic time in milliseconds. */
  atMs: number;
  /** Wall-clock time in milliseconds since the epoch. */
  epochMs: number;
  name: string;
  details: any;
}

/** The events that `on` can listen for, with the arguments of their callbacks. */
export interface ClientEventMap {
  "*": [event: TraceEvent];

  "state:changed": [StateChangeInfo];
  connecting: [];
  connected: [];
  disconnected: [reason?: string];
  failed: [error: RegistryClientError];
  closed: [reason?: string];

  message: [data: any];
  "message:sent": [data: any, buffered: boolean];
  "message:buffered": [data: any];
  "message:replayed": [{ id: number; data: any }];
  /** The ids of messages that the peer has delivered; the client numbers its messages from 1. */
  "message:delivered": [ids: number[]];
  "message:buffer:overflow": [{ id: number; data: any; reason: "overflow" }];
  "message:buffer:expired": [{ id: number; data: any; reason: "expired" }];
  "message:undelivered": [{ id: number; data: any; reason: "tooLarge" | "closed" | "unknown" }];

  "reconnect:scheduled": [{ attempt: number; delay: number; maxAttempts: number }];
  "reconnect:attempting": [attempt: number];
  "reconnect:success": [];
  "reconnect:failed": [error: RegistryClientError];
  "reconnect:exhausted": [attempts: number];
  "ice:restart": [];
  "peer:durable": [];
  "peer:plain": [];
  "peer:version": [{ version: number }];
  "peer:answered": [{ ms: number }];
  standby: [{ step: "made" | "ready" | "used" | "gone"; expiresAt: number | null }];

  "ice:candidate:local": [candidate: RTCIceCandidateInit | null];
  "ice:candidate:local:posted": [candidate: RTCIceCandidateInit];
  "ice:candidate:local:refused": [candidate: RTCIceCandidateInit, reason?: string];
  "ice:candidate:local:skipped": [candidate: RTCIceCandidateInit | null, reason?: string];
  "ice:candidate:remote": [candidate: RTCIceCandidateInit | null];
  "ice:candidate:remote:received": [candidate: RTCIceCandidateInit];
  "ice:candidate:remote:failed": [candidate: RTCIceCandidateInit, reason?: string];
  "ice:candidate:remote:skipped": [candidate: RTCIceCandidateInit | null, reason?: string];
  "ice:candidate:error": [{ url: string; code: number; text: string }];
  /**
   * A candidate was gathered from this STUN or TURN server. Not in Firefox, which does not report where a candidate is
   * from.
   */
  "ice:server:answered": [{ url: string; candidate: string | null; relayProtocol: "udp" | "tcp" | "tls" | null }];
  "ice:connection:state": [state: RTCIceConnectionState];
  "ice:gathering:state": [state: RTCIceGatheringState];
  "ice:selected-pair": [{ pair: { local: CandidatePairEnd; remote: CandidatePairEnd }; relayed: boolean }];
  "ice:polling:started": [];
  "ice:polling:interval": [intervalMs: number];
  "ice:polling:stopped": [];
  "room:polling:started": [];
  "room:polling:interval": [intervalMs: number];
  "room:polling:stopped": [];
  /** The host's room has another join code; `getRoomInfo()` has it. */
  "room:join-code:replaced": [{ expiresAt: number }];
  /** The Registry supports long polls: from now on one pending request replaces all polling. */
  "room:waiting": [{ waitMs: number }];

  /** The answer has been applied. The offer is identified by its room. */
  "answer:processed": [roomCode: string, guestUserName: string | null];
  "answer:duplicate": [roomCode: string];
  "answer:created": [DescriptionDetails];
  /** It is the local description now. */
  "answer:set": [DescriptionDetails];
  "answer:posted": [DescriptionDetails];
  "answer:received": [DescriptionDetails];
  "offer:created": [DescriptionDetails];
  /** It is the local description now. */
  "offer:set": [DescriptionDetails];
  "offer:posted": [DescriptionDetails];
  "offer:received": [DescriptionDetails];
  "offer:applied": [DescriptionDetails];

  "datachannel:open": [];
  "datachannel:close": [];
  "datachannel:error": [error: RegistryClientError];
  "datachannel:state": [{ state: RTCDataChannelState }];
  "connection:state": [state: RTCPeerConnectionState];
  "signaling:state": [state: RTCSignalingState];
  /** The room will be closed as soon as this many messages have been delivered. */
  closing: [{ messages: number }];
  "cleanup:started": [];
  "cleanup:complete": [];
  "connection:timeout": [];
  "ice:gathering:timeout": [];
  timer: [{ timer: string }];

  room: [{ code: string; role: "host" | "guest"; hostUserName: string | null; expiresAt: number }];
  "room:snapshot": [{ status: string; offer: boolean; answer: boolean; expiresAt: number }];
  request: [{ id: number; operation: string; method: string; path: string; bytes: number }];
  response: [
    {
      id: number;
      operation: string;
      method: string;
      path: string;
      status: number;
      durationMs: number;
      bytes: number;
      code: string | null;
    },
  ];
  "request:failed": [
    { id: number; operation: string; method: string; path: string; durationMs: number; reason: string },
  ];
  /** A request was aborted because its response is no longer needed. */
  "request:aborted": [{ id: number; operation: string; method: string; path: string; durationMs: number }];
  /**
   * A call to the Registry has failed and will be retried. The failure is over when there is a `response` of the same
   * `operation` whose `code` is `null`.
   */
  "retry:scheduled": [{ operation: string; failures: number; delayMs: number; reason: string }];
  stale: [{ what: string; attempt: number }];
  error: [error: RegistryClientError];
  /** The Registry's clock differs from the device's, or by another amount than before; negative if it is behind. */
  "registry:clock": [{ aheadMs: number }];

  // What only the harness page records.
  environment: [
    {
      version: string;
      userAgent: string;
      pageOrigin: string;
      secureContext: boolean;
      hasWebRtc: boolean;
      online: boolean;
      registryUrl: string;
      iceServers: string[];
      relayOnly: boolean;
    },
  ];
  /** `gapMs` is how long the page did not run, after it has slept. */
  page: [{ step: "hidden" | "visible" | "slept" | "online" | "offline"; gapMs: number | null }];
  "registry:probe": [
    {
      opaque: Probed<null>;
      simpleCors: Probed<ProbeAnswer>;
      preflighted: Probed<ProbeAnswer>;
      refusedHeaders: string[];
      mixedContent: boolean;
    },
  ];
  "ice:pairs": [{ pairs: CheckedPair[] }];
  "fault:injected": [
    { action: string; target: string; delayMs: number | null; status: number | null; rule: string | null },
  ];
}
