/**
 * Timeouts, intervals and limits. Times are in milliseconds; all settings are optional. Defaults are at the end of each
 * comment.
 */
export interface ClientSettings {
  /** Timeout of an HTTP request: 10000. */
  requestTimeout?: number;
  /** Timeout from having both descriptions to an open data channel: 30000. */
  connectionTimeout?: number;
  /** Time after which incomplete ICE gathering is reported; not fatal: 10000. */
  iceGatheringTimeout?: number;
  /** How long ICE may recover by itself before the connection counts as lost: 5000. */
  disconnectedGrace?: number;
  /** Shortest polling interval: 250. */
  pollInterval?: number;
  /** Longest polling interval: 2000. */
  pollIntervalMax?: number;
  /** Long-poll timeout at a Registry that supports long polling, at most 25000; 0 disables long polling: 20000. */
  pollWait?: number;
  /** Delay before the first retry of a failed call; doubles with each further one: 500. */
  retryBackoffBase?: number;
  /** Longest delay before retrying a failed call: 8000. */
  retryBackoffMax?: number;
  /** Jitter of intervals and delays, as a fraction: 0.1. */
  jitter?: number;
  /** How often creating or joining a room is retried if the Registry asks to retry: 4. */
  admissionRetries?: number;

  /** Whether to reconnect after a lost connection, if the peer supports it: true. */
  reconnectEnabled?: boolean;
  /** Maximum number of attempts to reconnect, 0 for no limit: 5. */
  maxReconnectAttempts?: number;
  /** Delay before the second attempt to reconnect; doubles with each further one: 1000. */
  reconnectBackoffBase?: number;
  /** Longest delay before an attempt to reconnect: 30000. */
  reconnectBackoffMax?: number;
  /** Jitter of the delay before an attempt to reconnect, as a fraction: 0.1. */
  reconnectJitter?: number;
  /** How long one attempt waits for the peer: 60000. */
  reconnectTimeout?: number;
  /** Timeout of an ICE restart: 10000. */
  restartTimeout?: number;
  /**
   * Time within which a peer must send its greeting; otherwise it counts as one that implements only the specification:
   * 2000.
   */
  greetingTimeout?: number;
  /** Interval between pings to the peer: 2000. */
  pingInterval?: number;
  /** Time within which the peer must answer a ping: 5000. */
  pingTimeout?: number;

  /** Whether messages are accepted while there is no connection: true. */
  bufferEnabled?: boolean;
  /** Maximum number of messages waiting for the data channel: 100. */
  maxBufferSize?: number;
  /** Maximum size in bytes of all waiting and unacknowledged messages: 8388608. */
  maxBufferBytes?: number;
  /** How long a message may wait: 60000. */
  maxBufferAge?: number;
  /** What a full buffer does with a new message: "refuse". */
  bufferOverflow?: "refuse" | "drop-oldest";
  /** Whether messages not delivered when a room is closed are sent to the peer in the next room: false. */
  preserveBufferOnClose?: boolean;
  /**
   * How long `closeRoom` may take to deliver accepted messages, as long as the peer acknowledges them, at most 25000; 0 closes
   * at once: 5000.
   */
  closeTimeout?: number;
  /** Messages wait while the data channel has more bytes buffered than this: 1048576. */
  bufferedAmountHigh?: number;
  /** Sending continues when the data channel has no more bytes buffered than this: 65536. */
  bufferedAmountLow?: number;
}
