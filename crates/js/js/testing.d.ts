import type { FaultRule } from "./harness.js";
export * from "./client.js";

/** A call that a client made to the Registry of a world. */
export interface SeenCall {
  /** When, in milliseconds since the world began. */
  atMs: number;
  method: "GET" | "POST";
  path: string;
  /** What the Registry answered; `null` if the call did not arrive. */
  status: number | null;
}

/**
 * A Registry, the network to it, the path between peers, and time, which passes only when the test says so: a test takes
 * milliseconds, and does the same each time. Every `WebRTCRegistryClient` of this module lives in the world that was created
 * last when it is created, so run one test at a time; its `registryApiUrl` can be any http or https URL without a path.
 *
 * The world's time is that of its clients. It does not know the application's own timers, requests and other waiting: it may
 * pass while they go on.
 */
export declare class World {
  /** All randomness begins with `seed`, by default 0. */
  constructor(seed?: number);

  /**
   * Lets time pass until the promise is settled, and settles as it does. Rejects with code `not_settled` if nothing will happen
   * any more, or after `limitMs` of the world's time, by default an hour.
   */
  settle<T>(promise: PromiseLike<T>, limitMs?: number): Promise<T>;
  /** Lets time pass; resolves when everything has run that was due. */
  advance(ms: number): Promise<void>;
  /** Milliseconds since the world began. */
  elapsedMs(): number;

  /**
   * Makes something happen to the calls of all clients: lost, late, repeated, overtaken, refused with a status. Returns a number
   * for `removeFault`. `times` counts for each client.
   */
  addFault(rule: FaultRule): number;
  removeFault(number: number): boolean;
  /** Replaces all faults by those of a kind of network. */
  preset(name: "train" | "congested-mobile" | "flapping" | "busy-registry"): void;
  /** Ends all faults; the Registry can be reached again. */
  clearFaults(): void;
  /** Makes the Registry unreachable, or reachable again. */
  setOffline(offline: boolean): void;
  /** Whether ICE finds a path between peers, finds that there is none (after 15 s), or never ends. */
  setIce(outcome: "connects" | "fails" | "hangs"): void;
  /** Restarts the Registry, which loses every room. */
  restartRegistry(): void;

  /** How many rooms are open at the Registry. */
  roomCount(): number;
  /** All calls so far, oldest first. */
  calls(): SeenCall[];
}
