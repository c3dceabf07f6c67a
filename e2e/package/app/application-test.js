/** An application's test of what it does with the client: the Registry is its own, so nothing leaves the process. */
import { init, WebRTCRegistryClient } from "webrtc-registry-client";

const room = { code: "ABCD2345", ownerToken: "t".repeat(43), joinCode: "123456" };

const httpClient = {
  get: () => Promise.reject({ status: 404, body: "" }),
  post: async (url) => (url.endsWith("/rooms") ? { ...room, expiresAt: Date.now() + 180_000 } : undefined),
};

test("the application makes a room, and closes it", async () => {
  await init();
  const client = new WebRTCRegistryClient({ registryApiUrl: "http://registry.example", iceServers: [], httpClient });
  const states = [];
  client.onStateChange((state) => states.push(state));
  expect(await client.createRoom("Host")).toBe("ABCD2345");
  await client.closeRoom();
  expect(states).toEqual(["creating", "created", "idle"]);
});
