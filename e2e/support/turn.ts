/** A TURN server that asks for credentials and records who sent them. It relays nothing. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const ALLOCATE = 0x0003;
const ALLOCATE_REFUSED = 0x0113;
const USERNAME = 0x0006;
const ERROR_CODE = 0x0009;
const REALM = 0x0014;
const NONCE = 0x0015;

const HEADER = 20;
const padded = (length: number) => Math.ceil(length / 4) * 4;

/** Encodes an attribute with type and length, padded to 32-bit words. */
function attribute(type: number, value: Buffer): Buffer {
  const all = Buffer.alloc(4 + padded(value.length));
  all.writeUInt16BE(type, 0);
  all.writeUInt16BE(value.length, 2);
  value.copy(all, 4);
  return all;
}

function attributeOf(message: Buffer, wanted: number): Buffer | undefined {
  for (let at = HEADER; at + 4 <= message.length; ) {
    const [type, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 2)];
    if (type === wanted) return message.subarray(at + 4, at + 4 + length);
    at += 4 + padded(length);
  }
  return undefined;
}

/** 401: requests a user name and a hash of the password. */
function refusal(request: Buffer): Buffer {
  const attributes = Buffer.concat([
    attribute(ERROR_CODE, Buffer.from([0, 0, 4, 1])),
    attribute(REALM, Buffer.from('test')),
    attribute(NONCE, Buffer.from('nonce')),
  ]);
  const header = Buffer.alloc(4);
  header.writeUInt16BE(ALLOCATE_REFUSED, 0);
  header.writeUInt16BE(attributes.length, 2);
  // The transaction id.
  return Buffer.concat([header, request.subarray(4, HEADER), attributes]);
}

export class TurnServer {
  /** The number of requests, and their user names. */
  asked = 0;
  readonly users = new Set<string>();
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message, { address, port }) => {
      if (message.length < HEADER || message.readUInt16BE(0) !== ALLOCATE) return;
      this.asked += 1;
      const user = attributeOf(message, USERNAME);
      if (user) this.users.add(user.toString());
      else socket.send(refusal(message), port, address);
    });
  }

  static async start(): Promise<TurnServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TurnServer(socket);
  }

  get url(): string {
    return `turn:127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): void {
    this.#socket.close();
  }
}
