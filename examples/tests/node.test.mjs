import assert from "node:assert/strict";
import { test } from "node:test";

import { WebRTCRegistryClient, World } from "webrtc-registry-client/testing";

test("a guest with a wrong join code is turned away", async () => {
  const world = new World();
  const config = { registryApiUrl: "https://registry.test", iceServers: [] };
  const [host, guest] = [new WebRTCRegistryClient(config), new WebRTCRegistryClient(config)];
  const room = await world.settle(host.createRoom("Ann"));
  await assert.rejects(world.settle(guest.joinRoom(room, "000000", "Eve")), { kind: "api", status: 403 });
  assert.equal(guest.getConnectionState(), "error");
});

test("a host that nobody joins is told when the room has expired", async () => {
  const world = new World();
  const host = new WebRTCRegistryClient({ registryApiUrl: "https://registry.test", iceServers: [] });
  await world.settle(host.createRoom("Ann"));
  await assert.rejects(world.settle(host.startConnection()), { code: "room_expired" });
  assert.equal(world.roomCount(), 0);
});
