/** The world for tests, and what applications do in it. Run by Node's own runner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RegistryClient, WebRTCRegistryClient, World } from 'webrtc-registry-client/testing';

const config = { registryApiUrl: 'https://registry.test', iceServers: [] };
const client = (more) => new WebRTCRegistryClient({ ...config, ...more });

/** Two connected clients. */
async function connected(world, ofHost, ofGuest) {
  const [host, guest] = [client(ofHost), client(ofGuest)];
  const room = await world.settle(host.createRoom('Ann'));
  await world.settle(guest.joinRoom(room, host.getRoomInfo().joinCode, 'Bob'));
  await world.settle(Promise.all([host.startConnection(), guest.startConnection()]));
  return [host, guest];
}

test('no time passes while somebody has something to do', async () => {
  const world = new World();
  const parts = [
    { registryClient: new RegistryClient(config) },
    { iceServers: async () => (await Promise.resolve(), [{ urls: 'stun:stun.example.com' }]) },
  ];
  for (const part of parts) {
    const host = client(part);
    await world.settle(host.createRoom('Ann'));
    assert.equal(world.elapsedMs(), 0);
    host.dispose();
  }
  const [host, guest] = await connected(world, ...parts);
  assert.ok(world.elapsedMs() < 5_000, String(world.elapsedMs()));
  assert.deepEqual([host, guest].map((one) => one.getConnectionState()), ['connected', 'connected']);
});

test('what a part of the application rejects with is what the client rejects with', async () => {
  const world = new World();
  const down = async () => {
    throw new TypeError('down');
  };
  const calls = ['getPublicRoomInfo', 'joinRoom', 'postOffer', 'postAnswer', 'postCandidate', 'getRoom', 'getCandidates', 'closeRoom'];
  const registryClient = { createRoom: down, ...Object.fromEntries(calls.map((name) => [name, down])) };
  await assert.rejects(world.settle(client({ registryClient }).createRoom('Ann')), { kind: 'network' });
  const host = client({ iceServers: down });
  await world.settle(host.createRoom('Ann'));
  await assert.rejects(world.settle(host.startConnection()), { code: 'no_ice_servers' });
  assert.ok(!JSON.stringify(host.getTrace()).includes('down'));
});

test('closing and then disposing leaves no room', async () => {
  const world = new World();
  const [host] = await connected(world);
  const closed = host.closeRoom();
  host.dispose();
  host.dispose();
  await world.settle(closed);
  assert.equal(world.roomCount(), 0);
});

test('a promise that is not settled says why, and time is where it was let go', async () => {
  const world = new World();
  const host = client();
  await world.settle(host.createRoom('Ann'));
  const started = host.startConnection();
  await assert.rejects(world.settle(started, 1_000), { code: 'not_settled', message: /1000 ms have passed/ });
  assert.equal(world.elapsedMs(), 1_000);
  started.catch(() => {});
  await world.settle(host.closeRoom());
  await assert.rejects(world.settle(new Promise(() => {})), { code: 'not_settled', message: /nothing will happen any more/ });
  for (const ms of [NaN, -5, Infinity]) await assert.rejects(world.advance(ms), { code: 'bad_argument' });
});

test('listeners may do what they like while time passes', async () => {
  const world = new World();
  const host = client();
  const seen = [];
  host.onStateChange((state) => {
    seen.push(state, world.elapsedMs(), world.roomCount());
    client().dispose();
    if (state === 'created') host.dispose();
  });
  await assert.rejects(world.settle(Promise.all([host.createRoom('Ann'), world.advance(10)])));
  await world.advance(60_000);
  assert.ok(seen.includes('created'));
  assert.equal(world.roomCount(), 0);
});

test('timers of the test’s own do not matter', async () => {
  const { queueMicrotask, setImmediate } = globalThis;
  const nothing = () => {
    throw new Error('it is faked');
  };
  Object.assign(globalThis, { queueMicrotask: nothing, setImmediate: nothing });
  try {
    const world = new World();
    assert.match(await world.settle(client().createRoom('Ann')), /^[A-Z0-9]{8}$/);
    world.free();
    world.free();
  } finally {
    Object.assign(globalThis, { queueMicrotask, setImmediate });
  }
});
