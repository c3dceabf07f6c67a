/**
 * A peer that implements only the specification: a plain `RTCPeerConnection` and the Registry's base contract by
 * polling. It shares no code with our client, and logs everything that its connection reports.
 */
import type { Page } from '@playwright/test';

import type { Invitation } from '../pages/harness-page.ts';

/** What a plain peer observes, in order: messages as received, everything else by name. */
export type PlainNote = { message: unknown } | { event: string };

interface InPage {
  create(name: string): Promise<Invitation>;
  join(invitation: Invitation, name: string): Promise<void>;
  /** Starts the handshake; resolves when the data channel is open. */
  connect(): Promise<void>;
  send(value: unknown): void;
  close(): void;
  channel(): RTCDataChannel | undefined;
  notes: PlainNote[];
}

declare global {
  interface Window {
    plain: InPage;
  }
}

/** Runs in the page, so it cannot use anything else in this file. */
function install(): void {
  const notes: PlainNote[] = [];
  const connection = new RTCPeerConnection({ iceServers: [] });
  let [path, token, isHost] = ['', '', false];
  let channel: RTCDataChannel | undefined;

  async function call(method: string, where: string, body?: unknown): Promise<any> {
    const headers: Record<string, string> = { 'X-Registry-Version': '1', 'Content-Type': 'application/json' };
    if (token) headers['X-Access-Token'] = token;
    const response = await fetch(where, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${method} ${where} answered ${response.status}`);
    return response.status === 204 ? undefined : response.json();
  }

  /** Polls until there is a result. */
  async function poll<T>(ask: () => Promise<T | null | undefined>): Promise<T> {
    for (;;) {
      const found = await ask();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  const room = () => call('GET', path);

  function watch(it: RTCDataChannel): Promise<void> {
    channel = it;
    it.onmessage = ({ data }) => notes.push({ message: JSON.parse(data as string) });
    it.onerror = () => notes.push({ event: 'error' });
    it.onclose = () => notes.push({ event: 'close' });
    return new Promise((resolve) => {
      const opened = () => {
        notes.push({ event: `open ${it.label}` });
        resolve();
      };
      if (it.readyState === 'open') opened();
      else it.onopen = opened;
    });
  }

  async function postCandidate(candidate: RTCIceCandidate): Promise<void> {
    await call('POST', `${path}/candidate`, {
      candidate: candidate.candidate,
      ...(candidate.sdpMid === null ? {} : { sdpMid: candidate.sdpMid }),
      ...(candidate.sdpMLineIndex === null ? {} : { sdpMLineIndex: candidate.sdpMLineIndex }),
    });
  }

  async function takeCandidates(isOpen: () => boolean): Promise<void> {
    let taken = 0;
    await poll(async () => {
      const { items } = await call('GET', `${path}/candidates`);
      for (const item of items.slice(taken)) await connection.addIceCandidate(item);
      taken = items.length;
      return isOpen();
    });
  }

  async function connect(): Promise<void> {
    const gathered: RTCIceCandidate[] = [];
    let post = (candidate: RTCIceCandidate) => void gathered.push(candidate);
    connection.onicecandidate = ({ candidate }) => candidate && candidate.candidate && post(candidate);
    connection.ontrack = () => notes.push({ event: 'track' });
    let opened = new Promise<void>((resolve) => {
      connection.ondatachannel = ({ channel }) => {
        notes.push({ event: 'datachannel' });
        void watch(channel).then(resolve);
      };
    });
    if (isHost) opened = watch(connection.createDataChannel('registry'));
    else await connection.setRemoteDescription(await poll(async () => (await room()).offer));
    await connection.setLocalDescription();
    await call('POST', `${path}/${isHost ? 'offer' : 'answer'}`, connection.localDescription!.toJSON());
    // From now on the Registry accepts candidates.
    post = (candidate) => void postCandidate(candidate);
    gathered.forEach(post);
    if (isHost) await connection.setRemoteDescription(await poll(async () => (await room()).answer));
    let isOpen = false;
    await Promise.all([opened.then(() => (isOpen = true)), takeCandidates(() => isOpen)]);
  }

  window.plain = {
    notes,
    connect,
    async create(hostUserName) {
      const made = await call('POST', '/rooms', { hostUserName });
      [path, token, isHost] = [`/rooms/${made.code}`, made.ownerToken, true];
      return { roomCode: made.code, joinCode: made.joinCode };
    },
    async join({ roomCode, joinCode }, guestUserName) {
      path = `/rooms/${roomCode}`;
      token = (await call('POST', `${path}/join`, { joinCode, guestUserName })).guestToken;
    },
    send: (value) => channel!.send(JSON.stringify(value)),
    close: () => connection.close(),
    channel: () => channel,
  };
}

export class PlainPeer {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Creates a plain peer in an empty page on the Registry's own origin. */
  static async open(page: Page, registry: string): Promise<PlainPeer> {
    const address = `${registry}/plain`;
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto(address);
    return PlainPeer.install(page);
  }

  /** Creates a plain peer in a page that is loaded from the Registry's own origin. */
  static async install(page: Page): Promise<PlainPeer> {
    await page.evaluate(install);
    return new PlainPeer(page);
  }

  create = (name = 'Plain') => this.#page.evaluate((name) => window.plain.create(name), name);
  join = (invitation: Invitation, name = 'Plain') =>
    this.#page.evaluate(([invitation, name]) => window.plain.join(invitation, name), [invitation, name] as const);
  connect = () => this.#page.evaluate(() => window.plain.connect());
  send = (value: unknown) => this.#page.evaluate((value) => window.plain.send(value), value);
  notes = () => this.#page.evaluate(() => window.plain.notes);
  close = () => this.#page.evaluate(() => window.plain.close());
}
