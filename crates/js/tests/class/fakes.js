/** A Registry in a few lines, as an IHttpClient: enough for one host and one guest. */
export class FakeRegistry {
  calls = [];
  rooms = new Map();
  /** What the next requests get instead of an answer: a function each. */
  refusals = [];

  async get(url, headers) {
    return this.#answer("GET", url, undefined, headers);
  }

  async post(url, body, headers) {
    return this.#answer("POST", url, body, headers);
  }

  #answer(method, url, body, headers) {
    this.calls.push({ method, url, body, headers });
    const refusal = this.refusals.shift();
    if (refusal) return refusal();
    const [, code, call = "room"] = new URL(url).pathname.split("/").slice(1);
    if (!code) return this.#create(body);
    const room = this.rooms.get(code);
    if (!room) throw { status: 404, body: { error: { code: "not_found" } } };
    return this.#inRoom(room, call, body, headers["X-Access-Token"]);
  }

  #create({ hostUserName }) {
    const code = `ROOM${String(this.rooms.size).padStart(4, "0")}`;
    const expiresAt = Date.now() + 180_000;
    this.rooms.set(code, { status: "open", offer: null, answer: null, expiresAt, candidates: { host: [], guest: [] } });
    return { code, joinCode: "123456", ownerToken: `host-${hostUserName}`, expiresAt };
  }

  #inRoom(room, call, body, token) {
    const host = token?.startsWith("host");
    switch (call) {
      case "join":
        if (body.joinCode !== "123456") throw { status: 403, body: '{"error":{"code":"bad_join_code"}}' };
        room.status = "joined";
        return { guestToken: `guest-${body.guestUserName}`, expiresAt: room.expiresAt };
      case "offer":
        room.offer = body;
        return;
      case "answer":
        room.answer = body;
        room.status = "paired";
        return;
      case "candidate":
        room.candidates[host ? "host" : "guest"].push(body);
        return;
      case "candidates":
        return { items: room.candidates[host ? "guest" : "host"], mode: "full" };
      case "public":
        return { status: "open", expiresAt: room.expiresAt, hostUserName: "Host" };
      case "close":
        room.status = "closed";
        return;
      default: {
        const { status, offer, answer, expiresAt } = room;
        return { status, offer, answer, updatedAt: Date.now(), expiresAt };
      }
    }
  }
}

const SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP x\r\n";

/** A data channel that is no EventTarget, and calls back from inside its methods. */
class FakeChannel {
  label = "fake";
  readyState = "connecting";
  bufferedAmount = 0;
  sent = [];
  send(text) {
    this.sent.push(text);
  }
  open() {
    this.readyState = "open";
    this.onopen?.({});
  }
  close() {
    this.readyState = "closed";
    this.onclose?.({});
  }
}

/** An IWebRTCManager that is connected as soon as it has the other side's description. */
export class FakeWebRTC {
  log = [];
  channel = new FakeChannel();
  connection = { closed: 0, close: () => void this.connection.closed++ };

  createPeerConnection(iceServers, policy) {
    this.log.push(["createPeerConnection", iceServers, policy]);
    return this.connection;
  }
  async createOffer() {
    return { type: "offer", sdp: SDP };
  }
  async createAnswer(offer) {
    this.log.push(["createAnswer", offer]);
    return { type: "answer", sdp: SDP };
  }
  async setLocalDescription() {
    this.candidate({ candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host", sdpMid: "0", sdpMLineIndex: 0 });
    this.candidate(null);
  }
  async setRemoteDescription() {
    this.state("connected");
    this.channel.open();
  }
  async addIceCandidate(candidate) {
    this.log.push(["addIceCandidate", candidate]);
  }
  createDataChannel(label) {
    this.channel.label = label;
    return this.channel;
  }
  onIceCandidate(callback) {
    this.candidate = callback;
  }
  onConnectionStateChange(callback) {
    this.state = callback;
    callback("connecting");
  }
  onDataChannel(callback) {
    this.announce = callback;
  }
}

/** An IStateManager with all its methods, or with only the two that a client needs. */
export function fakeState(complete) {
  const state = { value: "idle", log: [], getState: () => state.value };
  state.setState = (value) => {
    state.log.push(value);
    state.value = value;
  };
  if (complete) {
    state.setRoomInfo = (room) => state.log.push(`room ${room.code}`);
    state.setPeerConnection = (connection) => state.log.push(`connection ${connection.constructor.name}`);
    state.setDataChannel = (channel) => state.log.push(`channel ${channel.label}`);
    state.reset = () => {
      state.log.push("reset");
      state.value = "idle";
    };
  }
  return state;
}

/** Collects what console.error is called with until `restore`. */
export function spyOnConsole() {
  const real = console.error;
  const spy = { said: [], restore: () => void (console.error = real) };
  console.error = (...words) => spy.said.push(words.map(String).join(" "));
  return spy;
}

/** What `act` throws, or undefined. */
export function thrownBy(act) {
  try {
    act();
  } catch (thrown) {
    return thrown;
  }
}
