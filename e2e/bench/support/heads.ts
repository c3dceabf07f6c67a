/** Finds the first line of each HTTP message in one direction of a connection. */

const END = '\r\n\r\n';
/** Responses without a body, whatever their headers. */
const EMPTY = /^HTTP\/1\.1 (?:1\d\d|204|304) /;
/** From here on it is no longer HTTP. */
const UPGRADED = /^(?:HTTP\/1\.1 101 |GET .*\r\nupgrade: websocket\r\n)/is;

export class Heads {
  readonly #found: (line: string) => void;
  #head = '';
  /** Bytes of a body that are still to come. */
  #body = 0;

  constructor(found: (line: string) => void) {
    this.#found = found;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const skipped = Math.min(this.#body, chunk.length - at);
      this.#body -= skipped;
      at += skipped;
      if (at < chunk.length) at = this.#takeHead(chunk, at);
    }
  }

  /** Takes a head, or what there is of it. The result is where the rest of the chunk begins. */
  #takeHead(chunk: Buffer, from: number): number {
    const before = this.#head.length;
    this.#head += chunk.toString('latin1', from);
    const end = this.#head.indexOf(END);
    if (end < 0) return chunk.length;
    const head = this.#head.slice(0, end + END.length);
    this.#head = '';
    this.#found(head.slice(0, head.indexOf('\r\n')));
    this.#body = length(head);
    return from + head.length - before;
  }
}

/** The length of the body after a head. */
function length(head: string): number {
  if (UPGRADED.test(head)) return Infinity;
  if (EMPTY.test(head)) return 0;
  if (/\r\ntransfer-encoding:/i.test(head)) throw new Error(`a body of unknown length: ${head}`);
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
}
