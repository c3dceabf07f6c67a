/** Deadlines and cadences, times in milliseconds, all optional. */
export interface ClientSettings {
  /** How long one HTTP request may take: 10000. */
  requestTimeout?: number;
  /** From both descriptions known to the open data channel: 30000. */
  connectionTimeout?: number;
  /** When a gathering of candidates that is not complete is reported: 10000. */
  iceGatheringTimeout?: number;
  /** How long ICE may take to heal by itself: 5000. */
  disconnectedGrace?: number;
  /** The shortest pause between two polls of one kind: 250. */
  pollInterval?: number;
  /** The longest pause between two polls of one kind: 2000. */
  pollIntervalMax?: number;
  /** How long a request may wait for news at a Registry that can do that, at most 25000; 0 polls there too: 20000. */
  pollWait?: number;
  /** The first pause before a failed call is repeated: 500. */
  retryBackoffBase?: number;
  /** The longest pause before a failed call is repeated: 8000. */
  retryBackoffMax?: number;
  /** How much a pause may differ from its nominal length, as a fraction of it: 0.1. */
  jitter?: number;
  /** How often creating or joining is repeated when the Registry asks to come again: 4. */
  admissionRetries?: number;

  /** Whether a lost connection is made again, where the peer can do that too: true. */
  reconnectEnabled?: boolean;
  /** How many attempts are made to reconnect, 0 for no limit: 5. */
  maxReconnectAttempts?: number;
  /** The pause before the second attempt; it doubles with each further one: 1000. */
  reconnectBackoffBase?: number;
  /** The longest pause before an attempt: 30000. */
  reconnectBackoffMax?: number;
  /** How much the pause before an attempt may differ from its nominal length, as a fraction of it: 0.1. */
  reconnectJitter?: number;
  /** How long one attempt waits for the peer: 60000. */
  reconnectTimeout?: number;
  /** How long an ICE restart may take: 10000. */
  restartTimeout?: number;
  /** How long a peer has to greet before it counts as one that knows only the specification: 2000. */
  greetingTimeout?: number;
  /** The pause between two questions whether the peer is there: 2000. */
  pingInterval?: number;
  /** How long a peer may leave such a question unanswered: 5000. */
  pingTimeout?: number;

  /** Whether messages are accepted while there is no connection: true. */
  bufferEnabled?: boolean;
  /** How many messages may wait for the data channel: 100. */
  maxBufferSize?: number;
  /** How many bytes of messages may wait or be unacknowledged: 8388608. */
  maxBufferBytes?: number;
  /** How long a message may wait: 60000. */
  maxBufferAge?: number;
  /** What a full buffer does: "refuse". */
  bufferOverflow?: "refuse" | "drop-oldest";
  /** Whether what was not delivered when a room is closed goes to the peer of the next: false. */
  preserveBufferOnClose?: boolean;
  /**
   * How long `closeRoom` may take to deliver what was accepted before, as long as the peer acknowledges: 5000, at most
   * 25000; 0 closes at once.
   */
  closeTimeout?: number;
  /** Messages wait while the data channel holds more bytes than this: 1048576. */
  bufferedAmountHigh?: number;
  /** And go on when it holds no more than this: 65536. */
  bufferedAmountLow?: number;
}
