/** A stream that hands on what it gets after a delay, in order. */
import { Duplex } from 'node:stream';

/** How many bytes may be on their way; a sender with more waits. */
const MOST = 1_048_576;

export class Delay extends Duplex {
  readonly #due: (now: number) => number;
  readonly #line: { chunk: Buffer | null; due: number }[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void) | undefined;

  /** `due` is when what arrives now is to leave. It is never earlier than for what arrived before. */
  constructor(due: (now: number) => number) {
    super({ allowHalfOpen: true });
    this.#due = due;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#bytes += chunk.length;
    this.#add(chunk);
    if (this.#bytes < MOST) done();
    else this.#waiting = done;
  }

  /** The end travels like everything else. */
  override _final(done: () => void): void {
    this.#add(null);
    done();
  }

  override _read(): void {}

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }

  #add(chunk: Buffer | null): void {
    const now = performance.now();
    const last = this.#line.at(-1)?.due ?? 0;
    this.#line.push({ chunk, due: Math.max(this.#due(now), last) });
    if (!this.#timer) this.#forward();
  }

  #forward(): void {
    this.#timer = undefined;
    const now = performance.now();
    while (this.#line[0] && this.#line[0].due <= now) {
      const { chunk } = this.#line.shift()!;
      this.#bytes -= chunk?.length ?? 0;
      this.push(chunk);
    }
    if (this.#line[0]) this.#timer = setTimeout(() => this.#forward(), this.#line[0].due - now);
    const done = this.#waiting;
    if (done && this.#bytes < MOST) {
      this.#waiting = undefined;
      done();
    }
  }
}
